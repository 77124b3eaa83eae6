"""%mxgw disconnect"""

from __future__ import annotations

import argparse

from mxgw_notebook.gateway import disconnect
from mxgw_notebook.magics.command import Arguments, Command


def configure(parser: argparse.ArgumentParser) -> None:
    """Which one."""
    parser.add_argument("plant", nargs="?", help="a plant by its name in mxgw.toml; else the current gateway")


def run(arguments: Arguments) -> None:
    """Ends every watch and session."""
    disconnect(arguments.plant)


COMMAND = Command(
    name="disconnect",
    summary="Close the gateway: every watch, stream and session ends.",
    example="%mxgw disconnect",
    run=run,
    configure=configure,
    completes=("connected", ""),
)
