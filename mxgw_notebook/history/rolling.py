"""From a journal that is complete to Parquet: sorted by tag and time, an hour a folder."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from mxgw_notebook.history.facts import BY_RUN, fact_table, facts_in, folded, joined_runs, newest
from mxgw_notebook.history.folder import (
    HOUR_NS,
    PARQUET,
    PRESENT,
    Segment,
    hour_folder,
    hour_of,
    left_behind,
    plant_folder,
    plant_of,
    put_table,
)
from mxgw_notebook.history.journal import read_journal
from mxgw_notebook.history.rows import PRESENT as PRESENT_FLAG
from mxgw_notebook.history.rows import SAMPLE_SCHEMA

# Small enough that a tag's own rows are found without reading many others', large enough to compress well:
# eight times as many are a seventh smaller, and take three times as long to find one of a thousand tags in.
ROW_GROUP: Final = 4_096
SETTINGS: Final[Mapping[str, Any]] = {
    "row_group_size": ROW_GROUP,
    "use_dictionary": ["tag", "kind", "text", "value", "quality", "flags"],
    "column_encoding": {"timestamp": "DELTA_BINARY_PACKED", "sequence": "DELTA_BINARY_PACKED"},
    # By these a tag and a time are found; of pages of so few rows no index says more, and each file's
    # footer is read whole.
    "write_statistics": ["tag", "timestamp"],
}
# Hours into which late rows may reach back one by one; beyond, only what held in the segment's own is told.
MOST_HOURS = 48


def roll_left(root: Path, plant: str, *, by_others: bool = False, ended: Collection[Path] = ()) -> str:
    """Does so with all journals of recorders that are no more; answers why not with all of them.

    Of those of which no lock tells, only whoever tidies the folder may do it; or who knows that they ended.
    """
    trouble = ""
    for path, hold in left_behind(root, plant, by_others=by_others, ended=ended):
        try:
            roll(root, path)
        except Exception as error:  # whatever it is: the journal stays, and is read as it is
            trouble = f"a journal stays as it is: {type(error).__name__}: {error}"
        finally:
            hold.release()
    return trouble


def roll(root: Path, journal: Path) -> None:
    """Makes Parquet of a journal that nobody appends to any more, and removes it.

    May be killed at any moment, and is then done again: until the journal is gone it is what counts.
    """
    segment, plant = Segment.of(journal.name), plant_of(journal.parent.name)
    samples, facts = read_journal(journal)
    tables = folded(facts)
    begin_ns = tables["runs"][0]["begin_ns"] if tables["runs"] else 0
    until_ns = max([row["until_ns"] for row in tables["runs"]], default=begin_ns)
    present, own = split(samples)
    place = root / "samples" / plant_folder(plant)
    ordered = by_tag_and_time(own)
    times = times_of(ordered, begin_ns)
    hours = times // HOUR_NS * HOUR_NS
    for hour in np.unique(hours).tolist():
        rows = pa.array(np.flatnonzero(hours == hour))
        put_table(place / hour_folder(hour) / f"{segment}{PARQUET}", ordered.take(rows), **SETTINGS)
    put_heads(root, plant, segment, (present, ordered, times), (hour_of(begin_ns), hour_of(until_ns)))
    for table, rows in tables.items():
        put_facts(root, plant, segment, table, rows, begin_ns)
    journal.unlink(missing_ok=True)


def split(samples: Any) -> tuple[Any, Any]:
    """What tags read already as their recording began, and what came while it lasted."""
    is_present = pc.not_equal(pc.bit_wise_and(samples["flags"], pa.scalar(PRESENT_FLAG, pa.uint8())), 0)
    return samples.filter(is_present), samples.filter(pc.invert(is_present))


def by_tag_and_time(samples: Any) -> Any:
    """Sorted by tag, then time; of equal times in the order of the table."""
    if not samples.num_rows:
        return samples
    tags = pc.rank(samples["tag"], tiebreaker="dense").to_numpy(zero_copy_only=False)
    return samples.take(pa.array(np.lexsort((times_of(samples, 0), tags))))


def times_of(samples: Any, instead: int) -> NDArray[np.int64]:
    """The times in nanoseconds, and another one for those that are not known."""
    known = samples["timestamp"].cast(pa.int64()).fill_null(instead)
    found: NDArray[np.int64] = known.to_numpy(zero_copy_only=False)
    return found


def last_of_each(samples: Any, times: NDArray[np.int64], before: int) -> Any:
    """The last row of each tag before a time, of samples by tag and time."""
    rows = np.flatnonzero((times < before) & (times > 0))
    if not len(rows):
        return samples.slice(0, 0)
    tags = samples["tag"].take(pa.array(rows))
    places = pc.rank(tags, tiebreaker="dense").to_numpy(zero_copy_only=False)
    ends = np.append(np.flatnonzero(np.diff(places)), len(rows) - 1)
    return samples.take(pa.array(rows[ends]))


def put_heads(
    root: Path,
    plant: str,
    segment: Segment,
    parts: tuple[Any, Any, NDArray[np.int64]],
    hours: tuple[int, int],
) -> None:
    """Writes what each tag read at the beginning of the segment, and as each hour began that it reached.

    What came late, of an hour before, changes what the hours after it began with: then more is told of them.
    The reader takes the newest of all that is told of a tag.
    """
    present, own, times = parts
    first, last = hours
    place = root / "heads" / plant_folder(plant)
    if present.num_rows:
        put_table(place / hour_folder(first) / f"{segment}{PRESENT}{PARQUET}", by_tag_and_time(present))
    carried = carried_into(place, segment, first)
    begins = pa.concat_tables([carried, present.select(SAMPLE_SCHEMA.names)])
    known = by_tag_and_time(pa.concat_tables([begins, own]))
    known_times = times_of(known, 0)
    earliest = max(hour_of(int(times[times > 0].min(initial=first))), last - MOST_HOURS * HOUR_NS)
    for hour in range(earliest + HOUR_NS, last + 2 * HOUR_NS, HOUR_NS):
        # The next hour's, too: the segment that follows may begin with it, and never hear of most tags.
        put_table(place / hour_folder(hour) / f"{segment}{PARQUET}", last_of_each(known, known_times, hour))


def carried_into(place: Path, segment: Segment, hour: int) -> Any:
    """What the segment before knew of each tag, as it told for the hours that follow it."""
    before = f"{Segment(segment.run, segment.number - 1)}{PARQUET}"
    for told in (hour + HOUR_NS, hour):
        path = place / hour_folder(told) / before
        if path.exists():
            return pq.read_table(path, partitioning=None).cast(SAMPLE_SCHEMA)
    return SAMPLE_SCHEMA.empty_table()


def put_facts(
    root: Path, plant: str, segment: Segment, table: str, rows: Sequence[Mapping[str, Any]], begin_ns: int
) -> None:
    """Writes the facts of one table."""
    if not rows:
        return
    named = [{**row, "run": segment.run} for row in rows]
    place = root / table / plant_folder(plant)
    if table in BY_RUN:
        path = place / f"{segment.run}{PARQUET}"
        known = facts_in(table, pq.read_table(path, partitioning=None)) if path.exists() else []
        whole = newest([*known, *named], BY_RUN[table])
        put_table(path, fact_table(table, joined_runs(whole) if table == "runs" else whole))
    else:
        day = hour_folder(hour_of(begin_ns)).split("/")[0]
        put_table(place / day / f"{segment}{PARQUET}", fact_table(table, named))
