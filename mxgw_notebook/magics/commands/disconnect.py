"""%mxgw disconnect"""

from __future__ import annotations

import argparse

from mxgw_notebook.gateway import connections, disconnect
from mxgw_notebook.magics.command import Arguments, Command


def configure(parser: argparse.ArgumentParser) -> None:
    """Which one."""
    parser.add_argument("plant", nargs="?", help="a plant by its name in mxgw.toml; else the current gateway")


def run(arguments: Arguments) -> None:
    """Ends every watch and session, and says of what."""
    before = list(connections()["plant"])
    disconnect(arguments.plant)
    left = list(connections()["plant"])
    print(told([plant for plant in before if plant not in left], left))  # noqa: T201  a command's answer


def told(gone: list[str], left: list[str]) -> str:
    """What was closed, and what was not."""
    ended = [f"Disconnected from {plant}: every watch, stream and session has ended." for plant in gone]
    others = [f"Still connected: {', '.join(left)}."] if left else []
    return " ".join([*(ended or ["Nothing was closed."]), *others])


COMMAND = Command(
    name="disconnect",
    summary="Close the gateway: every watch, stream and session ends.",
    example="%mxgw disconnect",
    run=run,
    configure=configure,
    completes=("connected", ""),
)
