"""%mxgw read"""

from __future__ import annotations

import argparse

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command


def configure(parser: argparse.ArgumentParser) -> None:
    """Tags, and how long to wait for them."""
    parser.add_argument("tags", nargs="*", metavar="TAG", help="tags such as Pump001.Speed")
    parser.add_argument("--timeout", type=float, default=5.0, metavar="SECONDS", help="5 unless told")


def run(arguments: Arguments) -> pd.DataFrame:
    """The present values."""
    return current().read(arguments.tags, timeout=arguments.timeout)


COMMAND = Command(
    name="read",
    summary="The present values of tags, as a DataFrame.",
    example="%mxgw read Pump001.Speed Tank001.Level",
    run=run,
    configure=configure,
    completes=("tag",),
    takes_tags=True,
)
