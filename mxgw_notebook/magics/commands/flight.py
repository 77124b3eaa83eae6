"""%mxgw flight"""

from __future__ import annotations

import pandas as pd

from mxgw_notebook.gateway import current, flights
from mxgw_notebook.magics.command import Arguments, Command, Parser


def configure(parser: Parser) -> None:
    """On, off, or what there is."""
    parser.add_argument(
        "switch", nargs="?", choices=["on", "off"], help="without on or off: list what is kept"
    )


def run(arguments: Arguments) -> pd.DataFrame | None:
    """Switches the flight recorder of the current plant, or lists what all have kept."""
    if arguments.switch is None:
        return flights()
    gateway = current()
    gateway.flight(arguments.switch == "on")
    print(f"Flight recorder: {gateway.flight_status}")  # noqa: T201  a command's answer
    return None


COMMAND = Command(
    name="flight",
    summary="Keep watched values for the next kernel: on, off; or list what is kept.",
    example="%mxgw flight on",
    run=run,
    configure=configure,
)
