"""The files of a recording's folder that count, and what stands in them. It may be recorded to meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.fs
import pyarrow.parquet as pq

from mxgw_notebook.history.facts import (
    BESIDE,
    BY_RUN,
    TABLES,
    TIME,
    fact_table,
    facts_in,
    folded,
    joined_runs,
    newest,
    schema_of,
    told_once,
)
from mxgw_notebook.history.folder import (
    PARQUET,
    PRESENT,
    Segment,
    counting,
    hours_in,
    listed,
    plant_folder,
)
from mxgw_notebook.history.journal import SUFFIX, read_journal
from mxgw_notebook.history.rows import PLAIN_KINDS, SAMPLE_SCHEMA
from mxgw_notebook.history.tidying import REPLACED

T = TypeVar("T")
Journaled = tuple[Any, list[dict[str, Any]]]
# What a number needs. Of one tag in many files, opening each column takes as long as reading it.
NUMBER_COLUMNS: Final = ("tag", "timestamp", "value", "quality", "kind", "flags")
# A segment may become Parquet, and an hour one file, while one looks: then one looks again.
LOOKS: Final = 5
# Of many files a little each is read: gathering it beforehand takes longer than reading it.
FORMAT: Final = ds.ParquetFileFormat(
    default_fragment_scan_options=ds.ParquetFragmentScanOptions(pre_buffer=False)
)


class Look:
    """The files that count at one moment: journals by segment, those of samples and heads by hour.

    The journals are those of its making; what there is of them in Parquet does not count, also where they
    have become that since. The others are listed when they are first asked for.
    """

    def __init__(self, files: RecordedFiles, journals: Mapping[Segment, Journaled]) -> None:
        self._files, self.journals = files, journals

    @cached_property
    def samples(self) -> Mapping[int, Sequence[str]]:
        """What came in each hour."""
        return by_hour(self._counting("samples"))

    @cached_property
    def heads(self) -> Mapping[int, Sequence[str]]:
        """What each tag read as an hour began."""
        return by_hour(path for path in self._heads if PRESENT not in path)

    @cached_property
    def present(self) -> Mapping[int, Sequence[str]]:
        """What tags read already as recordings began, by the hour of that."""
        return by_hour(path for path in self._heads if PRESENT in path)

    def table_of(self, files: Sequence[str]) -> Any:
        """All that some of the files have."""
        return self._files.parquet_of(files).to_table() if files else SAMPLE_SCHEMA.empty_table()

    @property
    def hours(self) -> list[int]:
        """Those of which there is anything, the oldest first."""
        return sorted({*self.samples, *self.heads, *self.present})

    @cached_property
    def _heads(self) -> list[str]:
        return self._counting("heads")

    def _counting(self, table: str) -> list[str]:
        """Raises FileNotFoundError where a journal has gone: what it held may be in a joined file by now."""
        found = counting(self._files.parquet(table), self.journals)
        self._files.check_standing(self.journals)
        return found


class RecordedFiles:
    """A recording's folder as files and what is in them.

    Args:
        filesystem: Arrow's, or of fsspec.
        root: The folder in it.
        plant: Whose values.
    """

    def __init__(self, filesystem: Any, root: str, plant: str) -> None:
        self.filesystem, self.root, self.plant = filesystem, root, plant
        self._read: dict[tuple[str, int], Journaled] = {}
        self._tables: dict[tuple[str, int], Any] = {}

    def facts(self, table: str) -> list[dict[str, Any]]:
        """The rows of one of the small tables, those in journals too."""
        facts = self.looking(lambda look: self.facts_by(look, table))
        return told_once(table, facts) if table in BESIDE else facts

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
        paths = listed(self.filesystem, self.folder("journal"))
        named = [(Segment.of(path.rpartition("/")[2]), path) for path in paths if path.endswith(SUFFIX)]
        return Look(self, {segment: self._journal(path) for segment, path in named})

    def folder(self, table: str) -> str:
        """Where the files of a table stand."""
        return f"{self.root}/{table}/{plant_folder(self.plant)}"

    def check_standing(self, journals: Iterable[Segment]) -> None:
        """Raises FileNotFoundError where a journal is none any more."""
        paths = [f"{self.folder('journal')}/{segment}{SUFFIX}" for segment in journals]
        for info in self.filesystem.get_file_info(paths):
            if info.type == pa.fs.FileType.NotFound:
                raise FileNotFoundError(info.path)

    def parquet_of(self, files: Sequence[str]) -> Any:
        """Some Parquet files as an Arrow dataset."""
        # Somewhere else each reading is a question of its own: there it is gathered.
        form = FORMAT if isinstance(self.filesystem, pa.fs.LocalFileSystem) else "parquet"
        return ds.dataset(list(files), schema=SAMPLE_SCHEMA, format=form, filesystem=self.filesystem)

    def scan(self, files: Sequence[str], tags: Sequence[str], columns: Sequence[str] | None = None) -> Any:
        """The samples of tags in some Parquet files; only row groups that have any are read.

        All columns, or some of them; those that are left out are null.
        """
        if not files or not tags:
            return SAMPLE_SCHEMA.empty_table()
        name = ds.field("tag")
        # Which row groups have one tag is told sooner than which have any of a list.
        is_wanted = name == tags[0] if len(tags) == 1 else name.isin(list(tags))
        found = self.parquet_of(files).to_table(columns=columns and list(columns), filter=is_wanted)
        return found if columns is None else filled_up(found)

    def scan_values(self, files: Sequence[str], tags: Sequence[str]) -> Any:
        """The same without `sequence`: of tags that have numbers alone, with the columns of numbers."""
        found = self.scan(files, tags, NUMBER_COLUMNS)
        is_plain = pc.fill_null(pc.is_in(found["kind"], pa.array(PLAIN_KINDS)), True)
        is_plain = pc.or_(is_plain, pc.is_null(found["kind"]))
        others = pc.unique(found["tag"].filter(pc.invert(is_plain))).to_pylist()
        if not others:
            return found
        kept = found.filter(pc.invert(pc.is_in(found["tag"], pa.array(others))))
        return pa.concat_tables([kept, self.scan(files, others)])

    def facts_by(self, look: Look, table: str) -> list[dict[str, Any]]:
        """The rows of one of the small tables, as one look has them."""
        files = counting_facts(self.parquet(table), table, look)
        rows = [row for path in files for row in facts_in(table, self._fact_file(path))]
        for segment in sorted(look.journals):
            told = folded(look.journals[segment][1])[table]
            rows += [{**dict.fromkeys(keys_of(table)), **row, "run": segment.run} for row in told]
        if table in BY_RUN:
            rows = newest(rows, BY_RUN[table])
        if table == "runs":
            return joined_runs([{**row, "tags": row["tags"] or []} for row in rows])
        return rows

    def alarm_rows(self, look: Look, start_ns: int, end_ns: int) -> Any:
        """The transitions of a time as a table; of the files only row groups that have any are read."""
        schema, time = schema_of("alarms"), ds.field("time")
        ends = [pa.scalar(edge, pa.int64()).cast(TIME) for edge in (start_ns, end_ns)]
        is_inside = (time >= ends[0]) & (time <= ends[1])
        if start_ns <= 0:  # one whose time is not known comes before all others
            is_inside |= time.is_null()
        told = [
            fact for segment in sorted(look.journals) for fact in folded(look.journals[segment][1])["alarms"]
        ]
        tables = [ds.dataset(fact_table("alarms", told)).to_table(filter=is_inside)]
        if files := counting_facts(self.parquet("alarms"), "alarms", look):
            filed = ds.dataset(files, schema=schema, format="parquet", filesystem=self.filesystem)
            tables.insert(0, filed.to_table(filter=is_inside))
        return pa.concat_tables(tables)

    def parquet(self, table: str) -> list[str]:
        """The Parquet files of a table, without those that a joined one stands for."""
        selector = pa.fs.FileSelector(self.folder(table), recursive=True, allow_not_found=True)
        found = [info.path for info in self.filesystem.get_file_info(selector) if info.is_file]
        notes = [path for path in found if path.endswith(REPLACED)]
        gone: set[str] = set()
        for note in notes:
            place, _, name = note.rpartition("/")
            if f"{place}/{name[1:].removesuffix(REPLACED)}" in found:
                with self.filesystem.open_input_stream(note) as file:
                    gone |= {beside(place, part) for part in json.loads(file.read())}
        return sorted(
            path
            for path in found
            if path.endswith(PARQUET) and path not in gone and not path.rpartition("/")[2].startswith(".")
        )

    def _journal(self, path: str) -> Journaled:
        """A journal, read again only where it has grown."""
        size = self.filesystem.get_file_info(path).size
        found = self._read.get((path, size))
        if found is None:
            with self.filesystem.open_input_file(path) as file:
                found = read_journal(file)
            # Another thread may do so at the same time.
            others = {key: kept for key, kept in self._read.items() if key[0] != path}
            self._read = {**others, (path, size): found}
        return found

    def _fact_file(self, path: str) -> Any:
        """A small table, read again only where it is another file by now."""
        key = (path, self.filesystem.get_file_info(path).mtime_ns)
        if key not in self._tables:
            with self.filesystem.open_input_file(path) as file:
                self._tables[key] = pq.read_table(file)
        return self._tables[key]


def beside(place: str, part: str) -> str:
    """The path of a file that a note in a folder names: `HOUR/NAME`, or by its name alone."""
    return f"{place.rpartition('/')[0]}/{part}" if "/" in part else f"{place}/{part}"


def in_hours(files: Mapping[int, Sequence[str]], hours: Iterable[int]) -> list[str]:
    """The files of some hours, each once."""
    return list(dict.fromkeys(path for hour in hours for path in files.get(hour, ())))


def filled_up(table: Any) -> Any:
    """Samples with all columns; those that they lack are null."""
    columns = [
        table[field.name] if field.name in table.column_names else pa.nulls(table.num_rows, field.type)
        for field in SAMPLE_SCHEMA
    ]
    return pa.table(columns, schema=SAMPLE_SCHEMA)


def keys_of(table: str) -> list[str]:
    """The names that a table's facts have."""
    return [f"{name}_ns" if pa.types.is_timestamp(kind) else name for name, kind in TABLES[table].items()]


def counting_facts(files: Sequence[str], table: str, look: Look) -> list[str]:
    """The files of a small table that count; a run's own file has what its journal has yet, or less."""
    return list(files) if table in BY_RUN else counting(files, look.journals)


def by_hour(files: Any) -> dict[int, list[str]]:
    """Files by the hour that their path tells; one of a whole day stands at each of its hours."""
    found: dict[int, list[str]] = {}
    for path in files:
        for hour in hours_in(path):
            found.setdefault(hour, []).append(path)
    return found
