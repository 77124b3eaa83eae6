"""What is recorded outlives whatever happens to its recorder, and what is missing is told."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway, Watch, connect
from mxgw_notebook.history import open_recording
from mxgw_notebook.history.intake import Intake, Resumed
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.words import Phase
from tests.conftest import KEY, Eventually
from tests.history.account import check_account
from tests.history.conftest import LEVEL, RUNNING, SETPOINT, SPEED
from tests.history.recording_process import KilledRecorder

TAGS = [SPEED, LEVEL, SETPOINT, RUNNING, "Pump002.Speed", "Tank002.Level", "FIC101.PV"]
STILL = "Tank001.Capacity"  # nothing in the plant changes it

KILLS = int(os.environ.get("MXGW_KILLS", "0"))


@pytest.fixture
def watch(gateway: Gateway) -> Watch:
    return gateway.watch(TAGS)


def rounds(count: int, endpoint: str, folder: Path, watch: Watch) -> None:
    """Records and is killed again and again, into one folder; the account is right each time."""
    chance, kept = random.Random(count), 0
    for _ in range(count):
        recorder = KilledRecorder(endpoint, folder, TAGS)
        # Also while it makes Parquet of what the one before has left.
        recorder.wait(chance.randint(1, 30), chance.uniform(0, 0.3))
        told = recorder.kill()
        runs = open_recording(folder).source.facts("runs")
        # What it had told to be complete until then is: all of it is held against the watch.
        assert max(row["until_ns"] for row in runs) >= recorder.until_ns > 0
        found = check_account(folder, watch)
        # Each began with what the tags read already, which the next need not have anew.
        assert len(found) - kept >= told - len(TAGS)
        kept = len(found)
    check_times_between(folder)
    watch.record(folder, plant="plant").stop()
    assert len(check_account(folder, watch)) >= kept
    assert not list(folder.rglob("*.arrow")), "a recorder makes Parquet of what others left"
    for path in folder.rglob("*.parquet"):
        pq.read_table(path, partitioning=None)


def check_times_between(folder: Path) -> None:
    """Every time between two recorders is told as a gap."""
    recording = open_recording(folder)
    runs = sorted(recording.source.facts("runs"), key=lambda row: row["begin_ns"])
    gaps = recording.gaps()
    for before, after in pairwise(runs):
        since, until = (pd.Timestamp(one, tz="UTC") for one in (before["until_ns"], after["begin_ns"]))
        assert since >= until or ((gaps["start"] <= since) & (until <= gaps["end"])).any()


def test_a_recorder_that_is_killed_loses_nothing_that_it_had_told(
    brisk: EmbeddedGateway, folder: Path, watch: Watch
) -> None:
    rounds(2, brisk.endpoint, folder, watch)


@pytest.mark.long
@pytest.mark.skipif(not KILLS, reason="takes three seconds a kill: MXGW_KILLS=100")
def test_a_recorder_that_is_killed_many_times(brisk: EmbeddedGateway, folder: Path, watch: Watch) -> None:
    rounds(KILLS, brisk.endpoint, folder, watch)


def test_what_is_recorded_is_there_as_it_comes_and_when_it_has_ended(
    folder: Path, watch: Watch, eventually: Eventually
) -> None:
    recorder = watch.record(folder)
    eventually(lambda: recorder.acknowledged > 12)
    check_account(folder, watch)
    assert recorder.standing.phase is Phase.LIVE
    watch.stop()
    assert recorder.stopped
    found = check_account(folder, watch)
    assert len(found) == recorder.acknowledged
    assert list((folder / "samples").rglob("*.parquet"))
    assert not list((folder / "journal").rglob("*.arrow"))


def test_a_recording_goes_on_after_a_restart_with_the_time_between_as_a_gap(
    folder: Path, gateway: Gateway, eventually: Eventually
) -> None:
    watch = gateway.watch(SPEED, STILL)
    for _ in range(2):
        recorder = watch.record(folder)
        eventually(lambda: recorder.acknowledged > 12)  # noqa: B023  called within this turn
        recorder.stop()
        seen = len(watch.frame())
        eventually(lambda: len(watch.frame()) > seen + 3)  # noqa: B023
    check_account(folder, watch)
    recording = open_recording(folder)
    (gap,) = recording.gaps().to_dict("records")
    assert gap["cause"] == "not recorded"
    # What never changes was recorded once, and goes on behind the gap.
    assert (recording.frame(STILL)["timestamp"] < gap["start"]).all()
    held = recording.wide(STILL, SPEED, grid="100ms")[STILL]
    inside = (held.index > gap["start"]) & (held.index < gap["end"])
    assert held[inside].isna().all()
    assert held[held.index > gap["end"]].notna().all()


def test_several_recorders_of_the_same_tags_in_one_folder_make_nothing_twice(
    folder: Path, watch: Watch, eventually: Eventually
) -> None:
    first, second = watch.record(folder), watch.record(folder)
    eventually(lambda: min(first.acknowledged, second.acknowledged) > 20)
    check_account(folder, watch)
    first.stop()
    check_account(folder, watch)
    second.stop()
    found = check_account(folder, watch)
    counted = open_recording(folder).sql("select count(*) as n from samples")["n"][0]
    assert counted == len(found)
    assert open_recording(folder).gaps().empty


def test_tags_that_are_added_later_are_recorded_from_then_on(
    folder: Path, gateway: Gateway, eventually: Eventually
) -> None:
    watch = gateway.watch(SPEED)
    recorder = watch.record(folder)
    eventually(lambda: recorder.acknowledged > 3)
    watch.add(LEVEL)
    eventually(lambda: LEVEL in open_recording(folder).tags)
    watch.stop()
    recording = open_recording(folder)
    covers = recording.source.covers([SPEED, LEVEL])
    assert covers[LEVEL][0][0] > covers[SPEED][0][0]
    assert len(recording.frame(LEVEL))
    assert recording.gaps(LEVEL).empty


def test_writes_notes_descriptions_and_the_galaxy_stand_beside_the_values(
    folder: Path, gateway: Gateway, eventually: Eventually
) -> None:
    watch = gateway.watch(SETPOINT, SPEED)
    recorder = watch.record(folder)
    before = watch.frame(count=1).set_index("tag")["value"][SETPOINT]
    gateway.write(SETPOINT, before)
    recorder.note("an attempt", "somebody")
    recording = open_recording(folder)
    eventually(lambda: len(recording.writes()) and len(recording.notes()) and len(recording.descriptions()))
    assert recording.writes()[["tag", "value", "taken"]].values.tolist() == [[SETPOINT, str(before), True]]
    assert recording.notes()["text"].tolist() == ["an attempt"]
    assert recording.descriptions().set_index("tag")["units"][SPEED] == "rpm"
    eventually(lambda: list(folder.glob("galaxy/*/*.parquet")))
    galaxy = recording.galaxy()
    assert len(galaxy.objects) == gateway.object_count()
    watch.stop()
    assert len(recording.writes()) == len(recording.notes()) == 1


def test_a_write_beside_two_recorders_of_one_folder_is_one_write(
    folder: Path, gateway: Gateway, eventually: Eventually
) -> None:
    watch, review = gateway.watch(SETPOINT), gateway.alarms()
    watch.record(folder)
    review.record(folder)
    before = watch.frame(count=1)["value"].iloc[0]
    gateway.write(SETPOINT, before)
    gateway.write(SETPOINT, before)
    watch.stop()
    review.stop()
    recording = open_recording(folder)
    assert recording.writes()["tag"].tolist() == [SETPOINT, SETPOINT]
    assert recording.sql("select count(*) as writes from writes")["writes"].tolist() == [2]


def test_alarms_are_recorded_with_those_that_stood_already(
    brisk: EmbeddedGateway, folder: Path, eventually: Eventually
) -> None:
    gateway = connect(brisk.endpoint, api_key=KEY, plaintext=True)
    review = gateway.alarms()
    recorder = review.record(folder)
    recording = open_recording(folder)
    eventually(lambda: len(recording.alarms()) >= len(review.episodes()))
    review.stop()
    assert recorder.stopped
    found = open_recording(folder).alarms()
    assert set(review.episodes()["reference"]) == set(found["reference"])
    episodes = open_recording(folder).episodes()
    assert episodes["reference"].tolist() == review.episodes()["reference"].tolist()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if (
        not sys.platform.startswith("linux")
        or subprocess.run(mounting, check=False, capture_output=True).returncode
    ):
        pytest.skip("mounting a small disk is not permitted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_is_told_harms_nothing_and_is_a_gap_that_ends_with_room(
    small_disk: Path, watch: Watch, eventually: Eventually
) -> None:
    recorder = watch.record(small_disk / "recorded", least_free=0)
    eventually(lambda: recorder.acknowledged > 12)
    fill(filler := small_disk / "filler", 0)
    eventually(lambda: recorder.standing.phase is Phase.FAILING)
    assert "disk is full" in str(recorder.standing)
    seen = len(watch.frame())
    eventually(lambda: len(watch.frame()) > seen + 5)
    assert recorder.progress().dropped > 0
    check_account(small_disk / "recorded", watch)
    filler.unlink()
    eventually(lambda: recorder.standing.phase is Phase.LIVE)
    kept = recorder.acknowledged
    eventually(lambda: recorder.acknowledged > kept + 12)
    watch.stop()
    found = check_account(small_disk / "recorded", watch)
    (gap,) = open_recording(small_disk / "recorded").gaps().to_dict("records")
    assert gap["cause"] == "not recorded"
    assert gap["events"] > 0
    assert (found["timestamp"] > gap["end"]).any()


def test_where_less_is_free_than_is_to_be_left_nothing_is_recorded(
    folder: Path, watch: Watch, eventually: Eventually
) -> None:
    recorder = watch.record(folder, least_free=1 << 40)
    eventually(lambda: recorder.standing.phase is Phase.FAILING)
    assert "MB are free" in str(recorder.standing)
    assert recorder.acknowledged == 0


def test_a_turn_that_fails_is_told_and_the_recording_goes_on(
    folder: Path, watch: Watch, eventually: Eventually, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = watch.record(folder)
    eventually(lambda: recorder.acknowledged > 12)

    def fail(*_: Any) -> None:
        raise ZeroDivisionError("a mistake of ours")

    with monkeypatch.context() as broken:
        broken.setattr("mxgw_notebook.history.recorder.rows_of", fail)
        eventually(lambda: recorder.standing.phase is Phase.FAILING)
        assert "a mistake of ours" in str(recorder.standing)
    kept = recorder.acknowledged
    eventually(lambda: recorder.acknowledged > kept + 8)
    assert recorder.standing.phase is Phase.LIVE
    watch.stop()
    check_account(folder, watch)
    assert len(open_recording(folder).gaps()) == 1


def test_a_feed_or_a_segment_that_fails_keeps_no_value_from_being_recorded(
    folder: Path, watch: Watch, eventually: Eventually, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError("no gap")

    recorder = watch.record(folder)
    with monkeypatch.context() as broken:
        broken.setattr("mxgw_notebook.history.feeds.gap_fact", fail)
        watch.watched.hub._intake.gaps.note_dropped(1, 2, 1)
        eventually(lambda: recorder.standing.phase is Phase.INCOMPLETE)
        kept = recorder.acknowledged
        eventually(lambda: recorder.acknowledged > kept + 5)
    eventually(lambda: recorder.standing.phase is Phase.LIVE)
    monkeypatch.setattr("mxgw_notebook.history.rolling.roll", fail)
    watch.stop()
    assert list((folder / "journal").rglob("*.arrow"))
    check_account(folder, watch)


def test_what_waits_is_bounded_and_what_was_not_taken_is_counted(
    gateway: Gateway, eventually: Eventually
) -> None:
    watch = gateway.watch(TAGS)
    hub = watch.watched.hub
    intake = Intake(lambda: watch.subscriptions, lambda: hub.gateway_now, most=6)
    end = hub.tap(intake.offer)
    eventually(lambda: intake.dropped > 3)
    assert intake.waiting <= 6
    kept = intake.drain()
    eventually(lambda: intake.waiting)
    end()
    resumed, *_ = intake.drain()
    assert not any(isinstance(item, Resumed) for item in kept)
    assert isinstance(resumed, Resumed)
    assert resumed.lost == intake.dropped
    assert resumed.since_ns < resumed.at_ns
    assert set(resumed.present["tag"].to_pylist()) == set(TAGS)


def values_in(frame: pd.DataFrame) -> list[str]:
    return [str(row) for row in frame[["tag", "timestamp", "value"]].values.tolist()]


@pytest.mark.parametrize("forward", [True, False])
def test_a_clock_that_is_set_takes_no_value(
    own_embedded: EmbeddedGateway, folder: Path, eventually: Eventually, forward: bool
) -> None:
    if not forward:
        own_embedded.fault("clock-skew", seconds=3600.0)
    watch = connect(own_embedded.endpoint, api_key=KEY, plaintext=True).watch(TAGS)
    recorder = watch.record(folder)
    before = values_in(watch.frame())
    eventually(lambda: recorder.acknowledged > 10)
    if forward:
        own_embedded.fault("clock-skew", seconds=3600.0)
    else:
        own_embedded.clear_faults("clock-skew")
    kept = recorder.acknowledged
    eventually(lambda: recorder.acknowledged > kept + 10)
    seen = values_in(watch.frame())
    watch.stop()
    found = values_in(open_recording(folder).frame())
    assert len(set(found)) == len(found)
    assert set(found) <= set(values_in(watch.frame()))
    assert set(seen) - set(found) <= set(before)


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path, watch: Watch) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot be recorded to"):
        watch.record(tmp_path / "file" / "below")
    watch.stop()
    with pytest.raises(ConfigurationError, match="has stopped"):
        watch.record(tmp_path)


@pytest.mark.parametrize("bound", [{"keep_hours": 0}, {"keep_hours": -1.0}, {"keep_megabytes": -5}])
def test_bounds_that_would_keep_nothing_are_refused(
    folder: Path, watch: Watch, bound: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError, match="is above 0"):
        watch.record(folder, **bound)
    assert not folder.exists()


def test_a_folder_in_the_home_or_named_like_a_capsule_is_a_folder(
    tmp_path: Path, watch: Watch, eventually: Eventually, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    recorder = watch.record("~/recorded.zip")
    eventually(lambda: recorder.acknowledged > 8)
    watch.stop()
    assert (tmp_path / "recorded.zip" / "recording.json").exists()
    assert len(open_recording("~/recorded.zip").frame()) == recorder.acknowledged


def test_a_folder_that_is_removed_meanwhile_is_told_and_one_in_its_place_can_be_read(
    folder: Path, watch: Watch, eventually: Eventually
) -> None:
    recorder = watch.record(folder)
    eventually(lambda: recorder.acknowledged > 8)
    shutil.rmtree(folder)
    eventually(lambda: recorder.standing.phase is Phase.FAILING)
    assert not folder.exists(), "it may be a disk that comes back"
    folder.mkdir()
    eventually(lambda: recorder.standing.phase is Phase.LIVE)
    known = recorder.acknowledged
    eventually(lambda: recorder.acknowledged > known + 8)
    watch.stop()
    check_account(folder, watch)


def test_a_disk_that_is_full_at_random_moments_leaves_every_file_readable_and_every_gap_told(
    small_disk: Path, watch: Watch, eventually: Eventually
) -> None:
    chance, filler = random.Random(5), small_disk / "filler"
    recorder = watch.record(small_disk / "recorded", least_free=0)
    for number in range(10):
        known = recorder.acknowledged
        eventually(lambda: recorder.acknowledged > known + chance.randint(1, 12))  # noqa: B023
        recorder._most_rows = chance.choice([1, 1 << 20])  # Parquet is made meanwhile, or not
        fill(filler, chance.randint(0, 20_000) if number % 2 else 0)
        seen = len(watch.frame())
        eventually(lambda: len(watch.frame()) > seen + 8)  # noqa: B023
        if number % 2 == 0:
            eventually(lambda: recorder.standing.phase is Phase.FAILING)
        check_account(small_disk / "recorded", watch)
        filler.unlink()
        eventually(lambda: recorder.standing.phase is not Phase.FAILING)
    watch.stop()
    check_account(small_disk / "recorded", watch)
    assert len(open_recording(small_disk / "recorded").gaps()) >= 5
    for path in small_disk.rglob("*.parquet"):
        pq.read_table(path, partitioning=None)


def fill(filler: Path, left: int) -> None:
    """Takes a disk's room but for so many bytes."""
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            file.truncate(max(0, file.tell() - left))


def test_a_recorder_says_how_it_fares(folder: Path, watch: Watch, eventually: Eventually) -> None:
    recorder = watch.record(folder)
    eventually(lambda: recorder.progress().samples_per_second > 0)
    told = recorder.progress()
    assert told.written > 0
    assert told.free > 0
    assert told.dropped == 0
    assert told.segments in (1, 2)  # an hour of this plant takes six minutes, and may end just now
    assert repr(recorder).startswith(f"<Recorder to {folder}: ")
    assert repr(recorder).endswith(": live>")
    assert pd.Timestamp.now("UTC") - (
        open_recording(folder).span[1] or pd.Timestamp(0, tz="UTC")
    ) < pd.Timedelta("5s")
