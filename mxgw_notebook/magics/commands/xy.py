"""%mxgw xy"""

from __future__ import annotations

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import XY, current
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.commands.watch import WATCHES, tell
from mxgw_notebook.magics.running import Running
from mxgw_notebook.magics.settings import chosen
from mxgw_notebook.magics.words import listed, tags

VIEWS: Running[XY] = Running()


def configure(parser: Parser) -> None:
    """The two tags."""
    parser.add_argument(
        "tags",
        nargs="+",
        metavar="TAG",
        help="the tag to the right, and the one upwards",
        meant=tags,
    )
    parser.add_argument(
        "--window", metavar="TIME", help=f"how far back points are shown; default: {chosen().window}"
    )


def run(arguments: Arguments) -> XY:
    """A live view of one tag over another. The same words again give the same view."""
    gateway = current()
    names, window = listed(arguments.tags), arguments.window or chosen().window
    if len(names) != len(("x", "y")):
        hint = "Write e.g. %mxgw xy Tank001.Level Pump001.Speed."
        raise ConfigurationError(f"An XY view is of two tags, not {len(names)}", hint=hint)
    x, y = names
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
