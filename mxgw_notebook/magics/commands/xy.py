"""%mxgw xy"""

from __future__ import annotations

from mxgw_notebook.gateway import XY, current
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.commands.watch import WATCHES, tell
from mxgw_notebook.magics.running import Running
from mxgw_notebook.magics.settings import chosen

VIEWS: Running[XY] = Running()


def configure(parser: Parser) -> None:
    """The two tags."""
    parser.add_argument("x", metavar="X", help="the tag of the axis that goes right")
    parser.add_argument("y", metavar="Y", help="the tag of the axis that goes up")
    parser.add_argument(
        "--window", metavar="TIME", help=f"how far back points are shown; default: {chosen().window}"
    )


def run(arguments: Arguments) -> XY:
    """A live view of one tag over another. The same words again give the same view."""
    gateway = current()
    x, y, window = arguments.x, arguments.y, arguments.window or chosen().window
    asked = repr((x, y, window))
    over = VIEWS.find(gateway, asked)
    if over is None:
        watch = gateway.watch(x, y, window=window)
        tell(gateway, watch)
        over = watch.xy(x, y)
        VIEWS.keep(gateway, asked, over)
        WATCHES.keep(gateway, asked, watch)
    return over


COMMAND = Command(
    name="xy",
    summary="Show one tag over another, live.",
    example="over = %mxgw xy Tank001.Level Pump001.Speed --window 10min",
    run=run,
    configure=configure,
    completes=("tag", "tag", ""),
)
