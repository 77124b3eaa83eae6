"""A widget in a cell's output that becomes a static picture when what it shows has ended.

A saved notebook keeps no live widget: without this its outputs are blank when it is opened again.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import pandas as pd
from IPython.display import DisplayHandle, display

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.svg import as_written

# More lines than these nobody tells apart, and a trend of thousands takes longer to draw than it lasts.
MOST_DRAWN = 200
# What pandas lets a page typeset of its tables.
MATHEMATICS = ("display.html.use_mathjax", "styler.html.mathjax")
NAMED = 10
# A cell that is run again shows the same widget again; the places before these become a line.
MOST_SHOWN = 8
AGAIN = "Shown again further on."


@cache
def keep_dollars() -> None:
    """Has tables shown as they are, once: JupyterLab takes what is between two templates for mathematics.

    For all of this process, as tables made of ours are anybody's.
    """
    for option in MATHEMATICS:
        pd.set_option(option, False)


class Shown:
    """The places where one widget is displayed."""

    def __init__(self) -> None:
        self._handles: list[DisplayHandle] = []

    def show(self, widget: Any) -> None:
        """Displays the widget in the cell that runs now."""
        handle = display(widget, display_id=True)
        if handle is not None:
            self._handles.append(handle)
            for old in self._handles[:-MOST_SHOWN]:
                old.update({"text/plain": AGAIN, "text/html": f"<div>{AGAIN}</div>"}, raw=True)
            del self._handles[:-MOST_SHOWN]

    def replace(self, html: str, text: str) -> None:
        """Puts a static picture wherever the widget was, the text where no HTML is shown."""
        for handle in self._handles:
            handle.update({"text/html": as_written(html), "text/plain": text}, raw=True)
        self._handles.clear()


def check_drawn(tags: Sequence[str]) -> None:
    """Refuses a trend of more tags than are told apart."""
    if len(tags) > MOST_DRAWN:
        raise ConfigurationError(
            f"A trend of {len(tags):,} tags would be no picture of any",
            hint=f"Use .table(), or watch up to {MOST_DRAWN} of them.",
        )


def named(tags: Sequence[str]) -> str:
    """The first tags by name, and how many more there are."""
    more = f" and {len(tags) - NAMED:,} more" if len(tags) > NAMED else ""
    return ", ".join(tags[:NAMED]) + more
