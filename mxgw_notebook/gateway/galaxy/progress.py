"""How far a long load is: one line, in place, that goes when the load has ended."""

from __future__ import annotations

import sys
import time
from typing import Self

from IPython.core.getipython import get_ipython
from IPython.display import DisplayHandle

# A load that is over sooner needs no line.
PATIENCE_SECONDS = 0.7
EVERY_SECONDS = 0.25


class LoadProgress:
    """Told of objects and their total. In a notebook its line stands in the cell's output, else on stderr."""

    def __init__(self) -> None:
        self._start = self._told = time.monotonic()
        self._handle: DisplayHandle | None = None
        self._on_terminal = False

    def __enter__(self) -> Self:
        return self

    def __call__(self, objects: int, total: int) -> None:
        """Shows how far it is, at most four times a second."""
        now = time.monotonic()
        if now - self._start < PATIENCE_SECONDS or now - self._told < EVERY_SECONDS:
            return
        self._told = now
        rate = objects / (now - self._start)
        self._show(f"Loading the galaxy: {objects:,} of {total:,} objects, {rate:,.0f}/s")

    def __exit__(self, *error: object) -> None:
        if self._handle is not None:
            self._handle.update({"text/plain": ""}, raw=True)
        if self._on_terminal:
            sys.stderr.write("\r\x1b[K")

    def _show(self, line: str) -> None:
        shell = get_ipython()
        if hasattr(shell, "kernel"):
            bundle = {"text/plain": line}
            if self._handle is None:
                self._handle = DisplayHandle()
                self._handle.display(bundle, raw=True)
            else:
                self._handle.update(bundle, raw=True)
        elif sys.stderr.isatty():
            self._on_terminal = True
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()
