"""%mxgw note"""

from __future__ import annotations

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.words import listed, tags


def configure(parser: Parser) -> None:
    """What is noted, of when and of what."""
    parser.add_argument("text", nargs="+", metavar="TEXT", help="one line; the plant is told nothing of it")
    parser.add_argument("--at", metavar="TIME", help='-5min, 03:05 or "2026-05-04 03:05" (UTC); default: now')
    parser.add_argument(
        "--tags", nargs="+", default=[], metavar="TAG", help="what it is of; default: the plant", meant=tags
    )


def run(arguments: Arguments) -> None:
    """Keeps the note, and says where it stands."""
    gateway = current()
    gateway.note(" ".join(arguments.text), arguments.at, listed(arguments.tags) or None)
    print(f"Noted at {gateway.endpoint}: it stands on trends and in %mxgw notes.")  # noqa: T201


COMMAND = Command(
    name="note",
    summary="Note what happened, now or at a time: it stands on every trend.",
    example='%mxgw note "valve stuck" --at -1min --tags FIC101.PV',
    run=run,
    configure=configure,
    completes=("tag",),
    dashed="at",
)
