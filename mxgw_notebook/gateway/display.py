"""A widget in a cell's output that becomes a static picture when what it shows has ended.

A saved notebook keeps no live widget: without this its outputs are blank when it is opened again.
"""

from __future__ import annotations

from typing import Any

from IPython.display import DisplayHandle, display


class Shown:
    """The places where one widget is displayed."""

    def __init__(self) -> None:
        self._handles: list[DisplayHandle] = []

    def show(self, widget: Any) -> None:
        """Displays the widget in the cell that runs now."""
        handle = display(widget, display_id=True)
        if handle is not None:
            self._handles.append(handle)

    def replace(self, html: str, text: str) -> None:
        """Puts a static picture wherever the widget was, the text where no HTML is shown."""
        for handle in self._handles:
            handle.update({"text/html": html, "text/plain": text}, raw=True)
        self._handles.clear()
