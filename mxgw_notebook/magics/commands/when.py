"""%mxgw when, %%mxgw when"""

from __future__ import annotations

import argparse

from IPython import get_ipython

from mxgw_notebook.gateway import EventWatch, current
from mxgw_notebook.magics.command import Arguments, Command
from mxgw_notebook.magics.commands.cell_body import CellBody


def configure(parser: argparse.ArgumentParser) -> None:
    """The condition, and what belongs to an event."""
    parser.add_argument("condition", nargs="+", metavar="WORD", help="e.g. Tank001.Level > 80 for 5s")
    parser.add_argument(
        "--before", default="10s", metavar="TIME", help="kept before an event; 10s unless told"
    )
    parser.add_argument("--after", default="10s", metavar="TIME", help="kept after it; 10s unless told")
    parser.add_argument("--as", dest="name", metavar="NAME", help="variable that gets the watch of events")


def run(arguments: Arguments) -> EventWatch:
    """Watches for the condition; returns at once. The body runs each time, with `event` and `events`.

    Tags that failed are named.
    """
    shell = get_ipython()
    body = getattr(arguments, "body", None)
    act = CellBody(shell, body) if body and body.strip() else None
    events = current().when(
        " ".join(arguments.condition),
        before=arguments.before,
        after=arguments.after,
        act=act,
    )
    for tag, reason in events.failures.items():
        print(f"Unknown until it comes: {tag}: {reason}")  # noqa: T201  a command's answer
    if arguments.name:
        shell.user_ns[arguments.name] = events
    return events


COMMAND = Command(
    name="when",
    summary="Collect the times that a condition on tags held; run the cell each time it comes true.",
    example="%%mxgw when Tank001.Level > 80 for 5s --as hot\n  print(event.number, events.frame())",
    run=run,
    configure=configure,
    takes_body=True,
    completes=("tag",),
)
