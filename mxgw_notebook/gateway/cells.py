"""Which cell of a notebook runs now, asking the person who runs it, and what the shell shows of errors.

Why: DECISIONS.md, "Stopped widgets are replaced by pictures".
"""

from __future__ import annotations

import itertools
import sys
import threading
from dataclasses import dataclass
from types import SimpleNamespace, TracebackType
from typing import Any
from weakref import WeakSet

from IPython import get_ipython
from IPython.core.interactiveshell import InteractiveShell

from mxgw_notebook.errors import GatewayError

YES = ("y", "yes")
# What IPython asks for the error before another one.
ASKED = "get_parts_of_chained_exception"
Part = tuple[type, BaseException, TracebackType | None]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a cell; `cell` is its id where the page has given one (`is_known`), else its text."""

    number: int
    cell: str
    is_known: bool


class Cells:
    """Follows the cells of a shell as they run, those within another one too."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._runs: list[Run] = []
        self._shells: WeakSet[InteractiveShell] = WeakSet()
        # Cells that have armed, each with its last run: of any plant and connection, or Run All of a notebook
        # that connects would have forgotten what it did.
        self._armed: dict[str, int] = {}

    def follow(self) -> None:
        """Follows the shell of this process, if there is one. Harmless the second time."""
        shell = get_ipython()
        if shell is not None and shell not in self._shells:
            self._shells.add(shell)
            shell.events.register("pre_run_cell", self.begin)
            shell.events.register("post_run_cell", self.end)
            self._begin_within(shell)

    def _begin_within(self, shell: InteractiveShell) -> None:
        """The cell from which following begins: its own begin was missed, and its end will be seen."""
        message = getattr(shell, "parent_header", None) or {}  # ipykernel's, of what it runs now
        is_cell = message.get("header", {}).get("msg_type") == "execute_request"
        if is_cell and threading.current_thread() is threading.main_thread():
            info = SimpleNamespace(
                cell_id=message.get("metadata", {}).get("cellId"), raw_cell=message["content"]["code"]
            )
            self.begin(info)

    @property
    def run(self) -> Run | None:
        """What runs now; None between cells (a click in a widget), and where there is no notebook."""
        return self._runs[-1] if self._runs else None

    def begin(self, info: Any) -> None:
        """A cell begins, or one within another."""
        known = getattr(info, "cell_id", None)
        self._runs.append(Run(next(self._numbers), known or info.raw_cell, bool(known)))

    def end(self, result: Any) -> None:
        """The one that began last ends."""
        del result
        if self._runs:  # of the cell that loaded us only the end was seen
            self._runs.pop()

    @property
    def has_armed(self) -> bool:
        """Whether the cell that runs armed in an earlier run of it. Of cells with an id alone.

        Without one, who types the same line again means it.
        """
        run = self.run
        return run is not None and run.is_known and self._armed.get(run.cell, run.number) != run.number

    def note_arming(self) -> None:
        """What runs has armed, and may do so as often as it likes in this run."""
        if self.run is not None and self.run.is_known:
            self._armed[self.run.cell] = self.run.number


CELLS = Cells()


def shorten_causes() -> None:
    """From now on the shell shows no frames of an error of ours that a person's own was raised from.

    `_render_traceback_` is asked of the last error of a chain alone. After `%xmode Verbose` all of it is
    shown. Harmless the second time.
    """
    shown: Any = getattr(get_ipython(), "InteractiveTB", None)
    whole = getattr(shown, ASKED, None)
    if whole is None or ASKED in vars(shown):
        return

    def shortened(error: BaseException | None) -> Part | None:
        part: Part | None = whole(error)
        if part is None or not isinstance(part[1], GatewayError) or shown.mode == "Verbose":
            return part
        return part[0], part[1], None

    setattr(shown, ASKED, shortened)


def in_page() -> bool:
    """Whether a page shows what cells display: there is a kernel."""
    return hasattr(get_ipython(), "kernel")


def answer(question: str) -> bool | None:
    """Whether the person says yes; None where nobody can be asked: a script, a notebook run by a program."""
    if threading.current_thread() is not threading.main_thread():
        return None
    if not in_page() and not (sys.stdin is not None and sys.stdin.isatty()):
        return None
    try:
        return input(question).strip().lower() in YES
    # NotImplementedError is IPython's, of a kernel whose page takes no questions.
    except (EOFError, OSError, NotImplementedError):
        return None
