"""%mxgw diff"""

from __future__ import annotations

import argparse

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command


def configure(parser: argparse.ArgumentParser) -> None:
    """Two states of the galaxy."""
    parser.add_argument("before", metavar="BEFORE.parquet", help="a snapshot")
    parser.add_argument(
        "after", nargs="?", metavar="AFTER.parquet", help="another snapshot; default: the galaxy of now"
    )


def run(arguments: Arguments) -> pd.DataFrame:
    """What differs, one row a fact."""
    return current().diff(arguments.before, arguments.after)


COMMAND = Command(
    name="diff",
    summary="What was added, removed and changed since a snapshot, as a DataFrame.",
    example="%mxgw diff before.parquet",
    completes=("file", "file", ""),
    run=run,
    configure=configure,
)
