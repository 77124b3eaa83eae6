"""Makes a tape of a recording: what the embedded gateway plays. Its form stands in `simulator.tape`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import MILLISECOND_NS, write_galaxy
from mxgw_notebook.history.asked_of import galaxy_in, named_in, reached, time_in
from mxgw_notebook.history.facts import alarm_fact
from mxgw_notebook.history.recording import Recording
from mxgw_notebook.history.rolling import by_tag_and_time, times_of

# It is held in memory while it is played: some 2 GB.
MOST_SAMPLES: Final = 20_000_000
SETTLING_NS: Final = 60_000_000_000
EARLIEST_NS: Final = 1  # 0 is a time that is not known
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
    put_samples(folder / "samples.arrow", rows)
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
