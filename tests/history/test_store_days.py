"""Small files of a day in a store become one, each recorder's own; no failure loses or doubles anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.history import Keep, open_recording
from mxgw_notebook.history.rolling import roll
from mxgw_notebook.history.spool import Spool
from tests.history.journaled import HOUR, PLANT, begin, place, rows
from tests.history.places import PROTOCOL, Unsteady
from tests.history.test_tidying import DAY_BEGIN, DAYS_LATER, all_read, parquet_in, record_day


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MXGW_SPOOL", str(tmp_path / "spool"))
    yield
    Unsteady.changing, Unsteady.changes, Unsteady.failing, Unsteady.is_away = None, 0, 0, False


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """The store's folder, which no recorder looks into."""
    return tmp_path / "store"


def sent(store: str, *, is_last: bool = False) -> Spool:
    """A spool whose run has sent the hours of a day and a half."""
    spool = Spool(store, PLANT)
    record_day(spool.folder)
    assert spool.send("run", is_last=is_last) == ""
    return spool


@pytest.fixture
def spool(there: Path) -> Iterator[Spool]:
    found = sent(f"{PROTOCOL}://{there}")
    yield found
    found.close()


def hidden_in(there: Path) -> list[Path]:
    return [path for path in (there / "samples").rglob(".*") if path.is_file()]


def test_a_day_becomes_one_file_that_reads_the_same(spool: Spool, there: Path) -> None:
    before = all_read(there)
    spool.tidy("run", Keep(), DAY_BEGIN + 24 * HOUR)
    assert len(parquet_in(there)) == 36, "the day is not settled yet"
    spool.tidy("run", Keep(), DAY_BEGIN + 30 * HOUR)
    assert len(parquet_in(there)) == 13
    assert all_read(there) == before
    spool.tidy("run", Keep(), DAYS_LATER)
    assert len(parquet_in(there)) == 2
    assert all_read(there) == before
    assert hidden_in(there) == []


def test_what_is_soon_removed_goes_hour_by_hour(spool: Spool, there: Path) -> None:
    spool.tidy("run", Keep(hours=48), DAY_BEGIN + 30 * HOUR)
    assert len(parquet_in(there)) == 36


def test_who_reads_at_any_step_reads_the_same(spool: Spool, there: Path) -> None:
    recording = open_recording(there)

    def read() -> tuple[int, str]:
        return recording.arrow().count_rows(), recording.frame().to_csv()

    before, seen = read(), list[tuple[int, str]]()
    Unsteady.changing = lambda *_: seen.append(read())
    spool.tidy("run", Keep(), DAYS_LATER)
    # Of two days the parts go, and a note and a file are put, and the note goes; before each and after it.
    assert len(seen) == 2 * (36 + 2 * 3)
    assert all(one == before for one in seen)


@pytest.mark.parametrize("has_come", [False, True], ids=["refused", "taken all the same"])
@pytest.mark.parametrize("number", [0, 1, 2, 13, 25, 26, 27, 28, 41])
def test_whatever_fails_nothing_is_lost_or_twice_and_the_next_one_ends_it(
    spool: Spool, there: Path, number: int, has_come: bool
) -> None:
    before = all_read(there)
    Unsteady.changes = 0

    def fail(at: int, is_done: bool) -> None:
        if (at, is_done) == (number, has_come):
            raise ConnectionResetError("the store hung up")

    Unsteady.changing = fail
    with pytest.raises(ConnectionResetError):
        spool.tidy("run", Keep(), DAYS_LATER)
    Unsteady.changing = None
    assert all_read(there) == before
    spool.tidy("run", Keep(), DAYS_LATER)
    assert all_read(there) == before
    assert len(parquet_in(there)) == 2
    assert hidden_in(there) == []


def test_a_put_that_the_store_takes_after_all_is_the_same_file(spool: Spool, there: Path) -> None:
    before, kept = all_read(there), list[tuple[Path, bytes]]()
    Unsteady.changes = 0

    def lose(at: int, is_done: bool) -> None:
        if (at, is_done) == (1, True):
            target = Path(Unsteady.puts[-1])
            kept.append((target, target.read_bytes()))
            target.unlink()
            raise TimeoutError("no answer")

    Unsteady.changing = lose
    with pytest.raises(TimeoutError):
        spool.tidy("run", Keep(), DAYS_LATER)
    Unsteady.changing = None
    late_in(spool)
    spool.tidy("run", Keep(), DAYS_LATER)
    ((target, data),) = kept
    assert target.exists(), "the next attempt has the same name, though more has come meanwhile"
    target.write_bytes(data)
    found = all_read(there)
    assert found[-2] == before[-2] + 1  # rows by Arrow


def late_in(spool: Spool) -> None:
    """One more value of an hour in the midst of the day comes to the store."""
    journal = begin(place(spool.folder, "run", 99), "run", DAY_BEGIN + 36 * HOUR, "A")
    journal.append(rows("A", [DAY_BEGIN + 5 * HOUR + 7], [77.0]))
    journal.close()
    roll(spool.folder, journal.path)
    assert spool.send("run", is_last=False) == ""


def test_of_two_recorders_each_joins_its_own(spool: Spool, there: Path) -> None:
    other = Spool(f"{PROTOCOL}://{there}", PLANT)
    for number in range(24):
        journal = begin(place(other.folder, "other", number), "other", DAY_BEGIN + number * HOUR, "A")
        journal.append(rows("A", [DAY_BEGIN + number * HOUR + 1], [float(number)]))
        journal.append(None, [{"table": "alive", "until_ns": DAY_BEGIN + (number + 1) * HOUR - 1}])
        journal.close()
        roll(other.folder, journal.path)
    assert other.send("other", is_last=False) == ""
    before = all_read(there)[:-2]  # Arrow reads what both have
    other.tidy("other", Keep(), DAYS_LATER)
    assert len(parquet_in(there)) == 36 + 1
    assert all_read(there)[:-2] == before
    spool.tidy("run", Keep(), DAYS_LATER)
    assert len(parquet_in(there)) == 2 + 1
    assert all_read(there)[:-2] == before
    other.close()


@pytest.mark.parametrize("same_place", [True, False])
def test_what_a_recorder_left_that_is_no_more_the_next_one_joins(there: Path, same_place: bool) -> None:
    store = f"{PROTOCOL}://{there}"
    first = None if same_place else Spool(store, PLANT)
    sent(store, is_last=True).close()
    before = all_read(there)
    second = first or Spool(store, PLANT)
    assert second.send("new", is_last=False) == ""
    second.tidy("new", Keep(), DAYS_LATER)
    assert len(parquet_in(there)) == 2
    assert all_read(there) == before
    second.close()


def test_bounds_hold_for_joined_days(spool: Spool, there: Path) -> None:
    spool.tidy("run", Keep(), DAYS_LATER)
    for hours, left in ((25, 2), (24, 1), (1, 1)):
        spool.tidy("run", Keep(hours=hours), DAYS_LATER)
        assert len(parquet_in(there)) == left


@pytest.mark.usefixtures("s3")
def test_s3_over_a_wire() -> None:
    spool = sent("s3://plant/days")

    def read() -> list[Any]:
        recording = open_recording("s3://plant/days")
        starts = [pd.Timestamp(DAY_BEGIN + hour * HOUR, tz="UTC") for hour in (0, 9, 30)]
        frames = [recording.frame("A", start=start) for start in starts]
        return [recording.arrow().count_rows(), *(frame.to_csv() for frame in frames)]

    before = read()
    files = spool.store.sizes("samples")
    spool.tidy("run", Keep(), DAYS_LATER)
    spool.close()
    assert (len(files), len(spool.store.sizes("samples"))) == (36, 2)
    assert read() == before
