"""Makes a tape of a recording: what the embedded gateway plays. Its form stands in `simulator.tape`."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import MILLISECOND_NS, write_galaxy
from mxgw_notebook.history.asked_of import galaxy_in, named_in, reached, time_in
from mxgw_notebook.history.facts import alarm_fact
from mxgw_notebook.history.past import Past
from mxgw_notebook.history.recording import Recording
from mxgw_notebook.history.rolling import by_tag_and_time, times_of
from mxgw_notebook.history.source import Span
from mxgw_notebook.live import Gap
from mxgw_notebook.words import RESUMING

# It is held in memory while it is played: some 2 GB.
MOST_SAMPLES: Final = 20_000_000
SETTLING_NS: Final = 60_000_000_000
EARLIEST_NS: Final = 1  # 0 is a time that is not known
LAST_KNOWN: Final = 20  # the OPC byte for: no connection, and this is the last value
# Of a tag: from when, until when, and whether its value goes on afterwards.
Gaps = list[tuple[int, int, bool]]
COLUMNS: Final = ("tag", "timestamp", "value", "quality", "kind", "integer", "text")


def write_tape(
    recording: Recording, folder: Path, *, tags: Sequence[Any] = (), start: Any = None, end: Any = None
) -> None:
    """Writes what was recorded between two times to a folder, with what each tag read at the first of them.

    Raises:
        ConfigurationError: Nothing was recorded then, or too much for one replay; or something is not a time.
    """
    wanted = named_in(recording, tags)
    start_ns, end_ns = reached(recording, *time_in(recording, start, end))
    is_whole = start is None
    # Nobody can tell what held before the whole of it, but what tags read as it began may be of any time.
    rows = recording.source.rows(wanted, EARLIEST_NS if is_whole else start_ns, end_ns)
    start_ns = begin_of_tape(rows, start_ns) if is_whole else start_ns
    if rows.num_rows > MOST_SAMPLES:
        message = f"{rows.num_rows:,} samples are too many for one replay ({MOST_SAMPLES:,})"
        raise ConfigurationError(message, hint="Play a part of it: fewer tags, or from and to a time.")
    if not rows.num_rows:
        raise ConfigurationError("Nothing was recorded in that time", hint=f"See {recording!r}.")
    marks = gap_marks(rows, gaps_of_each(recording, wanted, start_ns, end_ns))
    put_samples(folder / "samples.arrow", pa.concat_tables([rows, *marks]))
    alarms = [alarm_fact(record) for record in recording.source.alarms(0, end_ns)]
    (folder / "alarms.json").write_text(json.dumps(alarms), "utf-8")
    facts = {"begin_ns": start_ns, "end_ns": end_ns, "tags": described(recording)}
    (folder / "tape.json").write_text(json.dumps(facts), "utf-8")
    galaxy = galaxy_in(recording, end_ns)
    if galaxy is not None:
        write_galaxy(folder / "plant.parquet", galaxy.objects, galaxy.attributes)


def begin_of_tape(rows: Any, start_ns: int) -> int:
    """When to begin so that of each tag one sample is before it: the last one alone is played.

    A recorder's clock knows that of its gateway only roughly, so its first events may be of a time before it
    began, which is `start_ns`.
    """
    # Of all that was recorded only this little has to be sorted.
    ordered = by_tag_and_time(rows.filter(pa.array(times_of(rows, 0) <= start_ns)))
    times, tags = times_of(ordered, 0)[1:], pc.rank(ordered["tag"], tiebreaker="dense").to_numpy()
    is_second = (tags[1:] == tags[:-1]) & (times >= start_ns - SETTLING_NS)
    # The embedded gateway's clock is in seconds, and knows no nanoseconds.
    return int(times[is_second].min() - MILLISECOND_NS) if is_second.any() else start_ns


def gaps_of_each(recording: Recording, tags: Sequence[str], start_ns: int, end_ns: int) -> dict[str, Gaps]:
    """Of each tag its gaps in that time."""
    source = recording.source
    alike: dict[tuple[Span, ...], list[str]] = {}
    for tag, spans in source.covers(tags).items():
        alike.setdefault(tuple(spans), []).append(tag)
    past = Past([source])
    return {
        tag: gaps
        for tags_alike in alike.values()
        for gaps in [together(past.gaps(tags_alike, start_ns, end_ns))]
        for tag in tags_alike
    }


def together(gaps: Sequence[Gap]) -> Gaps:
    """Gaps in the order of time as stretches that do not meet; and whether values go on behind each."""
    found: Gaps = []
    for gap in gaps:
        end, resumes = gap.end_ns or gap.start_ns, gap.cause in RESUMING
        if found and gap.start_ns <= found[-1][1]:
            start, last_end, last_resumes = found[-1]
            # As the analyses do: of two that overlap values go on only if they do for both.
            found[-1] = start, max(last_end, end), last_resumes and resumes
        else:
            found.append((gap.start_ns, end, resumes))
    return found


def gap_marks(rows: Any, gaps: Mapping[str, Gaps]) -> list[Any]:
    """Rows that tell of gaps: as one begins its tag is bad; as it ends, what goes on unchanged is as before.

    Why: DECISIONS.md, "In a replay the tags are bad during a gap".
    """
    if not any(gaps.values()):
        return []
    ordered = by_tag_and_time(rows.filter(pc.is_valid(rows["timestamp"])))
    times, tags = times_of(ordered, 0), ordered["tag"]
    codes = pc.rank(tags, tiebreaker="dense").to_numpy()
    bounds = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(times)]
    found = []
    for first, after in itertools.pairwise(bounds):
        own = gaps.get(tags[first].as_py(), []) if first < after else []
        found += marks_of(ordered.slice(first, after - first), times[first:after], own)
    return found


def marks_of(rows: Any, times: NDArray[np.int64], gaps: Gaps) -> list[Any]:
    """The same for the samples of one tag, which are in the order of time."""
    if not gaps:
        return []
    starts, ends, resumes = np.array(gaps, np.int64).T
    before, until = np.searchsorted(times, starts, "right"), np.searchsorted(times, ends, "right")
    known, unheard = before > 0, (before > 0) & (before == until) & (resumes != 0)
    lost = at_times(rows.take(pa.array(before[known] - 1)), starts[known])
    quality = pa.array(np.full(lost.num_rows, LAST_KNOWN, np.uint8))
    place = lost.schema.get_field_index("quality")
    return [
        lost.set_column(place, lost.schema.field(place), quality),
        at_times(rows.take(pa.array(before[unheard] - 1)), ends[unheard]),
    ]


def at_times(rows: Any, times: NDArray[np.int64]) -> Any:
    """The same rows at other times."""
    place = rows.schema.get_field_index("timestamp")
    return rows.set_column(place, "timestamp", pa.array(times).cast(rows.schema.field(place).type))


def put_samples(path: Path, rows: Any) -> None:
    """Samples that have a time in its order; of equal times in the order in which they came."""
    timed = rows.filter(pc.is_valid(rows["timestamp"])).select(COLUMNS)
    timed = timed.set_column(1, "timestamp", timed["timestamp"].cast(pa.int64()))
    # Not stable by itself: the place breaks ties.
    numbered = timed.append_column("place", pa.array(range(timed.num_rows), pa.int64()))
    order = pc.sort_indices(numbered, sort_keys=[("timestamp", "ascending"), ("place", "ascending")])
    ordered = timed.take(order).combine_chunks()
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, ordered.schema) as writer:
        writer.write_table(ordered)


def described(recording: Recording) -> dict[str, dict[str, Any]]:
    """Of each tag what is known of it, as attributes by the names that a plant has for them."""
    found: dict[str, dict[str, Any]] = {}
    for row in recording.source.facts("descriptions"):
        told: dict[str, Any] = {"EngUnits": row["units"], "Description": row["description"]}
        limits = json.loads(row["limits"] or "{}")
        told |= {f"{name}.Limit": float(limit) for name, limit in limits.items()}
        found[row["tag"]] = {name: value for name, value in told.items() if value not in (None, "")}
    return found
