"""%mxgw attributes"""

from __future__ import annotations

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.commands import filters
from mxgw_notebook.magics.words import as_it_stands


def configure(parser: Parser) -> None:
    """Filters; all given ones have to fit."""
    parser.add_argument("pattern", nargs="*", help=filters.PATTERN, meant=as_it_stands)
    filters.add_attribute_filters(parser)


def run(arguments: Arguments) -> pd.DataFrame:
    """The attributes that fit."""
    chosen = filters.given(arguments, "pattern")
    return current().attributes(" ".join(arguments.pattern) or None, **chosen)


COMMAND = Command(
    name="attributes",
    summary="The attributes of the galaxy, as a DataFrame.",
    example="%mxgw attributes Tank001.* --historized",
    run=run,
    configure=configure,
    completes=("tag",),
)
