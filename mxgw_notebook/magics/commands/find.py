"""%mxgw find"""

from __future__ import annotations

import pandas as pd

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.commands import filters
from mxgw_notebook.magics.words import as_it_stands


def configure(parser: Parser) -> None:
    """The pattern and filters."""
    parser.add_argument("pattern", nargs="*", help=filters.PATTERN, meant=as_it_stands)
    filters.add_attribute_filters(parser)


def run(arguments: Arguments) -> pd.DataFrame:
    """The attributes that fit, the likeliest first."""
    chosen = filters.given(arguments, "pattern")
    if not arguments.pattern and all(wanted is None for wanted in chosen.values()):
        message = "%mxgw find: the following arguments are required: pattern, or a filter such as --area"
        raise ConfigurationError(message, hint="See %mxgw help find.")
    return current().find(" ".join(arguments.pattern) if arguments.pattern else None, **chosen)


COMMAND = Command(
    name="find",
    summary="Find tags by a glob, by words or /regex/, as a DataFrame.",
    example="pumps = %mxgw find *Pump*.Speed\n  %mxgw find level --template $gVessel --historized",
    run=run,
    configure=configure,
    completes=("tag",),
)
