"""What a recording's folder has of its tags, asked by time. The folder may be recorded to meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from mxgw_notebook.client import AlarmRecord
from mxgw_notebook.frames import Samples
from mxgw_notebook.history.facts import alarm_of, facts_in
from mxgw_notebook.history.files import Look, RecordedFiles, in_hours
from mxgw_notebook.history.folder import (
    HOUR_NS,
    Segment,
    hour_of,
)
from mxgw_notebook.history.rolling import split
from mxgw_notebook.history.row_sets import between, last_of, new_among, of_tags, once_each
from mxgw_notebook.history.rows import SAMPLE_SCHEMA, samples_by_tag
from mxgw_notebook.history.source import Span, in_order, one_after_other
from mxgw_notebook.live import Gap

Scan = Callable[[Sequence[str], Sequence[str]], Any]
# So many hours of one tag are read at once, and of many tags at least so many.
TAG_HOURS: Final = 600
LEAST_HOURS: Final = 6


class RecordedSource(RecordedFiles):
    """A recording as a keeper of values: see `HistorySource`.

    Args:
        filesystem: Arrow's, or of fsspec.
        root: The folder in it.
        plant: Whose values.
        origin: How frames call it.
    """

    def __init__(self, filesystem: Any, root: str, plant: str, origin: str) -> None:
        super().__init__(filesystem, root, plant)
        self._origin = origin

    def __reduce__(self) -> Any:
        # Another process reads for itself: what this one has read would be more than the question.
        return RecordedSource, (self.filesystem, self.root, self.plant, self._origin)

    @property
    def origin(self) -> str:
        """The folder."""
        return self._origin

    def tags(self) -> list[str]:
        """Every tag that was recorded, in the order of the alphabet."""
        return sorted({tag for row in self.facts("runs") for tag in row["tags"]})

    def covers(self, tags: Sequence[str]) -> dict[str, list[Span]]:
        """When each was recorded."""
        return covers_in(self.facts("runs"), tags)

    def samples(self, tags: Sequence[str], start_ns: int, end_ns: int) -> dict[str, Samples]:
        """Of each tag the samples from start to end, and the newest earlier one."""
        return self.looking(
            lambda look: samples_of_parts(self._parts(look, tags, start_ns, end_ns, self.scan_values), tags)
        )

    def rows(self, tags: Sequence[str], start_ns: int, end_ns: int) -> Any:
        """The same as an Arrow table, as it was recorded, in no order but that of equal times."""
        return self.looking(
            lambda look: pa.concat_tables([*self._parts(look, tags, start_ns, end_ns, self.scan)])
        )

    def gaps(self, tags: Sequence[str], start_ns: int, end_ns: int) -> list[Gap]:
        """What the recorders of these tags told to be missing."""
        runs = {row["run"]: row["until_ns"] for row in self.facts("runs") if set(tags) & set(row["tags"])}
        found = []
        for fact in self.facts("gaps"):
            if fact["run"] not in runs or fact["filled"]:
                continue
            # Of one that lasted when its recorder ended nobody knows more than this one did.
            end = fact["end_ns"] or max(runs[fact["run"]], fact["start_ns"])
            if fact["start_ns"] <= end_ns and end >= start_ns:
                found.append(Gap(fact["start_ns"], end, fact["cause"], fact["events"]))
        return sorted(found, key=lambda gap: gap.start_ns)

    def alarms(self, start_ns: int, end_ns: int) -> list[AlarmRecord]:
        """The transitions of that time; of several recorders' each once."""
        return self.alarms_of_part(0, 1, start_ns, end_ns)[0]

    def alarms_of_part(
        self, number: int, count: int, start_ns: int, end_ns: int
    ) -> tuple[list[AlarmRecord], list[int]]:
        """The same of the alarms that are one of so many parts, and their places among the rows of all."""
        rows = self.looking(lambda look: self.alarm_rows(look, start_ns, end_ns))
        references = pc.unique(rows["reference"]).to_pylist()
        own = [one for one in references if crc32(str(one).encode()) % count == number]
        places = np.flatnonzero(pc.is_in(rows["reference"], pa.array(own, pa.string())))
        found: dict[AlarmRecord, int] = {}
        for place, fact in zip(places.tolist(), facts_in("alarms", rows.take(places)), strict=True):
            found.setdefault(alarm_of(fact), place)
        return list(found), list(found.values())

    # -------------------------------------------------------------- for other readers

    def dataset(self) -> Any:
        """All samples as an Arrow dataset."""
        return self.looking(self._dataset)

    def _dataset(self, look: Look) -> Any:
        files = in_hours(look.samples, sorted(look.samples))
        _, own = self._journaled(look, None)
        journaled = ds.dataset(pa.concat_tables([SAMPLE_SCHEMA.empty_table(), *(t for _, t in own)]))
        return ds.dataset([self.parquet_of(files), journaled]) if files else journaled

    def journaled_with_run(self, look: Look) -> Any:
        """The samples that stand in journals, with a column `run`."""
        return with_runs(self._journaled(look, None)[1])

    def present_with_run(self, look: Look) -> Any:
        """What tags read already as recordings began, with a column `run`."""
        paths = [path for hour in sorted(look.present) for path in look.present[hour]]
        filed = [(run_of(path), self.parquet_of([path]).to_table()) for path in paths]
        return with_runs([*filed, *self._journaled(look, None)[0]])

    def is_shared(self, look: Look) -> bool:
        """Whether two recorders ever listened to the same tag at once."""
        runs = self.facts_by(look, "runs")
        return are_at_once(runs, sorted({tag for row in runs for tag in row["tags"]}))

    # -------------------------------------------------------------- beneath

    def _parts(
        self, look: Look, tags: Sequence[str], start_ns: int, end_ns: int, scan: Scan
    ) -> Iterator[Any]:
        """The newest earlier rows, then those from start to end, some hours after the other.

        Never more than these hours as they were read: a row takes several times what is kept of it.
        """
        first, last = hour_of(start_ns), hour_of(end_ns)
        runs = self.facts_by(look, "runs")
        began, own = self._journaled(look, tags)
        # What a tag read already as its recording began may be of any time before.
        known = [hour for hour in look.present if hour >= first]
        begins = pa.concat_tables([*(table for _, table in began), self._hours(look.present, known, tags)])
        others = pa.concat_tables([*(table for _, table in own), begins])
        began_before = covers_in(runs, tags, until_ns=start_ns)
        yield self._earlier(look, list(began_before), start_ns, others)
        is_shared, near = are_at_once(runs, tags), [SAMPLE_SCHEMA.empty_table()]
        begun = between(begins, start_ns, end_ns)
        hours = sorted(hour for hour in look.samples if first <= hour <= last)
        for some, since_ns, until_ns in turns(hours, look.samples, (start_ns, end_ns), len(tags)):
            held = [(run, between(table, since_ns, until_ns)) for run, table in own]
            if is_shared:
                whole = self._joined(look, some, tags, held)
            else:
                paths = in_hours(look.samples, some)
                whole = pa.concat_tables([scan(paths, tags), *(table for _, table in held)])
            whole = between(whole, since_ns, until_ns)
            near.append(whole.filter(pc.is_in(whole["timestamp"], begun["timestamp"].unique())))
            yield whole
        yield new_among(pa.concat_tables(near), begun)

    def _journaled(
        self, look: Look, tags: Sequence[str] | None
    ) -> tuple[list[tuple[str, Any]], list[tuple[str, Any]]]:
        """What journals have of tags, by run: what these read as recordings began, and what came then."""
        kept = []
        for segment in sorted(look.journals):
            table = look.journals[segment][0]
            kept.append((segment.run, split(table if tags is None else of_tags(table, tags))))
        return [(run, parts[0]) for run, parts in kept], [(run, parts[1]) for run, parts in kept]

    def _joined(
        self, look: Look, hours: Sequence[int], tags: Sequence[str], own: list[tuple[str, Any]]
    ) -> Any:
        """The samples of some hours' files and of journals, each once though several listened at once."""
        paths = in_hours(look.samples, hours)
        parts = [(run_of(path), self.scan([path], tags)) for path in paths]
        return once_each([*(t for _, t in parts), *(t for _, t in own)], [run for run, _ in [*parts, *own]])

    def _earlier(self, look: Look, tags: Sequence[str], start_ns: int, others: Any) -> Any:
        """Of each tag the newest sample before a time: `others` are those that stand in no hour's file."""
        found = last_of(of_tags(between(others, 1, start_ns - 1), tags))
        wanted = list(tags)
        for hour in reversed([hour for hour in look.hours if hour <= hour_of(start_ns)] if tags else ()):
            if not wanted:
                break
            # A file of a whole day has what came in other hours, too; of an hour that begins now nothing is
            # earlier.
            come = self._hours(look.samples, [hour] if hour < start_ns else [], wanted)
            own = between(come, hour, start_ns - 1)
            parts = [own, *(self._hours(kind, [hour], wanted) for kind in (look.heads, look.present))]
            # Each hour has, at its head, what its tags read before: no hour further back knows better.
            last = last_of(between(pa.concat_tables(parts), 1, start_ns - 1))
            found = last_of(pa.concat_tables([found, last]))
            wanted = sorted(set(wanted) - set(last["tag"].to_pylist()))
        return found

    def _hours(self, files: Mapping[int, Sequence[str]], hours: Sequence[int], tags: Sequence[str]) -> Any:
        """What the files of some hours have of tags."""
        return self.scan(in_hours(files, hours), tags)


def turns(
    hours: Sequence[int], files: Mapping[int, Sequence[str]], span: tuple[int, int], tags: int
) -> Iterator[tuple[Sequence[int], int, int]]:
    """Hours that are read at once, and from when to when: together all of the time from start to end.

    Days of few tags, hours of many; but hours of one file together, which would be read for each of them.
    """
    step = max(LEAST_HOURS, TAG_HOURS // max(1, tags)) * HOUR_NS
    groups: list[list[int]] = []
    for _, found in groupby(hours, lambda hour: hour // step):
        group = list(found)
        if groups and set(files[groups[-1][-1]]) & set(files[group[0]]):
            groups[-1] += group
        else:
            groups.append(group)
    groups = groups or [[]]
    # What stands in journals alone is of any time.
    begins = [span[0], *(group[0] for group in groups[1:])]
    ends = [*(begin - 1 for begin in begins[1:]), span[1]]
    return zip(groups, begins, ends, strict=True)


def samples_of_parts(parts: Iterable[Any], tags: Sequence[str]) -> dict[str, Samples]:
    """The samples of each tag by time, equal times by the parts; a part goes before the next is read."""
    found: dict[str, list[Samples]] = {tag: [] for tag in tags}
    for part in parts:
        for tag, own in samples_by_tag(part, tags).items():
            found[tag].append(own)
    return {tag: in_order(one_after_other(own)) for tag, own in found.items() if own}


def run_of(path: str) -> str:
    """The run that wrote a file."""
    return Segment.of(path.rpartition("/")[2]).run


def with_runs(tables: Sequence[tuple[str, Any]]) -> Any:
    """Samples of several runs as one table, with whose they are."""
    schema = SAMPLE_SCHEMA.append(pa.field("run", pa.string()))
    parts = [
        table.append_column("run", pa.array([run] * table.num_rows, pa.string())) for run, table in tables
    ]
    return pa.concat_tables([schema.empty_table(), *parts])


def covers_in(
    runs: Sequence[Mapping[str, Any]], tags: Sequence[str], until_ns: int | None = None
) -> dict[str, list[Span]]:
    """By tag when it was recorded; those alone that were before a time, where one is given."""
    wanted, found = set(tags), dict[str, list[Span]]()
    for row in sorted(runs, key=lambda row: row["begin_ns"]):
        if until_ns is None or row["begin_ns"] <= until_ns:
            for tag in wanted & set(row["tags"]):
                found.setdefault(tag, []).append((row["begin_ns"], row["until_ns"]))
    return found


def are_at_once(runs: Sequence[Mapping[str, Any]], tags: Sequence[str]) -> bool:
    """Whether two recorders ever listened to one of the tags at once."""
    wanted = set(tags)
    ordered = sorted((row for row in runs if wanted & set(row["tags"])), key=lambda row: row["begin_ns"])
    until: dict[str, tuple[int, str]] = {}
    for row in ordered:
        for tag in wanted & set(row["tags"]):
            before = until.get(tag)
            if before is not None and before[1] != row["run"] and row["begin_ns"] < before[0]:
                return True
            until[tag] = max(before or (0, ""), (row["until_ns"], row["run"]))
    return False
