"""Recorders of several computers in one folder: each event once, no gap unmarked, also when one is killed."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from mxgw_notebook.gateway import Gateway, Watch
from mxgw_notebook.history import Keep, open_recording
from mxgw_notebook.history.folder import HOUR_NS, left_behind, plant_folder
from mxgw_notebook.history.rolling import roll_left
from mxgw_notebook.history.tidying import TIDYING, Lease, tidy
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import Eventually
from tests.history.account import check_account
from tests.history.conftest import LEVEL, SETPOINT, SPEED
from tests.history.recording_process import KilledRecorder

TAGS = [SPEED, LEVEL, SETPOINT]
PLANT = "plant"
LONG_AGO = 700.0


@pytest.fixture
def watch(gateway: Gateway) -> Watch:
    return gateway.watch(TAGS)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("MXGW_COMPUTER", "here")
    return monkeypatch


def journals_in(folder: Path) -> list[Path]:
    return sorted((folder / "journal" / plant_folder(PLANT)).glob("*.arrow"))


def make_old(path: Path) -> None:
    """As if nobody had written to it for long."""
    os.utime(path, (time.time() - LONG_AGO,) * 2)


def test_of_two_computers_one_is_killed_and_every_event_is_there_once(
    brisk: EmbeddedGateway, folder: Path, watch: Watch, eventually: Eventually, here: pytest.MonkeyPatch
) -> None:
    killed = KilledRecorder(brisk.endpoint, folder, TAGS, MXGW_COMPUTER="there")
    own = watch.record(folder, plant=PLANT)
    killed.wait(30, 0.2)
    killed.kill()
    at = own.acknowledged
    eventually(lambda: own.acknowledged > at + 20)
    check_account(folder, watch)
    watch.stop()
    found = check_account(folder, watch)
    recording = open_recording(folder)
    assert recording.gaps().empty  # the other one listened on
    assert len({row["run"] for row in recording.source.facts("runs")}) == 2
    (left,) = journals_in(folder)
    tidy(folder, PLANT, Keep(), time.time_ns())
    assert journals_in(folder) == [left]  # it may be alive: of another computer no lock tells
    make_old(left)
    for hours in (3, 40):  # the hour becomes one file, then the day
        tidy(folder, PLANT, Keep(), time.time_ns() + hours * HOUR_NS)
        assert len(check_account(folder, watch)) == len(found)
    assert journals_in(folder) == []


def test_two_computers_that_fail_one_after_the_other_leave_a_gap_where_neither_listened(
    brisk: EmbeddedGateway, folder: Path, watch: Watch, eventually: Eventually, here: pytest.MonkeyPatch
) -> None:
    for computer in ("there", "elsewhere"):
        recorder = KilledRecorder(brisk.endpoint, folder, TAGS, MXGW_COMPUTER=computer)
        recorder.wait(20, 0.1)
        recorder.kill()
        seen = len(watch.frame())
        eventually(lambda: len(watch.frame()) > seen + 6)  # noqa: B023  called within this turn
    watch.record(folder, plant=PLANT).stop()
    check_account(folder, watch)
    assert len(open_recording(folder).gaps()) == 2
    assert len(journals_in(folder)) == 2
    for path in journals_in(folder):
        make_old(path)
    tidy(folder, PLANT, Keep(), time.time_ns())
    assert journals_in(folder) == []
    check_account(folder, watch)


def test_many_small_files_of_two_computers_are_joined_with_each_event_once(
    brisk: EmbeddedGateway, folder: Path, watch: Watch, eventually: Eventually, here: pytest.MonkeyPatch
) -> None:
    other = KilledRecorder(brisk.endpoint, folder, TAGS, MXGW_COMPUTER="there")
    recorder = watch.record(folder, plant=PLANT)
    recorder._most_rows = 1
    eventually(lambda: recorder.progress().segments > 12)
    other.kill()
    watch.stop()
    found = check_account(folder, watch)
    for path in journals_in(folder):
        make_old(path)
    tidy(folder, PLANT, Keep(), time.time_ns())  # the journals become files as well
    before = len(list((folder / "samples").rglob("*.parquet")))
    for hours in (20, 40):
        tidy(folder, PLANT, Keep(), time.time_ns() + hours * HOUR_NS)
    assert len(list((folder / "samples").rglob("*.parquet"))) < before
    assert len(check_account(folder, watch)) == len(found)


def test_a_living_journal_of_another_computer_is_never_taken(folder: Path, here: pytest.MonkeyPatch) -> None:
    place = folder / "journal" / plant_folder(PLANT)
    place.mkdir(parents=True)
    path = place / "20260101T000000-there-01234567-abcdef.000000.arrow"
    path.touch()
    assert list(left_behind(folder, PLANT)) == []
    assert list(left_behind(folder, PLANT, by_others=True)) == []
    make_old(path)
    assert list(left_behind(folder, PLANT)) == []
    ((found, hold),) = left_behind(folder, PLANT, by_others=True)
    hold.release()
    assert found == path


def test_one_computer_at_a_time_tidies_and_a_dead_ones_right_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MXGW_COMPUTER", "there")
    there = Lease(tmp_path)
    # Where locks do not reach from one computer to the other, this one sees none.
    there._hold.release()
    monkeypatch.setenv("MXGW_COMPUTER", "here")
    with pytest.raises(OSError, match="another computer tidies"):
        Lease(tmp_path)
    there.renew()
    make_old(tmp_path / f"{TIDYING}.1")
    here = Lease(tmp_path)
    with pytest.raises(OSError, match="another computer tidies"):
        there.renew()
    there.release()
    with pytest.raises(OSError, match=r"unavailable|denied"):
        Lease(tmp_path)  # another process of this computer
    here.renew()
    here.release()
    Lease(tmp_path).release()
    assert sorted(path.name for path in tmp_path.iterdir()) == [TIDYING, f"{TIDYING}.3"]


def test_a_process_of_the_same_computer_that_was_killed_holds_nobody_up(
    tmp_path: Path, here: pytest.MonkeyPatch
) -> None:
    Lease(tmp_path)._hold.release()  # the lock has gone with its process, the term stands
    Lease(tmp_path).release()


def test_a_recorder_whose_journal_was_taken_begins_another_and_loses_nothing(
    folder: Path, watch: Watch, eventually: Eventually, here: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    recorder = watch.record(folder, plant=PLANT)
    eventually(lambda: recorder.acknowledged > 8)
    (journal,) = journals_in(folder)
    shutil.copy(journal, tmp_path / journal.name)
    journal.unlink()  # as another computer does that has made Parquet of it
    eventually(lambda: recorder.progress().segments >= 2)
    kept = recorder.acknowledged
    eventually(lambda: recorder.acknowledged > kept + 5)
    (tmp_path / journal.name).replace(journal)
    roll_left(folder, PLANT)
    watch.stop()
    check_account(folder, watch)
