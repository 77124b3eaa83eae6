"""%mxgw impact"""

from __future__ import annotations

from typing import Any

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command, Parser


def configure(parser: Parser) -> None:
    """Since when, and how long a time is compared."""
    parser.add_argument("before", metavar="BEFORE.parquet", help="a snapshot from before the deploy")
    parser.add_argument(
        "--at",
        dest="deployed",
        metavar="TIME",
        help="when it was deployed, or -10m; default: the last deploy",
    )
    parser.add_argument("--save", metavar="FILE.html", help="also write a page with each finding's trend")
    parser.add_argument("--window", default="30min", help="time before and after; default: 30min")


def run(arguments: Arguments) -> pd.DataFrame:
    """What behaves differently after a deploy, the worst first."""
    asked: dict[str, Any] = {"deployed": arguments.deployed, "window": arguments.window}
    if arguments.save:
        current().impact_page(arguments.before, **asked).save(arguments.save)
    return current().impact(arguments.before, **asked)


COMMAND = Command(
    name="impact",
    summary="What behaves differently after a deploy, the worst first, as a DataFrame.",
    example="%mxgw impact before.parquet",
    run=run,
    configure=configure,
    completes=("file", ""),
    dashed="deployed",
)
