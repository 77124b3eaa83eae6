"""A widget in a cell's output, and the picture of it that a saved notebook keeps.

A saved notebook keeps no live widget: without this its outputs are blank when it is opened again. The picture
is an output of its own above the widget, so that it can be drawn anew without the widget noticing. The page
hides it while the widget is alive (`shared/kept.js`), and the widget's place where that is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd
from IPython.core.getipython import get_ipython
from IPython.display import DisplayHandle, display

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.profiles import Profile
from mxgw_notebook.svg import as_written

if TYPE_CHECKING:
    from mxgw_notebook.widgets import PageWidget

# More lines than these nobody tells apart, and a trend of thousands takes longer to draw than it lasts.
MOST_DRAWN = 200
# What pandas lets a page typeset of its tables.
MATHEMATICS = ("display.html.use_mathjax", "styler.html.mathjax")
NAMED = 10
# A cell that is run again shows the same widget again; the places before these become a line.
MOST_SHOWN = 8
AGAIN = "Shown again further on."
NO_KERNEL = "A picture of what was shown last: run the cell for the present."


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
        self._kept: list[DisplayHandle] = []  # the pictures above them

    def show(self, widget: KeptWidget) -> None:
        """Displays the widget in the cell that runs now, below the picture that is kept of it."""
        if hasattr(get_ipython(), "kernel"):
            widget.keep_by(lambda: self._keep(widget))
            kept = display(kept_picture(widget), raw=True, display_id=True)
            self._kept += [] if kept is None else [kept]
            hide(self._kept[:-MOST_SHOWN])
            del self._kept[:-MOST_SHOWN]
        bundle, metadata = shown_bundle(widget)
        handle = display(bundle, metadata=metadata, raw=True, display_id=True)
        if handle is not None and not in_terminal():
            self._handles.append(handle)
            for old in self._handles[:-MOST_SHOWN]:
                old.update({"text/plain": AGAIN, "text/html": f"<div>{AGAIN}</div>"}, raw=True)
            del self._handles[:-MOST_SHOWN]

    def replace(self, html: str, text: str) -> None:
        """Puts a static picture wherever the widget was, the text where no HTML is shown."""
        for handle in self._handles:
            handle.update({"text/html": as_written(html), "text/plain": text}, raw=True)
        self._handles.clear()
        hide(self._kept)
        self._kept.clear()

    def _keep(self, widget: KeptWidget) -> None:
        """Draws anew what a saved notebook keeps."""
        made = kept_picture(widget)
        for handle in list(self._kept):
            handle.update(made, raw=True)


def in_terminal() -> bool:
    """Whether nothing that was displayed can be brought up to date: each change would be a further line."""
    shell = get_ipython()
    return shell is not None and not hasattr(shell, "kernel")


class KeptWidget(Protocol):
    """A widget of which a picture is kept; `kept` is the name that both have on a page."""

    @property
    def kept(self) -> str:
        """The name of the picture."""

    def keep_by(self, keep: Callable[[], None]) -> None:
        """Calls this now and then from here on, while a page shows what is new."""

    def picture(self) -> str:
        """What it shows, as HTML that needs no JavaScript."""

    def snapshot_html(self) -> str:
        """The same as it is now; raises where it cannot be drawn."""

    def _repr_mimebundle_(self) -> Any:
        """Its output: the data, or a pair of data and metadata."""


def shown_bundle(widget: KeptWidget) -> tuple[dict[str, Any], dict[str, Any]]:
    """The output of a widget, without a picture where one is kept above it."""
    made = widget._repr_mimebundle_()
    bundle, metadata = made if isinstance(made, tuple) else (made, {})
    return {**bundle, **({"text/html": ""} if widget.kept else {})}, metadata


def kept_picture(widget: KeptWidget) -> dict[str, str]:
    """The picture of a widget as an output."""
    name = widget.kept
    # Where the widget below has not come to life, what JupyterLab says of it instead tells nobody anything.
    gone = (
        f'.jp-OutputArea-child:has([data-mxgw-kept="{name}"]) + '
        ".jp-OutputArea-child:not(:has([data-mxgw-widget])){display:none}"
    )
    told = f"<style>{gone}</style>{as_written(widget.picture())}<p>{NO_KERNEL}</p>"
    html = f'<div data-mxgw-kept="{name}">{told}</div>'
    return {"text/plain": "", "text/html": html}


def hide(handles: Sequence[DisplayHandle]) -> None:
    """Leaves nothing where pictures were."""
    for handle in handles:
        handle.update({"text/plain": "", "text/html": ""}, raw=True)


def tell_plant(widget: PageWidget, profile: Profile | None) -> None:
    """Has a widget say which plant it shows, where mxgw.toml names it: a production plant looks so."""
    if profile is not None:
        widget.plant = f"{profile.name}, {profile.kind}" if profile.kind else profile.name
        widget.plant_colour = profile.colour


def check_drawn(tags: Sequence[str]) -> None:
    """Refuses a trend of more tags than are told apart."""
    if len(tags) > MOST_DRAWN:
        raise ConfigurationError(
            f"A trend of {len(tags):,} tags cannot be read",
            hint=f"Use .table(), or watch up to {MOST_DRAWN} of them.",
        )


def named(tags: Sequence[str]) -> str:
    """The first tags by name, and how many more there are."""
    more = f" and {len(tags) - NAMED:,} more" if len(tags) > NAMED else ""
    return ", ".join(tags[:NAMED]) + more
