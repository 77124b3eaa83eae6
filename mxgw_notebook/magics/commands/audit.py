"""%mxgw audit"""

from __future__ import annotations

import argparse

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command

DEEDS = ("write", "acknowledge", "arm", "disarm", "plan", "rehearse")


def configure(parser: argparse.ArgumentParser) -> None:
    """Which deeds, and where further ones are written."""
    parser.add_argument("--deed", choices=DEEDS, help="only these")
    parser.add_argument(
        "--file", metavar="FILE", help="from now on also write each to this file of JSON lines"
    )


def run(arguments: Arguments) -> pd.DataFrame:
    """One row a deed."""
    trail = current().audit_trail(arguments.file)
    return trail if arguments.deed is None else trail[trail["deed"] == arguments.deed]


COMMAND = Command(
    name="audit",
    summary="All changes of the plant from here: who, what, why, and the outcome.",
    example="%mxgw audit --file audit.jsonl",
    run=run,
    configure=configure,
)
