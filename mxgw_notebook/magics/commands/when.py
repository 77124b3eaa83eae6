"""%mxgw when, %%mxgw when

Why: DECISIONS.md, "`%%mxgw when` runs its body between cells".
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from IPython import get_ipython
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import EventWatch, current
from mxgw_notebook.live import ConditionEvent
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.running import Running
from mxgw_notebook.magics.settings import chosen
from mxgw_notebook.magics.words import condition

OUTPUTS_KEPT = 20
EVENTS: Running[EventWatch] = Running()


class CellBody:
    """Runs code in a notebook's namespace at each event, as what `gateway.when` takes for `act`.

    It is called from any thread and returns at once: the main thread is asked through its loop, so the code
    runs when no cell does, one at a time. What it prints appears below the cell that it came from, and is
    kept in the watch's `outputs`.

    Raises:
        ConfigurationError: The code is no Python, or nothing runs the main thread's loop between cells: this
            is no Jupyter kernel.
    """

    def __init__(self, shell: InteractiveShell, code: str) -> None:
        self.runs = 0
        self._shell = shell
        try:
            # A kernel runs cells within its loop; a plain IPython has none that would go on between them.
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            raise ConfigurationError(
                "A cell's body can be run on events in a Jupyter kernel only",
                hint="Use gateway.when(condition) and read its frame().",
            ) from None
        self._code = compiled(shell, code)
        self._handle: Any = None  # until the condition is known to be one
        self._printed: deque[str] = deque(maxlen=OUTPUTS_KEPT)
        self._shown: dict[str, str] | None = None

    def show_place(self) -> None:
        """Shows where the output of the events will stand."""
        self._handle = display({"text/plain": "No event yet."}, raw=True, display_id=True)

    def __call__(self, watch: EventWatch, event: ConditionEvent) -> None:
        """Runs the code soon, with `event` and `events` in the notebook's namespace."""
        self._loop.call_soon_threadsafe(self._run, watch, event)

    def _run(self, watch: EventWatch, event: ConditionEvent) -> None:
        self._shell.user_ns.update(event=event, events=watch)
        self.runs += 1
        with capture_output() as captured:
            failure = run_cell(lambda: exec(self._code, self._shell.user_ns))
        printed = captured.stdout + captured.stderr
        watch.keep_output(printed, failure)
        self._show(printed + failure, captured.outputs)

    def _show(self, text: str, outputs: list[Any]) -> None:
        """All that was printed so far, and what was displayed last."""
        self._printed.append(text)
        shown = "".join(self._printed)
        drawn = "".join(output.data.get("text/html", "") for output in outputs)
        bundle = {"text/plain": shown, "text/html": f"<pre>{html.escape(shown)}</pre>{drawn}"}
        if self._handle is not None:
            self._handle.update(bundle, raw=True)
        # Whoever runs a notebook without a page takes only what comes while one of its cells runs.
        if self._shown is None:
            self._shell.events.register("post_run_cell", self._show_again)
        self._shown = bundle

    def _show_again(self, *_: Any) -> None:
        bundle, self._shown = self._shown, None
        self._shell.events.unregister("post_run_cell", self._show_again)
        if self._handle is not None and bundle is not None:
            self._handle.update(bundle, raw=True)


def compiled(shell: InteractiveShell, code: str) -> Any:
    """The cell's code object, magics and all. Raises ConfigurationError, one line, for what is no Python."""
    try:
        return compile(shell.transform_cell(code), "<mxgw when>", "exec")
    except SyntaxError as error:
        message = f"The cell's body is not valid Python: {error.msg} (line {error.lineno})"
        raise ConfigurationError(message, hint="It runs without a loop, so it cannot await.") from None


def run_cell(work: Callable[[], None]) -> str:
    """Runs it; the traceback of an error, or of the stop button, in one text, else nothing."""
    try:
        with interruptible():
            work()
    except (Exception, KeyboardInterrupt, SystemExit):  # the last two would end the kernel's loop
        # The last frame alone: those above it are ours, and say nothing about the cell.
        return traceback.format_exc(limit=-1)
    return ""


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Has the stop button interrupt what runs: between cells a kernel ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def configure(parser: Parser) -> None:
    """The condition, and what belongs to an event."""
    parser.add_argument(
        "condition", nargs="+", metavar="WORD", help="e.g. Tank001.Level > 80 for 5s", meant=condition
    )
    parser.add_argument(
        "--before",
        default=chosen().before,
        metavar="TIME",
        help=f"how much to keep before an event; default: {chosen().before}",
    )
    parser.add_argument(
        "--after",
        default=chosen().after,
        metavar="TIME",
        help=f"how much to keep after an event; default: {chosen().after}",
    )
    parser.add_argument("--as", dest="name", metavar="NAME", help="name of the variable for the events")


def run(arguments: Arguments) -> EventWatch:
    """Watches for the condition; returns at once. The body runs each time, with `event` and `events`.

    Tags that failed are named. What the same cell began before, by the name after --as or else by the
    condition, ends.
    """
    shell = get_ipython()
    body = getattr(arguments, "body", None)
    act = CellBody(shell, body) if body and body.strip() else None
    wanted, gateway = " ".join(arguments.condition), current()
    asked = arguments.name or (wanted, arguments.before, arguments.after)
    before = EVENTS.find(gateway, asked)
    if arguments.name and not arguments.name.isidentifier():
        raise ConfigurationError(f"{arguments.name} cannot name a variable", hint="Write e.g. --as hot.")
    events = gateway.when(
        wanted,
        before=arguments.before,
        after=arguments.after,
        act=act,
    )
    if act is not None:
        # Before any event: the body runs between cells.
        act.show_place()
    EVENTS.keep(gateway, asked, events)
    if before is not None:  # its body may be another now, and would act beside the new one
        before.stop()
        print(f"In place of {before!r}")  # noqa: T201  a command's answer
    for tag, reason in events.failures.items():
        print(f"Unknown until it comes: {tag}: {reason}")  # noqa: T201  a command's answer
    if arguments.name:
        shell.user_ns[arguments.name] = events
    return events


COMMAND = Command(
    name="when",
    summary="Collect the times when a condition on tags is true; run the cell each time.",
    example="%%mxgw when Tank001.Level > 80 for 5s --as hot\n  print(event.number, events.frame())",
    run=run,
    configure=configure,
    takes_body=True,
    completes=("tag",),
)
