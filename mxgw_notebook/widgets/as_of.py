"""How a picture knows what it shows: how the feed stood, and when the gateway last said anything."""

from __future__ import annotations

from datetime import tzinfo
from html import escape
from typing import Protocol

from mxgw_notebook.widgets.local_time import local


class LastShown(Protocol):
    """What was shown last; see `sources`."""

    @property
    def status(self) -> str:
        """How the feed stands, in words."""

    @property
    def as_of_ms(self) -> float | None:
        """When it was last heard of, epoch milliseconds UTC."""


def draw_as_of(known: LastShown) -> str:
    """The same words as a paragraph of HTML, escaped."""
    return f"<p>{escape(words_of(known))}</p>"


def words_of(known: LastShown, zone: tzinfo | None = None) -> str:
    """Words such as "stopped, as of 14:02:11 on 2026-11-28", in a zone, or else this machine's."""
    return f"{known.status}{as_of(known.as_of_ms, zone)}"


def as_of(time_ms: float | None, zone: tzinfo | None = None) -> str:
    """The words after a status; none where the time is not known."""
    if time_ms is None:
        return ""
    # With its day: a saved notebook is read long after.
    return f"{local(time_ms, zone):, as of %H:%M:%S on %Y-%m-%d}"
