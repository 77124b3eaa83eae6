"""A recording in parts by time, which computers read one by one, each part by itself.

A part has the rows of its stretch of time, and at its head what each tag read when it began: the recorder
wrote that beside each hour. So no part needs another one.

Why: DECISIONS.md, "A part of a recording reads its head, not the part before".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from mxgw_notebook.analysis.parts import (
    EpisodesOfSome,
    episodes_of_some,
)
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import Samples, long_frame, mixed, texts_beside, transitions_frame
from mxgw_notebook.history.files import Look
from mxgw_notebook.history.folder import HOUR_NS
from mxgw_notebook.history.past import Past, gap_attrs, held_into
from mxgw_notebook.history.recorded import RecordedSource
from mxgw_notebook.history.rows import samples_by_tag
from mxgw_notebook.history.source import one_after_other
from mxgw_notebook.live import Gap

Times = NDArray[np.int64]
ROWS: Final = ("tag", "value", "text", "quality", "quality_code", "replayed")
# Each is a task of its own; a year in parts of six hours is 1,461.
MOST_PARTS: Final = 1_000_000
NOTHING: Final = Samples(np.empty(0, np.int64), np.empty(0), np.empty(0, np.uint8))


class Part(NamedTuple):
    """A stretch of time, nanoseconds since 1970 UTC; the end itself is outside."""

    begin_ns: int
    end_ns: int


@dataclass(frozen=True)
class PartReader:
    """Reads any part of a recording; it goes to other processes and computers as it is.

    `start_ns` and `end_ns` are what was asked for, `gaps` the gaps of all of that time. `early` is what tags
    had read, of that time, before anybody recorded them: no hour tells it at its head.
    """

    source: RecordedSource
    tags: tuple[str, ...]
    start_ns: int
    end_ns: int
    gaps: tuple[Gap, ...]
    early: Mapping[str, Samples]

    @classmethod
    def of(cls, source: RecordedSource, tags: Sequence[str], start_ns: int, end_ns: int) -> PartReader:
        """The reader of some tags from start to end."""
        gaps = Past([source]).gaps(tags, start_ns, end_ns)
        return cls(source, tuple(tags), start_ns, end_ns, tuple(gaps), early_in(source, tags, start_ns))

    def __dask_tokenize__(self) -> Any:
        # What grows is another thing each time that it is looked at.
        runs = sorted((row["run"], row["until_ns"]) for row in self.source.facts("runs"))
        return self.source.origin, self.source.plant, self.tags, self.start_ns, self.end_ns, self.gaps, runs

    def samples(self, part: Part) -> dict[str, Samples]:
        """Each tag's samples of a part, and before them what it read when the part began.

        What it read when the first part began has the time `start_ns`, as in `Past.frame`.
        """
        last = min(part.end_ns - 1, self.end_ns)
        found = Past([self.source]).samples(self.tags, part.begin_ns, last)
        for tag, known in self.early.items():
            before = known.rows(known.time_ns < part.begin_ns)
            if len(before) and not (found[tag].time_ns < part.begin_ns).any():
                found[tag] = one_after_other([before.rows(slice(-1, None)), found[tag]])
        return {tag: held_into(own, self.start_ns, self.gaps) for tag, own in found.items()}

    def rows(self, part: Part) -> pd.DataFrame:
        """The rows of a part alone, by time, in columns that are the same for every part."""
        first = max(part.begin_ns, self.start_ns)
        found = {tag: own.rows(own.time_ns >= first) for tag, own in self.samples(part).items()}
        return uniform(found)

    def frame(self, part: Part) -> pd.DataFrame:
        """The rows of a part with its head, and with all gaps, as `QualityAccessor` takes them."""
        frame = long_frame(self.samples(part))
        frame.attrs = gap_attrs(self.gaps)
        return frame

    def states(self, part: Part) -> tuple[pd.DataFrame, str]:
        """The same with every value as it was sent, and which kinds there are: see `joined_states`."""
        found = self.samples(part)
        frame = long_frame(found)
        parts = [own for own in found.values() if len(own)]
        order = np.argsort(np.concatenate([own.time_ns for own in parts or [NOTHING]]), kind="stable")
        values = np.concatenate([mixed(own) for own in parts or [NOTHING]])
        frame["value"] = pd.Series(values[order], dtype="object")
        frame = frame.drop(columns="text", errors="ignore")
        frame.attrs = gap_attrs(self.gaps)
        return frame, kinds_of(parts)

    def episodes(self, number: int, count: int) -> EpisodesOfSome:
        """The occurrences of one of so many parts of all alarms."""
        records, rows = self.source.alarms_of_part(number, count, self.start_ns, self.end_ns)
        return episodes_of_some(transitions_frame(records), np.array(rows, np.int64))

    def newest_ns(self, part: Part) -> int:
        """The newest time in a part; 0 where it has no sample of its own."""
        times = [own.time_ns[own.time_ns >= part.begin_ns] for own in self.samples(part).values()]
        return max((int(own[-1]) for own in times if len(own)), default=0)

    @cached_property
    def nothing(self) -> pd.DataFrame:
        """A part without rows: it has every column."""
        return uniform(dict.fromkeys(self.tags, NOTHING))


def early_in(source: RecordedSource, tags: Sequence[str], start_ns: int) -> dict[str, Samples]:
    """What each tag had read from a time on until it was first recorded, by time."""
    begun = {tag: spans[0][0] for tag, spans in source.covers(tags).items()}
    told = samples_by_tag(source.looking(source.present_with_run), list(begun))
    early = {
        tag: own.rows((own.time_ns >= start_ns) & (own.time_ns < begun[tag])) for tag, own in told.items()
    }
    return {tag: own for tag, own in early.items() if len(own)}


def kinds_of(parts: Sequence[Samples]) -> str:
    """Which kinds of values some tags' samples have: numbers, booleans, or others as well; empty for none."""
    if any(part.objects is not None for part in parts):
        return "others"
    plain = all(part.all_boolean and np.isfinite(part.number).all() for part in parts)
    return ("booleans" if plain else "numbers") if parts else ""


def uniform(samples: dict[str, Samples]) -> pd.DataFrame:
    """One row a sample, indexed by time; of the same columns whatever kinds of values there are."""
    parts = list(samples.values())
    frame = long_frame(samples)
    order = np.argsort(np.concatenate([part.time_ns for part in parts] or [NOTHING.time_ns]), kind="stable")
    late = [np.zeros(len(p), bool) if p.replayed is None else p.replayed for p in parts]
    frame["value"] = np.concatenate([part.number for part in parts] or [np.empty(0)])[order]
    texts = np.concatenate([texts_beside(part) for part in parts] or [np.empty(0, object)])
    frame["text"] = pd.Series(texts[order], dtype="str")
    frame["replayed"] = np.concatenate(late or [np.empty(0, bool)])[order]
    return frame.set_index("timestamp")[list(ROWS)]


def parts_of(source: RecordedSource, start_ns: int, end_ns: int, step_ns: int) -> list[Part]:
    """The parts of a stretch of time, by full steps since midnight; steps without a sample make none."""
    hours, times = source.looking(moments_in)
    known: Times = np.concatenate([hours, times])
    if not len(known):
        return [Part(start_ns, start_ns + 1)]
    begin = max(start_ns, int(known.min()))
    until = min(end_ns, max(int(times.max(initial=0)), int(hours.max(initial=0)) + HOUR_NS - 1)) + 1
    # Of an hour's file nobody knows which of the hour it has.
    if max(1, len(hours)) * (HOUR_NS // step_ns) > MOST_PARTS:
        raise ConfigurationError(
            f"Parts of {pd.Timedelta(step_ns)} are more than {MOST_PARTS:,}", hint='Longer ones: part="6h".'
        )
    within = np.arange(0, HOUR_NS, step_ns)
    spread: Times = (hours[:, None] + within).ravel()
    steps = np.unique(np.concatenate([spread, times]) // step_ns * step_ns)
    inside = steps[(steps > begin) & (steps < until)].tolist()
    edges = [begin, *inside, max(until, begin + 1)]
    return [Part(*pair) for pair in pairwise(edges)]


def moments_in(look: Look) -> tuple[Times, Times]:
    """The hours that have files, and the times of all that stands elsewhere."""
    present = look.table_of([path for paths in look.present.values() for path in paths])
    tables = [present, *(table for table, _ in look.journals.values())]
    times = [table["timestamp"].drop_null().cast(pa.int64()).to_numpy() for table in tables]
    return np.array(sorted(look.samples), np.int64), np.unique(np.concatenate(times))


def aligned(parts: Sequence[Part], step_ns: int) -> list[Part]:
    """The same parts with edges at full steps, the first one's begin and the last one's end as they are."""
    edges = [part.begin_ns for part in parts[1:]]
    inner = sorted({edge // step_ns * step_ns for edge in edges})
    first, last = parts[0].begin_ns, parts[-1].end_ns
    whole = [first, *(edge for edge in inner if first < edge < last), last]
    return [Part(*pair) for pair in pairwise(whole)]
