"""The file that is appended to: whatever it is cut off at, all that was written before can be read."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from mxgw_notebook.history import open_recording
from mxgw_notebook.history.folder import Hold, hour_of, left_behind, prepare
from mxgw_notebook.history.journal import HEAD, Journal, read_journal
from mxgw_notebook.history.recorded import RecordedSource
from mxgw_notebook.history.rolling import roll
from mxgw_notebook.history.rows import PRESENT, sample_rows, samples_by_tag
from mxgw_notebook.history.tidying import Keep, tidy

PLANT = "plant"
HOUR = 3_600_000_000_000
BEGIN = hour_of(1_780_000_000_000_000_000)
ALL = 2**62


def rows(tag: str, times: list[int], values: list[Any], flags: int = 0) -> Any:
    """Samples of one tag; what is no float goes beside the numbers, as a decoder has it."""
    others = {row: value for row, value in enumerate(values) if not isinstance(value, float)}
    count = len(times)
    return sample_rows(
        pa.array([tag] * count),
        np.array(times, np.int64),
        np.array([np.nan if row in others else value for row, value in enumerate(values)]),
        np.full(count, 192, np.uint8),
        np.full(count, 4, np.int8),
        {row: value for row, value in others.items() if value is not None},
        np.full(count, flags, np.uint8),
        np.arange(count),
    )


def begin(path: Path, run: str, begin_ns: int, *tags: str) -> Journal:
    path.parent.mkdir(parents=True, exist_ok=True)
    journal = Journal(path)
    told = {"table": "begin", "run": run, "plant": PLANT, "begin_ns": begin_ns, "tags": list(tags)}
    journal.append(None, [told])
    return journal


def place(folder: Path, run: str, number: int = 0) -> Path:
    return folder / "journal" / f"plant={PLANT}" / f"{run}.{number:06d}.arrow"


def source(folder: Path) -> RecordedSource:
    return RecordedSource(pa.fs.LocalFileSystem(), str(folder), PLANT, "recording")


@pytest.fixture
def prepared(folder: Path) -> Path:
    prepare(folder, PLANT)
    return folder


def test_a_journal_that_is_cut_anywhere_has_every_batch_before_that(tmp_path: Path) -> None:
    path = tmp_path / "run.000000.arrow"
    journal = Journal(path)
    ends = [len(HEAD)]
    for number in range(4):
        journal.append(rows("A", [number + 1] * 3, [1.0, "text", None]), [{"table": "note", "n": number}])
        ends.append(journal.size)
    journal.close()
    data = path.read_bytes()
    assert len(data) == journal.size
    for cut in sorted(
        {*range(0, len(data), 97), *(end + step for end in ends for step in (-1, 0, 1)), len(data)}
    ):
        samples, facts = read_journal(pa.BufferReader(data[:cut]))
        whole = sum(end <= cut for end in ends) - 1
        # A batch of facts follows that of samples: the samples may stand alone.
        assert len(facts) == max(0, whole)
        assert samples.num_rows - 3 * max(0, whole) in (0, 3)


def test_a_journal_that_is_there_is_not_opened_again(tmp_path: Path) -> None:
    Journal(tmp_path / "a.000000.arrow").close()
    with pytest.raises(FileExistsError):
        Journal(tmp_path / "a.000000.arrow")


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file grows beyond a size: as where a disk is full, a write takes a part, and the next one none."""
    resource = pytest.importorskip("resource", reason="Windows bounds no file's size")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_could_not_be_written_leaves_a_journal_that_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "run.000000.arrow"
    journal = Journal(path)
    journal.append(rows("A", [1], [1.0]))
    with room_for(journal.size + 300), pytest.raises(OSError, match="too large"):
        journal.append(rows("A", list(range(1, 500)), [float(one) ** 3 for one in range(499)]))
    assert path.stat().st_size == journal.size
    journal.append(rows("A", [2], [2.0]))
    journal.close()
    samples, _ = read_journal(path)
    assert samples["value"].to_pylist() == [1.0, 2.0]
    assert journal.rows == 2


@pytest.mark.parametrize("seed", range(3))
def test_a_disk_that_is_full_at_random_writes_takes_nothing_acknowledged_and_doubles_nothing(
    tmp_path: Path, seed: int
) -> None:
    chance, path = random.Random(seed), tmp_path / "run.000000.arrow"
    journal, acknowledged, refused = Journal(path), list[float](), 0
    for number in range(100):
        batch = [float(100 * number + row) for row in range(chance.randint(1, 40))]
        more = chance.choice([1 << 20, chance.randint(0, 2000)])
        try:
            with room_for(journal.size + more):
                journal.append(rows("A", list(range(1, len(batch) + 1)), batch), [{"table": "note"}])
            acknowledged += batch
        except OSError:
            refused += 1
        # Whoever reads it at any moment reads what was acknowledged until then.
        assert read_journal(path)[0]["value"].to_pylist() == acknowledged
    journal.close()
    assert refused > 10
    assert journal.rows == len(acknowledged) + 100 - refused


VALUES = [
    "text", "", "é€𝄞", 2**63 - 1, -(2**53) - 1, b"\x00\xff",
    np.datetime64("2026-05-04T06:00:00.123456789", "ns"), np.datetime64("NaT", "ns"),
    np.array([[1.5, np.nan], [np.inf, -0.0]]), np.array([True, False]), np.array([2**62, -1]),
    np.array(["a", ""], object), np.array(["2026-05-04"], "datetime64[ns]"), np.array([], np.float64), None,
    float("inf"), -0.0,
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=[str(value)[:20] for value in VALUES])
def test_a_value_of_any_kind_comes_back_as_it_was(tmp_path: Path, value: Any) -> None:
    journal = Journal(tmp_path / "run.000000.arrow")
    journal.append(rows("A", [1, 2], [value, 7.0]))
    journal.close()
    found = samples_by_tag(read_journal(journal.path)[0], ["A"])["A"]
    back = found.value(0)
    if isinstance(value, np.ndarray):
        assert isinstance(back, np.ndarray)
        assert (back.dtype, back.shape) == (value.dtype, value.shape)
        assert np.array_equal(back, value, equal_nan=value.dtype.kind == "f")
    else:
        assert type(back) is type(value)
        assert str(back) == str(value)
    assert found.value(1) == 7.0


def test_nan_that_was_sent_is_a_number_and_nothing_is_none(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "run.000000.arrow")
    journal.append(rows("A", [1, 2], [float("nan"), None]))
    journal.close()
    kinds = read_journal(journal.path)[0]
    assert kinds["kind"].to_pylist()[0] == "double"
    assert np.isnan(kinds["value"].to_pylist()[0])


def test_a_journal_becomes_an_hour_a_folder_and_reads_the_same(prepared: Path) -> None:
    journal = begin(place(prepared, "run"), "run", BEGIN, "A", "B")
    times = [BEGIN + HOUR * hour // 2 for hour in range(6)]
    journal.append(rows("B", times, [float(one) for one in range(6)]))
    # Late: by a replay, of an hour that is over.
    journal.append(rows("A", [times[4], times[1], times[1]], [4.0, 1.0, "late"]))
    journal.append(None, [{"table": "alive", "until_ns": times[-1]}])
    journal.close()
    before = [source(prepared).samples(["A", "B"], start, ALL) for start in (1, *times)]
    roll(prepared, journal.path)
    files = sorted(path.parent.name for path in (prepared / "samples").rglob("*.parquet"))
    assert len(files) == 3
    for start, known in zip((1, *times), before, strict=True):
        found = source(prepared).samples(["A", "B"], start, ALL)
        for tag in ("A", "B"):
            assert found[tag].time_ns.tolist() == known[tag].time_ns.tolist()
            assert [found[tag].value(row) for row in range(len(found[tag]))] == [
                known[tag].value(row) for row in range(len(known[tag]))
            ]


def test_what_held_into_an_hour_is_known_without_those_before(prepared: Path) -> None:
    for number in range(3):
        journal = begin(place(prepared, "run", number), "run", BEGIN + number * HOUR, "A", "STILL")
        if number == 0:
            journal.append(rows("STILL", [BEGIN + 1], [5.0]))
        journal.append(rows("A", [BEGIN + number * HOUR + 2], [float(number)]))
        journal.append(None, [{"table": "alive", "until_ns": BEGIN + (number + 1) * HOUR - 1}])
        journal.close()
        roll(prepared, journal.path)
    for path in (prepared / "samples").rglob("hour=*/*"):
        if path.stat().st_mtime and "000002" not in path.name:
            path.unlink()
    found = source(prepared).samples(["A", "STILL"], BEGIN + 2 * HOUR, ALL)
    assert found["STILL"].time_ns.tolist() == [BEGIN + 1]
    assert found["A"].time_ns.tolist() == [BEGIN + HOUR + 2, BEGIN + 2 * HOUR + 2]


def test_a_roll_that_was_killed_before_its_end_counts_once_and_is_done_again(prepared: Path) -> None:
    journal = begin(place(prepared, "run"), "run", BEGIN, "A")
    journal.append(rows("A", [BEGIN + 1, BEGIN + HOUR], [1.0, 2.0]))
    journal.close()
    data = journal.path.read_bytes()
    roll(prepared, journal.path)
    journal.path.write_bytes(data)  # as if it had been killed just before it removed the journal
    assert len(source(prepared).samples(["A"], 1, ALL)["A"]) == 2
    ((path, hold),) = left_behind(prepared, PLANT)
    roll(prepared, path)
    hold.release()
    assert len(source(prepared).samples(["A"], 1, ALL)["A"]) == 2
    assert len(source(prepared).facts("runs")) == 1


def test_a_journal_that_somebody_writes_is_not_taken(prepared: Path) -> None:
    journal = begin(place(prepared, "run"), "run", BEGIN, "A")
    journal.close()
    hold = Hold(journal.path)
    assert list(left_behind(prepared, PLANT)) == []
    hold.release()
    ((path, taken),) = left_behind(prepared, PLANT)
    taken.release()
    assert path == journal.path


def test_small_files_of_an_hour_become_one_that_reads_the_same(prepared: Path) -> None:
    for number in range(8):
        run = f"run{number % 2}"
        journal = begin(place(prepared, run, number), run, BEGIN + number, "A")
        journal.append(rows("A", [BEGIN + number // 2 + 1], [float(number // 2)]))
        journal.append(None, [{"table": "alive", "until_ns": BEGIN + 100}])
        journal.close()
        roll(prepared, journal.path)
    before = source(prepared).samples(["A"], 1, ALL)["A"]
    assert before.number.tolist() == [0.0, 1.0, 2.0, 3.0], "two recorders had each of them"
    tidy(prepared, PLANT, Keep(), BEGIN + 10 * HOUR)
    assert len(list((prepared / "samples").rglob("*.parquet"))) == 1
    after = source(prepared).samples(["A"], 1, ALL)["A"]
    assert after.time_ns.tolist() == before.time_ns.tolist()


@pytest.mark.parametrize("shared", [False, True])
def test_hours_that_are_read_one_after_the_other_read_the_same_as_all_at_once(
    prepared: Path, shared: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        for run in ("one", "two") if shared else ("one",):
            journal = begin(place(prepared, run, number), run, BEGIN + number * HOUR, "A", "B")
            times = [BEGIN + number * HOUR + minute * HOUR // 60 for minute in range(60)]
            journal.append(rows("A", times, [float(60 * number + one) for one in range(60)]))
            # Late, in the hours before; what one tag read as its recording began; a value that is no number.
            journal.append(rows("B", [times[5] - HOUR, times[5]], ["late", float(number)]))
            journal.append(
                rows("B", [BEGIN - 5], [7.0], PRESENT), [{"table": "alive", "until_ns": times[-1]}]
            )
            journal.close()
            if number < 3:  # the last is as a killed recorder leaves it
                roll(prepared, journal.path)

    def read(start: int) -> list[list[Any]]:
        found = source(prepared).samples(["A", "B"], start, ALL)
        return [
            [part.time_ns.tolist(), [part.value(row) for row in range(len(part))]] for part in found.values()
        ]

    starts = (1, BEGIN, BEGIN + 90 * HOUR // 60, BEGIN + 4 * HOUR)
    whole = [read(start) for start in starts]
    assert len(whole[0][0][0]) == 240
    monkeypatch.setattr("mxgw_notebook.history.recorded.TAG_HOURS", 1)
    monkeypatch.setattr("mxgw_notebook.history.recorded.LEAST_HOURS", 1)
    assert [read(start) for start in starts] == whole


DAY_BEGIN = BEGIN // (24 * HOUR) * 24 * HOUR
DAYS_LATER = DAY_BEGIN + 72 * HOUR


def record_day(folder: Path) -> None:
    """An hour a segment for a day and a half: a tag that changes each hour, and one that did so once."""
    for number in range(36):
        hour = DAY_BEGIN + number * HOUR
        journal = begin(place(folder, "run", number), "run", hour, "A", "STILL")
        journal.append(rows("A", [hour + 1, hour + HOUR // 2], [float(number), "half"]))
        journal.append(rows("STILL", [hour + 2], [5.0]) if number == 7 else None)
        journal.append(None, [{"table": "alive", "until_ns": hour + HOUR - 1}])
        journal.close()
        roll(folder, journal.path)


def all_read(folder: Path) -> list[Any]:
    """What the folder gives of any time, at hours' edges and within, and by Arrow and DuckDB."""
    starts = [DAY_BEGIN + number * HOUR + step for number in range(0, 37, 5) for step in (0, HOUR // 3)]
    found: list[Any] = []
    for start, end in [(1, ALL), *((start, start + 2 * HOUR) for start in starts)]:
        for tag, part in source(folder).samples(["A", "STILL"], start, end).items():
            values = [str(part.value(row)) for row in range(len(part))]
            found.append((tag, part.time_ns.tolist(), values))
    recording = open_recording(folder)
    found.append(recording.arrow().count_rows())
    found.append(recording.sql("select count(*) as n, sum(value) as s from samples").to_dict())
    return found


def parquet_in(folder: Path) -> list[Path]:
    return sorted((folder / "samples").rglob("*.parquet"))


def test_small_hours_of_a_day_become_one_file_that_reads_the_same(prepared: Path) -> None:
    record_day(prepared)
    before = all_read(prepared)
    tidy(prepared, PLANT, Keep(), DAY_BEGIN + 24 * HOUR)
    assert len(parquet_in(prepared)) == 36, "the day is not settled yet"
    tidy(prepared, PLANT, Keep(hours=48), DAY_BEGIN + 30 * HOUR)
    assert len(parquet_in(prepared)) == 36, "what is soon removed goes hour by hour"
    tidy(prepared, PLANT, Keep(), DAY_BEGIN + 30 * HOUR)
    assert len(parquet_in(prepared)) == 13
    assert all_read(prepared) == before
    tidy(prepared, PLANT, Keep(), DAYS_LATER)
    assert len(parquet_in(prepared)) == 2
    assert all_read(prepared) == before


def test_a_day_that_was_joined_takes_what_comes_late_beside_it(prepared: Path) -> None:
    record_day(prepared)
    tidy(prepared, PLANT, Keep(), DAYS_LATER)
    journal = begin(place(prepared, "late"), "late", DAY_BEGIN + 40 * HOUR, "A")
    journal.append(rows("A", [DAY_BEGIN + 5 * HOUR + 7], [77.0]))
    journal.close()
    roll(prepared, journal.path)
    for _ in range(2):
        found = source(prepared).samples(["A"], DAY_BEGIN + 5 * HOUR, DAY_BEGIN + 6 * HOUR)["A"]
        assert found.number[[0, 2]].tolist() == [4.0, 77.0] or found.number.tolist()[1:3] == [5.0, 77.0]
        assert found.time_ns.tolist() == sorted(found.time_ns.tolist())
        tidy(prepared, PLANT, Keep(), DAYS_LATER)


@pytest.mark.parametrize("written", [False, True])
def test_joining_a_day_that_is_killed_takes_nothing_and_doubles_nothing(
    prepared: Path, written: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_day(prepared)
    before = all_read(prepared)

    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        last = "remove_replaced" if written else "put_table"
        killed.setattr(f"mxgw_notebook.history.tidying.{last}", die)
        with pytest.raises(KeyboardInterrupt):
            tidy(prepared, PLANT, Keep(), DAYS_LATER)
    assert all_read(prepared) == before
    tidy(prepared, PLANT, Keep(), DAYS_LATER)
    assert len(parquet_in(prepared)) == 2
    assert all_read(prepared) == before
    assert not list((prepared / "samples").rglob("*.replaced"))


def test_a_day_goes_as_one_when_all_of_it_is_too_old(prepared: Path) -> None:
    record_day(prepared)
    tidy(prepared, PLANT, Keep(), DAYS_LATER)
    for now, left in ((DAY_BEGIN + 23 * HOUR, 2), (DAY_BEGIN + 24 * HOUR, 1), (DAYS_LATER, 0)):
        tidy(prepared, PLANT, Keep(hours=100), now + 100 * HOUR)
        assert len(parquet_in(prepared)) == left


def test_two_recorders_do_not_tidy_a_folder_at_once(prepared: Path) -> None:
    record_day(prepared)
    path = prepared / "journal" / f"plant={PLANT}" / ".tidying"
    path.touch()
    other = Hold(path)
    tidy(prepared, PLANT, Keep(), DAYS_LATER)
    assert len(parquet_in(prepared)) == 36
    other.release()
    tidy(prepared, PLANT, Keep(), DAYS_LATER)
    assert len(parquet_in(prepared)) == 2


def test_what_a_killed_writer_left_half_is_removed(prepared: Path) -> None:
    record_day(prepared)
    old, new = (parquet_in(prepared)[0].with_name(f".{name}.parquet.123") for name in ("old", "new"))
    for path in (old, new):
        path.write_bytes(b"PAR1")
    os.utime(old, (0, 0))
    tidy(prepared, PLANT, Keep(), DAY_BEGIN)
    assert not old.exists()
    assert new.exists(), "somebody may be at work"


@pytest.mark.parametrize("bound", ["hours", "megabytes"])
def test_old_hours_go_the_oldest_first(prepared: Path, bound: str) -> None:
    for number in range(4):
        journal = begin(place(prepared, "run", number), "run", BEGIN + number * HOUR, "A")
        journal.append(rows("A", [BEGIN + number * HOUR + 1], [float(number)]))
        journal.append(None, [{"table": "alive", "until_ns": BEGIN + (number + 1) * HOUR}])
        journal.close()
        roll(prepared, journal.path)
    size = sum(
        path.stat().st_size for kind in ("samples", "heads") for path in (prepared / kind).rglob("*.parquet")
    )
    keep = Keep(hours=2.5) if bound == "hours" else Keep(megabytes=0.6 * size / 2**20)
    tidy(prepared, PLANT, keep, BEGIN + 4 * HOUR)
    kept = sorted(path.parent.name for path in (prepared / "samples").rglob("*.parquet"))
    assert 0 < len(kept) < 4
    found = source(prepared).samples(["A"], 1, ALL)["A"]
    assert found.number[-1] == 3.0
    assert found.number.tolist() == sorted(found.number.tolist())
