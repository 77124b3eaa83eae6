"""%mxgw alarms"""

from __future__ import annotations

import argparse

from mxgw_notebook.gateway import AlarmReview, current
from mxgw_notebook.magics.command import Arguments, Command


def configure(parser: argparse.ArgumentParser) -> None:
    """Which alarms, and who acknowledges."""
    parser.add_argument("prefix", nargs="?", default="", help="only references that begin with this")
    parser.add_argument("--operator", help="the name that acknowledgements carry; your own unless told")


def run(arguments: Arguments) -> AlarmReview:
    """A live table; it goes on while other cells run."""
    return current().alarms(arguments.prefix, operator=arguments.operator)


COMMAND = Command(
    name="alarms",
    summary="A live table of alarms, with acknowledging; returns at once.",
    example="alarms = %mxgw alarms\n  alarms.frame()",
    run=run,
    configure=configure,
)
