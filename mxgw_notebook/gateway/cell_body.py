"""A cell's body that runs again and again in the kernel's main thread, between cells."""

from __future__ import annotations

import asyncio
import html
import traceback
from collections.abc import Callable
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output

from mxgw_notebook.errors import ConfigurationError

OUTPUTS_KEPT = 20


class CellBody:
    """Runs code in a notebook's namespace whenever it is called, from any thread; it returns at once.

    The main thread is asked through its loop, so the code runs when no cell does, one at a time. What it
    prints appears below the cell that it came from.

    Raises:
        ConfigurationError: Nothing runs the main thread's loop between cells: this is no Jupyter kernel.
    """

    def __init__(self, shell: InteractiveShell, code: str) -> None:
        self.runs = 0
        self.outputs: list[str] = []
        self._shell = shell
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            raise ConfigurationError(
                "A cell's body can be run on events in a Jupyter kernel only",
                hint="Use gateway.when(condition) and read its frame().",
            ) from None
        self._code = compile(shell.transform_cell(code), "<mxgw when>", "exec")
        self._handle = display({"text/plain": "No event yet."}, raw=True, display_id=True)

    def __call__(self, **names: Any) -> None:
        """Runs the code soon, with these names in the notebook's namespace."""
        self._loop.call_soon_threadsafe(self._run, names)

    def _run(self, names: dict[str, Any]) -> None:
        self._shell.user_ns.update(names)
        self.runs += 1
        with capture_output() as captured:
            failure = failed(lambda: exec(self._code, self._shell.user_ns))
        self._show(captured.stdout + captured.stderr + failure, captured.outputs)

    def _show(self, text: str, outputs: list[Any]) -> None:
        """All that was printed so far, and what was displayed last."""
        self.outputs = [*self.outputs, text][-OUTPUTS_KEPT:]
        if self._handle is None:
            return
        shown = "".join(self.outputs)
        drawn = "".join(output.data.get("text/html", "") for output in outputs)
        self._handle.update(
            {"text/plain": shown, "text/html": f"<pre>{html.escape(shown)}</pre>{drawn}"}, raw=True
        )


def failed(work: Callable[[], None]) -> str:
    """Runs it; the traceback of an error in one text, else nothing."""
    try:
        work()
    except Exception:
        return traceback.format_exc(limit=-1)
    return ""
