"""What a recording's folder has of its tags, asked by time. The folder may be recorded to meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from mxgw_notebook.client import AlarmRecord
from mxgw_notebook.frames import Samples
from mxgw_notebook.history.facts import (
    BY_RUN,
    TABLES,
    alarm_of,
    fact_table,
    facts_in,
    folded,
    joined_runs,
    newest,
)
from mxgw_notebook.history.folder import (
    PARQUET,
    PRESENT,
    Segment,
    counting,
    hour_in,
    hour_of,
    listed,
    plant_folder,
)
from mxgw_notebook.history.journal import SUFFIX, read_journal
from mxgw_notebook.history.rolling import split
from mxgw_notebook.history.rows import SAMPLE_SCHEMA, samples_by_tag
from mxgw_notebook.history.source import Span, one_after_other
from mxgw_notebook.history.tidying import REPLACED, once_each
from mxgw_notebook.live import Gap

T = TypeVar("T")
# A segment may become Parquet, and an hour one file, while one looks: then one looks again.
LOOKS = 5


@dataclass(frozen=True, slots=True)
class Look:
    """The files that count at one moment: those of samples and heads by hour, journals by segment."""

    samples: Mapping[int, Sequence[str]]
    heads: Mapping[int, Sequence[str]]
    present: Mapping[int, Sequence[str]]
    journals: Mapping[Segment, tuple[Any, list[dict[str, Any]]]]

    @property
    def hours(self) -> list[int]:
        """Those of which there is anything, the oldest first."""
        return sorted({*self.samples, *self.heads, *self.present})


class RecordedSource:
    """A recording as a keeper of values: see `HistorySource`.

    Args:
        filesystem: Arrow's, or of fsspec.
        root: The folder in it.
        plant: Whose values.
        origin: How frames call it.
    """

    def __init__(self, filesystem: Any, root: str, plant: str, origin: str) -> None:
        self.filesystem, self.root, self.plant = filesystem, root, plant
        self._origin = origin
        self._read: dict[tuple[str, int], tuple[Any, list[dict[str, Any]]]] = {}
        self._tables: dict[tuple[str, int], Any] = {}

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
        return self.looking(lambda look: self._samples(look, tags, start_ns, end_ns))

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
        found = [alarm_of(fact) for fact in self.facts("alarms")]
        return list(dict.fromkeys(one for one in found if start_ns <= one.changed_ns <= end_ns))

    def facts(self, table: str) -> list[dict[str, Any]]:
        """The rows of one of the small tables, those in journals too."""
        return self.looking(lambda look: self._facts(look, table))

    def table(self, table: str) -> Any:
        """The same as an Arrow table."""
        return fact_table(table, self.facts(table))

    def looking(self, work: Callable[[Look], T]) -> T:
        """Does it with the files that there are; again where one of them has gone meanwhile."""
        for _ in range(LOOKS - 1):
            try:
                return work(self.look())
            except FileNotFoundError:
                continue
        return work(self.look())

    def look(self) -> Look:
        """The files that count now."""
        plant = plant_folder(self.plant)
        # First the journals: one that has become Parquet by the next step was read from itself then, and
        # what there is of it in Parquet does not count.
        journals = {
            Segment.of(path.rpartition("/")[2]): self._journal(path)
            for path in listed(self.filesystem, f"{self.root}/journal/{plant}")
            if path.endswith(SUFFIX)
        }
        heads = counting(self._parquet(f"{self.root}/heads/{plant}"), journals)
        return Look(
            by_hour(counting(self._parquet(f"{self.root}/samples/{plant}"), journals)),
            by_hour(path for path in heads if PRESENT not in path),
            by_hour(path for path in heads if PRESENT in path),
            journals,
        )

    # -------------------------------------------------------------- for other readers

    def dataset(self) -> Any:
        """All samples as an Arrow dataset."""
        return self.looking(self._dataset)

    def _dataset(self, look: Look) -> Any:
        files = [path for hour in sorted(look.samples) for path in look.samples[hour]]
        _, own = self._journaled(look, None)
        journaled = ds.dataset(pa.concat_tables([SAMPLE_SCHEMA.empty_table(), *(t for _, t in own)]))
        return ds.dataset([self.parquet_of(files), journaled]) if files else journaled

    def parquet_of(self, files: Sequence[str]) -> Any:
        """Some Parquet files as an Arrow dataset."""
        return ds.dataset(list(files), schema=SAMPLE_SCHEMA, format="parquet", filesystem=self.filesystem)

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
        runs = self._facts(look, "runs")
        return are_at_once(runs, sorted({tag for row in runs for tag in row["tags"]}))

    # -------------------------------------------------------------- beneath

    def _parquet(self, folder: str) -> list[str]:
        """The Parquet files below a folder, without those that a joined one stands for."""
        selector = pa.fs.FileSelector(folder, recursive=True, allow_not_found=True)
        found = [
            info.path for info in self.filesystem.get_file_info(selector) if info.type == pa.fs.FileType.File
        ]
        notes = [path for path in found if path.endswith(REPLACED)]
        gone: set[str] = set()
        for note in notes:
            place, _, name = note.rpartition("/")
            if f"{place}/{name[1:].removesuffix(REPLACED)}" in found:
                with self.filesystem.open_input_stream(note) as file:
                    gone |= {f"{place}/{part}" for part in json.loads(file.read())}
        return sorted(
            path
            for path in found
            if path.endswith(PARQUET) and path not in gone and not path.rpartition("/")[2].startswith(".")
        )

    def _journal(self, path: str) -> tuple[Any, list[dict[str, Any]]]:
        """A journal, read again only where it has grown."""
        size = self.filesystem.get_file_info(path).size
        if (path, size) not in self._read:
            self._read = {key: kept for key, kept in self._read.items() if key[0] != path}
            with self.filesystem.open_input_file(path) as file:
                self._read[path, size] = read_journal(file)
        return self._read[path, size]

    def _samples(self, look: Look, tags: Sequence[str], start_ns: int, end_ns: int) -> dict[str, Samples]:
        first, last = hour_of(start_ns), hour_of(end_ns)
        runs = self._facts(look, "runs")
        hours = [hour for hour in look.samples if first <= hour <= last]
        began, own = self._journaled(look, tags)
        whole = self._joined(look, hours, tags, own, are_at_once(runs, tags))
        # What a tag read already as its recording began may be of any time before.
        known = [hour for hour in look.present if hour >= first]
        begins = pa.concat_tables([*(table for _, table in began), self._hours(look.present, known, tags)])
        found = samples_by_tag(between(whole, start_ns, end_ns), tags)
        for tag, part in samples_by_tag(between(begins, start_ns, end_ns), tags).items():
            found[tag] = with_new(found.get(tag), part)
        others = pa.concat_tables([*(table for _, table in own), begins])
        began_before = covers_in(runs, tags, until_ns=start_ns)
        earlier = self._earlier(look, list(began_before), start_ns, others)
        return {
            tag: one_after_other([part for part in (earlier.get(tag), found.get(tag)) if part is not None])
            for tag in tags
            if tag in earlier or tag in found
        }

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
        self, look: Look, hours: Sequence[int], tags: Sequence[str], own: list[tuple[str, Any]], twice: bool
    ) -> Any:
        """The samples of some hours' files and of journals; each once where several listened at once."""
        if not twice:
            tables = [table for _, table in own]
            return pa.concat_tables([self._hours(look.samples, hours, tags), *tables])
        paths = [path for hour in hours for path in look.samples[hour]]
        parts = [(run_of(path), self.scan([path], tags)) for path in paths]
        return once_each([*(t for _, t in parts), *(t for _, t in own)], [run for run, _ in [*parts, *own]])

    def _earlier(self, look: Look, tags: Sequence[str], start_ns: int, others: Any) -> dict[str, Samples]:
        """Of each tag the newest sample before a time: `others` are those that stand in no hour's file."""
        found = {
            tag: part.rows(slice(-1, None))
            for tag, part in samples_by_tag(between(others, 1, start_ns - 1), tags).items()
        }
        wanted = list(tags)
        for hour in reversed([hour for hour in look.hours if hour <= hour_of(start_ns)]):
            if not wanted:
                break
            parts = [self._hours(kind, [hour], wanted) for kind in (look.samples, look.heads, look.present)]
            before = between(pa.concat_tables(parts), 1, start_ns - 1)
            # Each hour has, at its head, what its tags read before: no hour further back knows better.
            for tag, part in samples_by_tag(before, wanted).items():
                last = part.rows(slice(-1, None))
                if tag not in found or last.time_ns[0] >= found[tag].time_ns[0]:
                    found[tag] = last
                wanted = [one for one in wanted if one != tag]
        return found

    def _hours(self, files: Mapping[int, Sequence[str]], hours: Sequence[int], tags: Sequence[str]) -> Any:
        """What the files of some hours have of tags."""
        return self.scan([path for hour in hours for path in files.get(hour, ())], tags)

    def scan(self, files: Sequence[str], tags: Sequence[str]) -> Any:
        """The samples of tags in some Parquet files; only row groups that have any are read."""
        if not files or not tags:
            return SAMPLE_SCHEMA.empty_table()
        return self.parquet_of(files).to_table(filter=ds.field("tag").isin(list(tags)))

    def _facts(self, look: Look, table: str) -> list[dict[str, Any]]:
        files = counting_facts(self._parquet(f"{self.root}/{table}/{plant_folder(self.plant)}"), table, look)
        rows = [row for path in files for row in facts_in(table, self._fact_file(path))]
        for segment in sorted(look.journals):
            told = folded(look.journals[segment][1])[table]
            rows += [{**dict.fromkeys(keys_of(table)), **row, "run": segment.run} for row in told]
        if table in BY_RUN:
            rows = newest(rows, BY_RUN[table])
        if table == "runs":
            return joined_runs([{**row, "tags": row["tags"] or []} for row in rows])
        return rows

    def _fact_file(self, path: str) -> Any:
        """A small table, read again only where it is another file by now."""
        key = (path, self.filesystem.get_file_info(path).mtime_ns)
        if key not in self._tables:
            with self.filesystem.open_input_file(path) as file:
                self._tables[key] = pq.read_table(file)
        return self._tables[key]


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


def keys_of(table: str) -> list[str]:
    """The names that a table's facts have."""
    return [f"{name}_ns" if pa.types.is_timestamp(kind) else name for name, kind in TABLES[table].items()]


def counting_facts(files: Sequence[str], table: str, look: Look) -> list[str]:
    """The files of a small table that count; a run's own file has what its journal has yet, or less."""
    return list(files) if table in BY_RUN else counting(files, look.journals)


def by_hour(files: Any) -> dict[int, list[str]]:
    """Files by the hour that their path tells."""
    found: dict[int, list[str]] = {}
    for path in files:
        found.setdefault(hour_in(path), []).append(path)
    return found


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


def of_tags(table: Any, tags: Sequence[str]) -> Any:
    """The rows of some tags."""
    return table.filter(pc.is_in(table["tag"], pa.array(list(tags), pa.string())))


def between(table: Any, start_ns: int, end_ns: int) -> Any:
    """The rows of a stretch of time; those without a time are in none."""
    times = table["timestamp"].cast(pa.int64())
    return table.filter(pc.and_(pc.greater_equal(times, start_ns), pc.less_equal(times, end_ns)))


def with_new(own: Samples | None, begins: Samples) -> Samples:
    """A tag's samples, and of what it read as recordings began that which none of them is."""
    if own is None:
        return begins.rows(first_of_each(begins))
    new = [row for row in first_of_each(begins).tolist() if not has(own, begins, row)]
    if not new:
        return own
    whole = one_after_other([own, begins.rows(np.array(new))])
    return whole.rows(np.argsort(whole.time_ns, kind="stable"))


def first_of_each(samples: Samples) -> Any:
    """Of samples with the same time and quality the first: each recording that began anew tells it."""
    kept: dict[tuple[int, int], int] = {}
    for row, key in enumerate(zip(samples.time_ns.tolist(), samples.quality.tolist(), strict=True)):
        kept.setdefault(key, row)
    return np.array(list(kept.values()), np.int64)


def has(own: Samples, begins: Samples, row: int) -> bool:
    """Whether a sample is among others, by time, quality and value."""
    time_ns = begins.time_ns[row]
    first, last = np.searchsorted(own.time_ns, [time_ns, time_ns + 1]).tolist()
    return any(
        own.quality[place] == begins.quality[row]
        and np.array_equal(np.asarray(own.value(place)), np.asarray(begins.value(row)))
        for place in range(first, last)
    )
