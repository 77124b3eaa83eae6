"""%mxgw read"""

from __future__ import annotations

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.commands import filters
from mxgw_notebook.magics.settings import chosen
from mxgw_notebook.magics.words import listed


def configure(parser: Parser) -> None:
    """Tags, and how long to wait for them."""
    filters.of_tags(parser)
    seconds = chosen().read_timeout
    parser.add_argument(
        "--timeout", type=float, default=seconds, metavar="SECONDS", help=f"default: {seconds:g}"
    )


def run(arguments: Arguments) -> pd.DataFrame:
    """The present values."""
    return current().read(*listed(arguments.tags), **filters.tags_given(arguments), timeout=arguments.timeout)


COMMAND = Command(
    name="read",
    summary="The present values of tags, as a DataFrame.",
    example="%mxgw read Pump001.Speed Tank001.Level",
    run=run,
    configure=configure,
    completes=("tags", "tag"),
    takes_tags=True,
)
