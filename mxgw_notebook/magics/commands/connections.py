"""%mxgw connections"""

from __future__ import annotations

import argparse

import pandas as pd

from mxgw_notebook.gateway import connections, use
from mxgw_notebook.magics.command import Arguments, Command


def configure(parser: argparse.ArgumentParser) -> None:
    """Which one is to be current."""
    parser.add_argument("plant", nargs="?", help="the plant that is to be current, by its name in mxgw.toml")


def run(arguments: Arguments) -> pd.DataFrame:
    """One row a gateway that is connected, the current one marked."""
    if arguments.plant is not None:
        use(arguments.plant)
    return connections()


COMMAND = Command(
    name="connections",
    summary="The plants that are connected; with a name, make that one current.",
    example="%mxgw connections",
    run=run,
    configure=configure,
    completes=("connected", ""),
)
