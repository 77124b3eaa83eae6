"""Several keepers of values asked as one: memory first, and what it does not reach from the others."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.client import AlarmRecord
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import Samples, long_frame
from mxgw_notebook.history.source import HistorySource, Span, one_after_other
from mxgw_notebook.live import Gap
from mxgw_notebook.words import NOT_RECORDED, RESUMING

FOR_EVER = np.iinfo(np.int64).max
NO_TIMES, NO_CODES = np.array([], np.int64), np.array([], np.int16)
WATCH_HINT = "Watch it, or open a recording that has it; what was seen before is not kept by the gateway."

# A source, and when it listened to each tag.
Covered = tuple[HistorySource, dict[str, list[Span]]]


class Past:
    """What all sources know. Of each tag an earlier source counts as far back as it reaches.

    The list is the holder's: what is added to it later is asked as well.
    """

    def __init__(self, sources: Sequence[HistorySource]) -> None:
        self._sources = sources

    def tags(self) -> list[str]:
        """The tags of which any source has something."""
        return list(dict.fromkeys(tag for source in self._sources for tag in source.tags()))

    def covers(self, tags: Sequence[str]) -> dict[str, list[Span]]:
        """The stretches in which any source listened to each tag, by time; they may overlap."""
        found = [source.covers(tags) for source in self._sources]
        return {tag: sorted(span for covered in found for span in covered.get(tag, ())) for tag in tags}

    def pieces(self, tags: Sequence[str], start_ns: int, end_ns: int) -> dict[str, list[tuple[str, Samples]]]:
        """Each tag's samples from start to end and the newest earlier one, by origin, the oldest first."""
        found: dict[str, list[tuple[str, Samples]]] = {tag: [] for tag in tags}
        until = dict.fromkeys(tags, end_ns)
        for source in self._sources:
            wanted = [tag for tag in tags if until[tag] >= start_ns]
            parts = source.samples(wanted, start_ns, max(until.values(), default=0)) if wanted else {}
            for tag, part in parts.items():
                # What an earlier source has from its own first sample on, a later one has as well: it is not
                # to be there twice.
                wanted_rows = part.time_ns <= until[tag]
                own = part if wanted_rows.all() else part.rows(wanted_rows)
                if len(own):
                    found[tag].insert(0, (source.origin, own))
                    until[tag] = int(own.time_ns[0]) - 1
        return found

    def samples(self, tags: Sequence[str], start_ns: int, end_ns: int) -> dict[str, Samples]:
        """Each tag's samples from start to end, and the newest earlier one."""
        found = self.pieces(tags, start_ns, end_ns)
        return {tag: one_after_other([part for _, part in parts]) for tag, parts in found.items()}

    def gaps(self, tags: Sequence[str], start_ns: int, end_ns: int) -> list[Gap]:
        """Where values of any of the tags are missing, by time; NOT_RECORDED where no source listened.

        Before anybody listened to a tag for the first time there is no gap, there is nothing.
        """
        asked = self._needed(tags, start_ns, end_ns)
        known = [gap for source, _ in asked for gap in source.gaps(tags, start_ns, end_ns)]
        covers = [covered for _, covered in asked]
        silent = {
            hole
            for tag in tags
            for hole in between([span for covered in covers for span in covered.get(tag, ())])
            if hole[0] <= end_ns and hole[1] >= start_ns
        }
        known += [Gap(start, end, NOT_RECORDED) for start, end in silent if not is_told(start, end, known)]
        return sorted(known, key=lambda gap: (gap.start_ns, gap.end_ns or FOR_EVER))

    def alarms(self, start_ns: int, end_ns: int) -> list[AlarmRecord]:
        """The transitions of that time, each once."""
        return list(dict.fromkeys(one for source in self._sources for one in source.alarms(start_ns, end_ns)))

    def frame(self, tags: Sequence[str], start_ns: int, end_ns: int) -> pd.DataFrame:
        """The long form from start to end, with a column `origin` where something is not from memory.

        What a tag read when it began is its first row, at that time, as far as gaps let one know.
        `attrs["gaps"]` and `attrs["outages"]` are those of that time.

        Raises:
            ConfigurationError: No source has anything of a tag.
        """
        check_seen(self._unknown(tags))
        gaps = self.gaps(tags, start_ns, end_ns)
        parts: dict[str, Samples] = {}
        origins: list[NDArray[np.int16]] = []
        names = sorted({source.origin for source in self._sources})
        for tag, found in self.pieces(tags, start_ns, end_ns).items():
            whole = one_after_other([part for _, part in found])
            codes = np.array([names.index(name) for name, _ in found], np.int16)
            codes = np.repeat(codes, [len(part) for _, part in found])
            parts[tag] = held_into(whole, start_ns, gaps)
            origins.append(codes[len(codes) - len(parts[tag]) :])
        frame = long_frame(parts)
        # Of a recording that has just begun no tag is known yet.
        order = np.argsort(
            np.concatenate([NO_TIMES, *(part.time_ns for part in parts.values())]), kind="stable"
        )
        codes = np.concatenate([NO_CODES, *origins])[order]
        origin = pd.Categorical.from_codes(codes, pd.Index(names, dtype="str"))
        frame["origin"] = origin.remove_unused_categories()
        frame.attrs = gap_attrs(gaps)
        return frame

    def _needed(self, tags: Sequence[str], start_ns: int, end_ns: int) -> list[Covered]:
        """The sources that know of a stretch of time, up to one that listened to all the tags all along.

        Those after it have nothing to add, and may be far away.
        """
        found: list[Covered] = []
        for source in self._sources:
            covered = source.covers(tags)
            found.append((source, covered))
            if all(is_within(start_ns, end_ns, covered.get(tag, ())) for tag in tags):
                break
        return found

    def _unknown(self, tags: Sequence[str]) -> list[str]:
        """Those tags of which no source has anything; later sources are not asked for what an earlier has."""
        missing = set(tags)
        for source in self._sources:
            if not missing:
                break
            missing -= set(source.tags())
        return sorted(missing)


def check_seen(missing: Collection[str]) -> None:
    """Raises ConfigurationError where there are tags of which nothing was seen."""
    if missing:
        first = sorted(missing)[:3]
        named = ", ".join(first) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        raise ConfigurationError(f"Nothing was seen of {named} so far", hint=WATCH_HINT)


def is_within(start: int, end: int, spans: Sequence[Span]) -> bool:
    """Whether one of the stretches of time has all of this one."""
    return any(begin <= start and end <= until for begin, until in spans)


def between(spans: Sequence[Span]) -> list[Span]:
    """The holes between stretches of time, which may overlap."""
    holes: list[Span] = []
    until: int | None = None
    for begin, end in sorted(spans):
        if until is not None and begin > until:
            # Who only began to listen, and has not yet for any time, does not cut a hole in two.
            since = holes.pop()[0] if holes and holes[-1][1] == until else until
            holes.append((since, begin))
        until = end if until is None else max(until, end)
    return holes


def is_told(start: int, end: int, gaps: Sequence[Gap]) -> bool:
    """Whether a gap that is known already holds all of a stretch."""
    return any(gap.start_ns <= start and (gap.end_ns or FOR_EVER) >= end for gap in gaps)


def held_into(part: Samples, begin: int, gaps: Sequence[Gap]) -> Samples:
    """The samples from a time on, the one that held then with that time as its own."""
    inside = np.flatnonzero(part.time_ns >= begin)
    before = np.flatnonzero((part.time_ns < begin) & (part.time_ns > 0))
    if not len(before) or bool((part.time_ns[inside] == begin).any()):
        return part if len(inside) == len(part) else part.rows(inside)
    latest = before[np.argsort(part.time_ns[before], kind="stable")[-1]]
    if any(lost_by(gap, int(part.time_ns[latest]), begin) for gap in gaps):
        return part.rows(inside)
    held = part.rows(np.append(latest, inside))
    held.time_ns[0] = begin
    return held


def lost_by(gap: Gap, since: int, begin: int) -> bool:
    """Whether a value that came before a gap is not known any more at a time.

    After an outage the gateway was asked for every present value, so what did not change went on.
    """
    if not since <= gap.start_ns < begin:
        return False
    return gap.cause not in RESUMING or gap.end_ns is None or gap.end_ns > begin


def gap_attrs(gaps: Sequence[Gap]) -> dict[Hashable, Any]:
    """What a frame says of its gaps in `attrs`, times as ISO 8601 in UTC."""
    texts = [(utc_text(gap.start_ns), utc_text(gap.end_ns)) for gap in gaps]
    told = [
        {"start": start, "end": end, "cause": gap.cause, "events": gap.events}
        for (start, end), gap in zip(texts, gaps, strict=True)
    ]
    return {"outages": texts, "gaps": told}


def gap_table(gaps: Sequence[Gap]) -> pd.DataFrame:
    """Gaps as a table: `start`, `end` (UTC; NaT while one is not over), `cause`, `events` (lost)."""
    table = pd.DataFrame(
        [(gap.start_ns, gap.end_ns, gap.cause, gap.events) for gap in gaps],
        columns=["start", "end", "cause", "events"],
    )
    return table.assign(
        start=pd.to_datetime(table["start"].astype("Int64"), unit="ns", utc=True),
        end=pd.to_datetime(table["end"].astype("Int64"), unit="ns", utc=True),
        # Without rows pandas knows no kind of them.
        cause=table["cause"].astype("str"),
        events=table["events"].astype("int64"),
    )


def utc_text(nanoseconds: int | None) -> str | None:
    """A time as ISO 8601 in UTC; None while it is not over."""
    return None if nanoseconds is None else pd.Timestamp(nanoseconds, tz="UTC").isoformat()
