"""%mxgw objects"""

from __future__ import annotations

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.commands import filters
from mxgw_notebook.magics.words import as_it_stands


def configure(parser: Parser) -> None:
    """Filters; all given ones have to fit."""
    parser.add_argument("pattern", nargs="*", help=filters.PATTERN, meant=as_it_stands)
    filters.add_object_filters(parser)
    parser.add_argument("--category", help="the category, e.g. Area", meant=as_it_stands)


def run(arguments: Arguments) -> pd.DataFrame:
    """The objects that fit."""
    return current().objects(" ".join(arguments.pattern) or None, **filters.given(arguments, "pattern"))


COMMAND = Command(
    name="objects",
    summary="The objects of the galaxy, as a DataFrame.",
    example="%mxgw objects *Pump* --area Utilities",
    run=run,
    configure=configure,
    completes=("object",),
)
