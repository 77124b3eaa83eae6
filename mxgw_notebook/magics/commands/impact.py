"""%mxgw impact"""

from __future__ import annotations

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command, Parser


def configure(parser: Parser) -> None:
    """Since when, and how long a time is compared."""
    parser.add_argument("before", metavar="BEFORE.parquet", help="a snapshot of before the deploy")
    parser.add_argument(
        "--at",
        dest="deployed",
        metavar="TIME",
        help="when it was deployed, or -10m; default: the last deploy",
    )
    parser.add_argument("--window", default="30min", help="how long before and after; default: 30min")


def run(arguments: Arguments) -> pd.DataFrame:
    """What behaves otherwise since a deploy, the worst first."""
    return current().impact(arguments.before, deployed=arguments.deployed, window=arguments.window)


COMMAND = Command(
    name="impact",
    summary="What behaves otherwise since a deploy, the worst first, as a DataFrame.",
    example="%mxgw impact before.parquet",
    run=run,
    configure=configure,
    dashed="deployed",
)
