"""Small files of a folder become one and old ones go, whatever ends whoever does it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from mxgw_notebook.history import open_recording
from mxgw_notebook.history.folder import Hold, prepare
from mxgw_notebook.history.rolling import roll
from mxgw_notebook.history.rows import PRESENT
from mxgw_notebook.history.tidying import Keep, tidy
from tests.history.journaled import ALL, BEGIN, HOUR, PLANT, begin, place, rows, source


@pytest.fixture
def prepared(folder: Path) -> Path:
    prepare(folder, PLANT)
    return folder


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


@pytest.mark.parametrize("years", [0, 11])
def test_a_clock_that_jumps_ahead_makes_nothing_too_old(prepared: Path, years: int) -> None:
    record_day(prepared)
    tidy(prepared, PLANT, Keep(hours=48), DAY_BEGIN + (30 + years * 365 * 24) * HOUR)
    assert len(parquet_in(prepared)) == 36
    tidy(prepared, PLANT, Keep(hours=12), DAY_BEGIN + (37 + years * 365 * 24) * HOUR)
    assert len(parquet_in(prepared)) == 11, "of the hours that were recorded the newest stay"


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
    for hours, left in ((25, 2), (24, 1), (1, 1)):
        tidy(prepared, PLANT, Keep(hours=hours), DAYS_LATER)
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
