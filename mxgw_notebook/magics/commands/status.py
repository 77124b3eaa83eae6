"""%mxgw status"""

from __future__ import annotations

import argparse

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command


def configure(parser: argparse.ArgumentParser) -> None:
    """What is asked of."""
    parser.add_argument("--tags", action="store_true", help="one row for each watched tag")


def run(arguments: Arguments) -> pd.DataFrame:
    """How things stand, one row a fact, or one row a watched tag."""
    return current().tag_health() if arguments.tags else current().status()


COMMAND = Command(
    name="status",
    summary="The status of gateway, galaxy and live values, and what was lost.",
    example="%mxgw status\n  %mxgw status --tags",
    run=run,
    configure=configure,
)
