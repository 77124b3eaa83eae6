"""%mxgw acknowledge"""

from __future__ import annotations

import argparse

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command


def configure(parser: argparse.ArgumentParser) -> None:
    """Which alarms, with what words."""
    parser.add_argument(
        "references", nargs="+", metavar="REFERENCE", help="references, or globs over active alarms"
    )
    parser.add_argument("--comment", default="", help="what the alarm's record will say")
    parser.add_argument("--operator", help="your own name unless told")


def run(arguments: Arguments) -> pd.DataFrame:
    """One row an alarm with the result."""
    return current().acknowledge(
        *arguments.references, comment=arguments.comment, operator=arguments.operator
    )


COMMAND = Command(
    name="acknowledge",
    summary="Acknowledge alarms by reference or glob.",
    example='%mxgw acknowledge *Tank001* --comment "seen, valve stuck"',
    run=run,
    configure=configure,
)
