"""%mxgw notes"""

from __future__ import annotations

import argparse

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command


def configure(parser: argparse.ArgumentParser) -> None:
    """It takes nothing."""
    del parser


def run(arguments: Arguments) -> pd.DataFrame:
    """One row a note."""
    del arguments
    return current().notes()


COMMAND = Command(
    name="notes",
    summary="The notes of this plant, also those of recordings in use.",
    example="%mxgw notes",
    run=run,
    configure=configure,
)
