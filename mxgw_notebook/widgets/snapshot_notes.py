"""Notes on a trend's picture: a numbered mark at the time of each, and beneath what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from mxgw_notebook.svg import Scale, Svg, path, upright, words_at
from mxgw_notebook.widgets.local_time import local
from mxgw_notebook.widgets.snapshot_marks import PLOT_BOTTOM, PLOT_TOP

Noted = tuple[float, str, str]

# A picture is no list: of more notes it says how many there are.
MOST = 20
LINE = 20
LETTERS = 120  # that stand on one line
ROWS = 3  # in which the numbers of near ones stand


def on_view(noted: Sequence[Noted], time: Scale) -> list[Noted]:
    """The notes of the drawing's time."""
    return [note for note in noted if time.low <= note[0] <= time.high]


def drawn_notes(noted: Sequence[Noted], time: Scale, zone: tzinfo | None = None) -> Iterator[Svg]:
    """A dashed line for each, with its number at the foot, which its whole text explains."""
    for number, note in enumerate(noted[:MOST], 1):
        x = time.at(note[0])
        yield path(upright(x, PLOT_TOP, PLOT_BOTTOM), dashes="5 3")
        y = PLOT_BOTTOM - 4 - (number - 1) % ROWS * 13
        yield words_at(x + 3, y, f"{number}", "start", weight=600, title=said(note, zone))


def listed_notes(noted: Sequence[Noted], top: float, zone: tzinfo | None = None) -> Iterator[Svg]:
    """What they say, one below another."""
    for place, note in enumerate(noted[:MOST]):
        words = f"{place + 1}  {said(note, zone)}"
        shown = words if len(words) <= LETTERS else f"{words[: LETTERS - 1]}…"
        yield words_at(12, top + place * LINE, shown, "start", title=said(note, zone))
    if len(noted) > MOST:
        yield words_at(12, top + MOST * LINE, f"and {len(noted) - MOST:,} more notes", "start")


def lines_of(noted: Sequence[Noted]) -> int:
    """How many lines they take."""
    return min(len(noted), MOST) + (len(noted) > MOST)


def said(note: Noted, zone: tzinfo | None = None) -> str:
    """When, who, and what; local time."""
    time_ms, text, who = note
    when = f"{local(time_ms, zone):%H:%M:%S}"
    return f"{when}, {who}: {text}" if who else f"{when}: {text}"
