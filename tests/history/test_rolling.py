"""A journal that is complete becomes Parquet, an hour a folder, and reads the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from mxgw_notebook.history.computer import new_run
from mxgw_notebook.history.folder import Hold, left_behind, prepare
from mxgw_notebook.history.rolling import roll
from tests.history.journaled import ALL, BEGIN, HOUR, PLANT, begin, place, rows, source


@pytest.fixture
def prepared(folder: Path) -> Path:
    prepare(folder, PLANT)
    return folder


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
    journal = begin(place(prepared, run := new_run(prepared)), run, BEGIN, "A")
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
    journal = begin(place(prepared, run := new_run(prepared)), run, BEGIN, "A")
    journal.close()
    hold = Hold(journal.path)
    assert list(left_behind(prepared, PLANT)) == []
    hold.release()
    ((path, taken),) = left_behind(prepared, PLANT)
    taken.release()
    assert path == journal.path
