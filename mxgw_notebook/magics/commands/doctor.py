"""%mxgw doctor"""

from __future__ import annotations

import argparse

import pandas as pd

from mxgw_notebook.gateway import doctor
from mxgw_notebook.magics.command import Arguments, Command
from mxgw_notebook.magics.commands.connect import configure_way, settings_of_way


def configure(parser: argparse.ArgumentParser) -> None:
    """Which gateway, where it is not the one that is connected."""
    parser.add_argument(
        "endpoint", nargs="?", help="a plant of mxgw.toml, or host:port; default: the connected gateway"
    )
    configure_way(parser)
    parser.add_argument(
        "--report", action="store_true", help="print a text for an error report, without keys and names"
    )


def run(arguments: Arguments) -> pd.DataFrame | None:
    """One row a check, or the text."""
    findings = doctor(arguments.endpoint, **settings_of_way(arguments))
    if arguments.report:
        print(findings.attrs["report"])  # noqa: T201  a command's answer
        return None
    return findings


COMMAND = Command(
    name="doctor",
    summary="Check this computer, the way to the gateway and the key, and say what to do.",
    example="%mxgw doctor\n  %mxgw doctor plant.example:5001 --ca-file gateway.pem --report",
    run=run,
    configure=configure,
    completes=("endpoint", ""),
)
