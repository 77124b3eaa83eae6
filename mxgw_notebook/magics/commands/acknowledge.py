"""%mxgw acknowledge"""

from __future__ import annotations

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.settings import chosen
from mxgw_notebook.magics.words import listed, one_or_many


def configure(parser: Parser) -> None:
    """Which alarms, with what words."""
    parser.add_argument(
        "references",
        nargs="+",
        metavar="REFERENCE",
        help="references, or globs for active alarms",
        meant=one_or_many,
    )
    parser.add_argument("--comment", default="", help="the comment on the alarm's record")
    seconds = chosen().confirm_timeout
    parser.add_argument("--operator", help="default: your own name, or as %%config says")
    parser.add_argument(
        "--timeout", type=float, default=seconds, metavar="SECONDS", help=f"default: {seconds:g}"
    )


def run(arguments: Arguments) -> pd.DataFrame:
    """One row an alarm with the result."""
    return current().acknowledge(
        *listed(arguments.references),
        comment=arguments.comment,
        operator=arguments.operator or chosen().operator or None,
        timeout=arguments.timeout,
    )


COMMAND = Command(
    name="acknowledge",
    summary="Acknowledge alarms by reference or glob.",
    example='%mxgw acknowledge *Tank005* --comment "seen, valve stuck"',
    run=run,
    configure=configure,
    completes=("alarm",),
)
