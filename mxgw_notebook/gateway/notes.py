"""Notes: what people say of a time at a plant, kept beside its values. They change nothing there.

Why: DECISIONS.md, "A note is of the plant, and needs no arming".
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from mxgw_notebook.client import text_given
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import utc
from mxgw_notebook.gateway.operator_name import operator_name
from mxgw_notebook.gateway.recorders import Recorders
from mxgw_notebook.gateway.trail import Trail
from mxgw_notebook.history import Feed, RecordedSource, instant_ns, of_the_day
from mxgw_notebook.live import Hub
from mxgw_notebook.words import visible

log = logging.getLogger(__name__)

KEPT: Final = 10_000
# A trend is told of so many, the newest: it has them all in its page.
SHOWN: Final = 1_000
LONGEST: Final = 1_000
MOST_TAGS: Final = 200
HINT: Final = 'Write e.g. gateway.note("valve stuck", at="-5min").'


@dataclass(frozen=True, slots=True)
class Note:
    """One note; `tags` are names with commas between, empty where it is of the plant as a whole."""

    time_ns: int
    text: str
    tags: str = ""
    who: str = ""
    plant: str = ""


class Notes:
    """The notes of one connection, and those that its recordings had already; safe on any thread.

    The newest 10,000 are kept here, the others counted. Each recorder is given those that are new to it.
    """

    def __init__(self, hub: Hub, recorders: Recorders, plant: str) -> None:
        self._hub, self._recorders, self._plant = hub, recorders, plant
        self._trail: Trail[Note] = Trail(Note, KEPT)
        self._recorded: dict[RecordedSource, list[Note]] = {}
        self._shown: tuple[tuple[int, int], list[Note]] = ((0, 0), [])
        recorders.feeds.append(self.feed)

    def add(self, text: str, at: Any = None, tags: Sequence[str] = ()) -> Note:
        """Keeps one. Raises ConfigurationError for an empty or very long text, or what is no time."""
        now = self._hub.gateway_now
        time_ns = now if at is None else instant_ns(of_the_day(at, now), now)
        made = Note(time_ns, text_of(text), tags_of(tags), operator_name(), self._plant)
        self._trail.add(made)
        return made

    def feed(self) -> Feed:
        """Gives a recorder the notes that are made from now on."""
        seen = self._trail.added

        def feed() -> list[dict[str, Any]]:
            nonlocal seen
            seen, news = self._trail.news(seen)
            return [note_fact(note) for note in news]

        return feed

    def load(self) -> None:
        """Reads those of recordings in use that were not read yet. It may take long: not for the loop."""
        for source in self._recorders.recordings():
            if source not in self._recorded:
                self._recorded[source] = notes_in(source, self._plant)

    def include(self, source: RecordedSource) -> None:
        """Takes the notes of a recording that is the plant itself: one that is played again."""
        self._recorded[source] = notes_in(source, self._plant)

    @property
    def needs_loading(self) -> bool:
        """Whether a recording is in use whose notes were not read yet."""
        return any(one not in self._recorded for one in self._recorders.recordings())

    def all(self) -> list[Note]:
        """Every note that is known, by time."""
        _, own = self._trail.news(0)
        recorded = [note for notes in list(self._recorded.values()) for note in notes]
        return sorted(dict.fromkeys([*recorded, *own]), key=lambda note: note.time_ns)

    def shown(self) -> list[Note]:
        """Those that a trend is told of; the same list until there are others."""
        key = (self._trail.added, len(self._recorded))
        if key != self._shown[0]:
            self._shown = (key, self.all()[-SHOWN:])
        return self._shown[1]

    def frame(self) -> pd.DataFrame:
        """See `Gateway.notes`."""
        return notes_frame(self.all(), self._trail.dropped)


def text_of(text: str) -> str:
    """A note's text on one line; what would command a terminal is written out."""
    told = visible(" ".join(text_given(text, "A note", HINT).split()))
    if not told:
        raise ConfigurationError("A note without a text says nothing", hint=HINT)
    if len(told) > LONGEST:
        raise ConfigurationError(
            f"A note has at most {LONGEST:,} characters, not {len(told):,}", hint="Say it in two."
        )
    return told


def tags_of(given: Sequence[str]) -> str:
    """The tags that a note is of, each once."""
    names = list(dict.fromkeys(given))
    if len(names) > MOST_TAGS:
        hint = f"Name up to {MOST_TAGS}, or none: then it is of the plant."
        raise ConfigurationError(f"A note of {len(names):,} tags is of none", hint=hint)
    return ", ".join(visible(text_given(name, "A tag", HINT)) for name in names)


def note_fact(note: Note) -> dict[str, Any]:
    """A note as a recording has it."""
    return {"table": "notes", "time_ns": note.time_ns, "text": note.text, "tags": note.tags, "by": note.who}


def notes_in(source: RecordedSource, plant: str) -> list[Note]:
    """The notes of a recording; none where it cannot be read."""
    try:
        facts = source.facts("notes")
    except Exception as error:  # of whatever kind of store it is on: a trend does without
        log.warning("the notes of %s cannot be read: %s", source.origin, error)
        return []
    return [
        Note(
            fact["time_ns"], visible(fact["text"] or ""), visible(fact["tags"] or ""), fact["by"] or "", plant
        )
        for fact in facts
        if fact["time_ns"]
    ]


def notes_frame(notes: Iterable[Note], dropped: int) -> pd.DataFrame:
    """One row a note; empty it has the same dtypes."""
    rows = list(notes)
    texts = {
        name: pd.Series([getattr(note, name) for note in rows], dtype="str")
        for name in ("text", "tags", "who", "plant")
    }
    frame = pd.DataFrame({"time": utc([note.time_ns for note in rows]), **texts})
    frame.attrs = {"dropped": dropped}
    return frame
