"""%mxgw watch"""

from __future__ import annotations

from weakref import WeakSet

from mxgw_notebook.gateway import Gateway, Watch, current, list_named
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.commands import filters
from mxgw_notebook.magics.running import Running
from mxgw_notebook.magics.settings import chosen
from mxgw_notebook.magics.words import listed

# Those of which it was said that a restart forgets their values.
TOLD: WeakSet[Gateway] = WeakSet()
WATCHES: Running[Watch] = Running()
NONE = "none"


def configure(parser: Parser) -> None:
    """The tags."""
    filters.of_tags(parser)
    parser.add_argument("--table", action="store_true", help="a table of values instead of a trend")
    parser.add_argument(
        "--window", metavar="TIME", help=f"the time that the trend shows first; default: {chosen().window}"
    )
    parser.add_argument(
        "--overlay", metavar="TIME", help="an earlier period beside the present, e.g. 1d; none takes it away"
    )
    parser.add_argument(
        "--buffered",
        metavar="TIME",
        help="receive values in batches at this interval, with every value, e.g. 500ms",
    )


def run(arguments: Arguments) -> Watch:
    """A live trend or table; it goes on while other cells run. Tags that failed are named.

    The same words again give the same watch, until that is stopped.
    """
    named, others = listed(arguments.tags), filters.tags_given(arguments)
    gateway = current()
    # Of a list in a file the words say nothing: what it lists may have changed since.
    saved = list_named(named)
    window = arguments.window or (saved and saved.window) or chosen().window
    asked = repr((named, others, arguments.buffered, arguments.table, window, saved))
    watch = WATCHES.find(gateway, asked)
    if watch is None:
        watch = gateway.watch(*named, **others, buffered=arguments.buffered, window=window)
        WATCHES.keep(gateway, asked, watch)
    tell(gateway, watch)
    if arguments.table:
        watch.show_table()
    if arguments.overlay:
        watch.overlay(None if arguments.overlay == NONE else arguments.overlay)
    return watch


def tell(gateway: Gateway, watch: Watch) -> None:
    """Names the tags that failed, and once what a restart of the kernel would lose."""
    for tag, reason in watch.failures.items():
        print(f"Not watched yet: {tag}: {reason}")  # noqa: T201  a command's answer
    # What a replay shows stands in its recording.
    if gateway.flight_status == "off" and gateway not in TOLD and gateway.replay is None:
        TOLD.add(gateway)
        print("A restart of the kernel forgets these values; %mxgw flight on keeps them.")  # noqa: T201


COMMAND = Command(
    name="watch",
    summary="Show a live trend of tags, or a live table.",
    example="levels = %mxgw watch Tank001.Level Tank002.Level",
    run=run,
    configure=configure,
    completes=("tags", "tag"),
    takes_tags=True,
    dashed="overlay",
)
