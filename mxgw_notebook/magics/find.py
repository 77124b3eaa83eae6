"""%mxgw find"""

from __future__ import annotations

import argparse

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command


def configure(parser: argparse.ArgumentParser) -> None:
    """The pattern."""
    parser.add_argument("pattern", nargs="+", help="glob (* and ?) over tags, or words that all occur")


def run(arguments: Arguments) -> pd.DataFrame:
    """The attributes whose tag fits."""
    return current().find(" ".join(arguments.pattern))


COMMAND = Command(
    name="find",
    summary="Find tags by a glob or by words, as a DataFrame.",
    example="pumps = %mxgw find *Pump*.Speed",
    run=run,
    configure=configure,
)
