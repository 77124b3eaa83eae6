"""%mxgw arm"""

from __future__ import annotations

import pandas as pd

from mxgw_notebook.frames import stretch
from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.settings import chosen
from mxgw_notebook.magics.words import as_it_stands


def configure(parser: Parser) -> None:
    """Why, how long, which tags."""
    parser.add_argument("--reason", required=True, metavar="TEXT", help="the reason; the audit shows it")
    span = chosen().arm_for
    parser.add_argument(
        "--for", dest="span", default=span, metavar="TIME", help=f"default: {span}; at most one day"
    )
    parser.add_argument(
        "--tags",
        nargs="+",
        default=[],
        metavar="GLOB",
        help="only these tags, e.g. FIC*.SP",
        meant=as_it_stands,
    )


def run(arguments: Arguments) -> None:
    """Arms, and says which plant."""
    gateway = current()
    minutes = stretch(arguments.span) / pd.Timedelta(minutes=1)
    arming = gateway.arm(arguments.reason, minutes=minutes, tags=arguments.tags)
    only = f" for {', '.join(arming.tags)} alone" if arming.tags else ""
    until = pd.Timestamp.now() + pd.Timedelta(minutes=minutes)
    print(f"{gateway.plant} is armed{only} until {until:%H:%M:%S}: {arming.reason}")  # noqa: T201


COMMAND = Command(
    name="arm",
    summary="Allow writes and acknowledges, with a reason and for a limited time.",
    example='%mxgw arm --reason "tuning FIC101" --for 10m --tags FIC*.SP',
    run=run,
    configure=configure,
)
