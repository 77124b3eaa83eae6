"""A part of a recording as one file, for a colleague: values, alarms, writes, the galaxy's part, notes."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mxgw_notebook.errors import ConfigurationError, reason_of
from mxgw_notebook.frames import write_galaxy
from mxgw_notebook.history.facts import BY_RUN, TABLES
from mxgw_notebook.history.files import RecordedFiles
from mxgw_notebook.history.folder import Segment, galaxy_file, plant_folder, prepare
from mxgw_notebook.history.journal import SUFFIX, Journal
from mxgw_notebook.history.pseudonyms import Pseudonyms
from mxgw_notebook.history.recorded import RecordedSource
from mxgw_notebook.history.rolling import roll
from mxgw_notebook.history.rows import PRESENT, SAMPLE_SCHEMA

ZIP: Final = ".zip"
# The tables of things that were told of a time.
TIMED: Final = tuple(table for table in TABLES if table not in BY_RUN)
HINT: Final = "A capsule is a recording in a file: recording.cut(start, end, to='incident.zip')."
Facts = dict[str, list[dict[str, Any]]]


def write_capsule(
    source: RecordedSource,
    galaxy: tuple[pd.DataFrame, pd.DataFrame] | None,
    tags: Sequence[str],
    span: tuple[int, int],
    to: Path,
    *,
    pseudonyms: bool,
) -> None:
    """Writes what was recorded of tags in a stretch of time, whole or not at all.

    Raises:
        ConfigurationError: Nothing was recorded then, or the file cannot be written.
    """
    names = Pseudonyms(pseudonyms, galaxy)
    facts = facts_within(source, tags, span)
    if not facts["runs"]:
        raise ConfigurationError("Nothing was recorded in that time", hint="See recording.span, .gaps().")
    rows = names.samples(source.rows(tags, *span))
    plant = names.plant(source.plant)
    with tempfile.TemporaryDirectory(prefix="mxgw-capsule-") as place:
        root = Path(place)
        prepare(root, plant)
        for number, run in enumerate(sorted({row["run"] for row in facts["runs"]})):
            own = {table: [row for row in told if row["run"] == run] for table, told in facts.items()}
            put_run(root, plant, names.facts(own), rows if not number else rows.slice(0, 0), span)
        if galaxy is not None:
            path = galaxy_file(root, plant, max(span[0], 1))
            write_galaxy(path, *names.galaxy(*part_of(galaxy, tags)))
        put_zip(root, to)


def facts_within(source: RecordedFiles, tags: Sequence[str], span: tuple[int, int]) -> Facts:
    """What was told of a stretch of time: of gaps and of who listened the part that lies in it."""
    start, end = span
    found = {table: source.facts(table) for table in TABLES}
    wanted = set(tags)
    runs = []
    for row in found["runs"]:
        own = [tag for tag in row["tags"] if tag in wanted]
        if own and row["begin_ns"] <= end and row["until_ns"] >= start:
            clipped = {"begin_ns": max(row["begin_ns"], start), "until_ns": min(row["until_ns"], end)}
            runs.append({**row, **clipped, "tags": own})
    found["runs"] = runs
    found["gaps"] = [
        row for row in found["gaps"] if row["start_ns"] <= end and (row["end_ns"] or end) >= start
    ]
    found["descriptions"] = [row for row in found["descriptions"] if row["tag"] in wanted]
    stood = standing([row for row in found["alarms"] if (row["time_ns"] or 0) < start])
    for table in TIMED:
        found[table] = [row for row in found[table] if start <= (row["time_ns"] or 0) <= end]
    found["alarms"] = [*stood, *found["alarms"]]
    kept = {row["run"] for row in runs}
    first = min(kept, default="")
    # Alarms are often another recorder's than the values are.
    return {
        table: [row if row["run"] in kept else {**row, "run": first} for row in told]
        for table, told in found.items()
    }


def standing(alarms: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of transitions those that tell how the alarms came to be that stand after them."""
    since: dict[str, list[dict[str, Any]]] = {}
    for row in alarms:
        if row["transition"] == "RAISE":
            since[row["reference"]] = []
        since.setdefault(row["reference"], []).append(row)
    over = {"ACKNOWLEDGE", "CLEAR"}
    stood = [rows for rows in since.values() if not over <= {row["transition"] for row in rows}]
    return [row for rows in stood for row in rows]


def put_run(root: Path, plant: str, facts: Facts, rows: Any, span: tuple[int, int]) -> None:
    """One run's part, by way of a journal: so it has the form of any other."""
    run = facts["runs"][0]["run"]
    path = root / "journal" / plant_folder(plant) / f"{Segment(run, 0)}{SUFFIX}"
    begin_ns = min(row["begin_ns"] for row in facts["runs"])
    journal = Journal(path)
    try:
        journal.append(None, list(told_of(facts, begin_ns)))
        journal.append(flagged(rows, span[0]), [])
    finally:
        journal.close()
    roll(root, path)


def told_of(facts: Facts, begin_ns: int) -> Iterator[dict[str, Any]]:
    """A run's facts as a journal has them: who listened to what, one stretch after the other."""
    for number, row in enumerate(sorted(facts["runs"], key=lambda row: row["begin_ns"])):
        yield {**row, "table": "tags" if number else "begin", "begin_ns": row["begin_ns"]}
        yield {"table": "end" if row["ended"] else "alive", "until_ns": row["until_ns"]}
    for table, told in facts.items():
        if table != "runs":
            yield from ({**row, "table": table} for row in told)


def flagged(rows: Any, start_ns: int) -> Any:
    """Samples as one batch, those from before the beginning as what tags read already then."""
    if not rows.num_rows:
        return None
    early = pc.less(rows["timestamp"].cast(pa.int64()), start_ns).fill_null(False)
    present = pc.multiply(early.cast(pa.uint8()), pa.scalar(PRESENT, pa.uint8()))
    flags = pc.bit_wise_or(rows["flags"], present)
    place = rows.schema.get_field_index("flags")
    whole = rows.set_column(place, "flags", flags.cast(pa.uint8())).select(SAMPLE_SCHEMA.names)
    return whole.cast(SAMPLE_SCHEMA).combine_chunks().to_batches()[0]


def part_of(
    galaxy: tuple[pd.DataFrame, pd.DataFrame], tags: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The objects of tags, with all that they stand in."""
    objects, attributes = galaxy
    parents = dict(zip(objects["tag_name"].astype(str), objects["parent"], strict=True))
    kept: set[str] = set()
    for tag in tags:
        name: Any = tag.partition(".")[0]
        while isinstance(name, str) and name in parents and name not in kept:
            kept.add(name)
            name = parents[name]
    wanted = objects["tag_name"].astype(str).isin(kept)
    own = attributes["object"].astype(str).isin(kept)
    return objects[wanted].reset_index(drop=True), attributes[own].reset_index(drop=True)


def put_zip(root: Path, to: Path) -> None:
    """All files of a folder as one. Raises ConfigurationError where it cannot be written."""
    part = to.with_name(f".{to.name}.{os.getpid()}")
    try:
        # Parquet is compressed already.
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as file:
            for path in sorted(one for one in root.rglob("*") if one.is_file()):
                file.write(path, path.relative_to(root).as_posix())
        part.replace(to)
    except OSError as error:
        raise ConfigurationError(
            f"{to} cannot be written: {reason_of(error)}", hint="Name another."
        ) from None
    finally:
        part.unlink(missing_ok=True)


def unpacked(path: Path) -> Path:
    """A capsule as a folder, which is the caller's to remove. Raises ConfigurationError for no capsule."""
    folder = Path(tempfile.mkdtemp(prefix="mxgw-capsule-"))
    try:
        with zipfile.ZipFile(path) as file:
            file.extractall(folder)
    except (OSError, zipfile.BadZipFile) as error:
        shutil.rmtree(folder, ignore_errors=True)
        reason = reason_of(error)
        raise ConfigurationError(f"{path} holds no recording: {reason}", hint=HINT) from None
    return folder


def capsule_named(to: str | Path) -> Path:
    """The file's path. Raises ConfigurationError for one that would not be opened as a capsule."""
    path = Path(to)
    if path.suffix != ZIP:
        raise ConfigurationError(f"{path} is not a capsule's name", hint="It ends in .zip: incident.zip.")
    return path
