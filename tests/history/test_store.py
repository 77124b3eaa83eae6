"""A recording in a store that is no folder: it gets whole files, and what it cannot take now later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway, Watch
from mxgw_notebook.history import Recorder, open_recording
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.words import Phase
from tests.conftest import Eventually
from tests.history.account import check_account
from tests.history.conftest import LEVEL, SETPOINT, SPEED
from tests.history.places import PROTOCOL, Unsteady
from tests.history.recording_process import KilledRecorder

TAGS = [SPEED, LEVEL, SETPOINT]


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MXGW_SPOOL", str(tmp_path / "spool"))
    return tmp_path / "spool"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[str]:
    Unsteady.is_away, Unsteady.failing = False, 0
    Unsteady.puts.clear()
    yield f"{PROTOCOL}://{tmp_path / 'store'}"
    Unsteady.is_away, Unsteady.failing = False, 0


@pytest.fixture
def watch(gateway: Gateway) -> Watch:
    return gateway.watch(TAGS)


def end_segment(recorder: Recorder, eventually: Eventually) -> None:
    """Has the present segment end soon, as a full hour does."""
    begun, recorder._most_rows = recorder.progress().segments, 1
    eventually(lambda: recorder.progress().segments > begun)
    recorder._most_rows = 1 << 30


def left_in(spool: Path) -> list[str]:
    """The files that wait."""
    return [path.name for path in spool.glob("*/*/*/plant=*/**/*") if path.is_file()]


def test_a_recording_in_a_store_is_read_as_one_in_a_folder_and_nothing_is_left_here(
    store: str, spool: Path, watch: Watch, eventually: Eventually
) -> None:
    recorder = watch.record(store)
    assert repr(recorder).startswith(f"<Recorder to {store}: ")
    for _ in range(3):
        known = recorder.acknowledged
        eventually(lambda: recorder.acknowledged > known + 8)  # noqa: B023  called within this turn
        end_segment(recorder, eventually)
    eventually(lambda: recorder.progress().unsent == 0 and any("/runs/" in path for path in Unsteady.puts))
    check_account(store, watch, until=open_recording(store).span[1])
    watch.stop()
    assert str(recorder.standing) == "stopped"
    found = check_account(store, watch)
    assert len(found) == recorder.acknowledged
    assert open_recording(store).gaps().empty
    assert left_in(spool) == []
    assert not any("/journal/" in path for path in Unsteady.puts)


def test_of_a_store_that_is_away_nobody_knows_whether_it_holds_a_recording(store: str) -> None:
    Unsteady.is_away = True
    with pytest.raises(ConfigurationError, match=r"could not be read: the store is away\. Is it reachable"):
        open_recording(store)
    Unsteady.is_away = False
    with pytest.raises(ConfigurationError, match="holds no recording"):
        open_recording(store)


def test_a_store_that_is_away_is_said_and_counted_and_gets_everything_later(
    store: str, spool: Path, watch: Watch, eventually: Eventually
) -> None:
    Unsteady.is_away = True
    recorder = watch.record(store)
    eventually(lambda: recorder.acknowledged > 8)
    end_segment(recorder, eventually)
    eventually(lambda: recorder.progress().unsent > 2)
    eventually(lambda: recorder.standing.phase is Phase.INCOMPLETE)
    assert "the store is away" in str(recorder.standing)
    assert f"files wait for {store}" in str(recorder.standing)
    assert recorder.progress().dropped == 0
    Unsteady.is_away, Unsteady.failing = False, 3
    eventually(lambda: recorder.progress().unsent == 0)
    eventually(lambda: recorder.standing.phase is Phase.LIVE)
    watch.stop()
    assert len(check_account(store, watch)) == recorder.acknowledged
    assert left_in(spool) == []


def test_what_a_store_did_not_take_until_the_end_the_next_recorder_brings(
    store: str, spool: Path, gateway: Gateway, watch: Watch, eventually: Eventually
) -> None:
    first = watch.record(store)
    eventually(lambda: first.acknowledged > 8)
    end_segment(first, eventually)
    eventually(lambda: any("/runs/" in path for path in Unsteady.puts))
    Unsteady.is_away = True
    known = first.acknowledged
    eventually(lambda: first.acknowledged > known + 8)
    first.stop()
    assert "for the next recorder to it" in str(first.standing)
    assert left_in(spool)
    Unsteady.is_away = False
    second = watch.record(store)
    eventually(lambda: second.acknowledged > 8)
    watch.stop()
    check_account(store, watch)
    assert len(open_recording(store).gaps()) == 1
    assert left_in(spool) == []


def test_a_recorder_that_is_killed_has_its_journal_brought_by_the_next_one(
    brisk: EmbeddedGateway, store: str, spool: Path, watch: Watch, eventually: Eventually
) -> None:
    killed = KilledRecorder(brisk.endpoint, store, TAGS, MXGW_SPOOL=str(spool))
    killed.wait(20, 0.2)
    told = killed.kill()
    assert left_in(spool)
    recorder = watch.record(store, plant="plant")
    eventually(lambda: recorder.acknowledged > 8)
    watch.stop()
    found = check_account(store, watch)
    assert len(found) >= told + recorder.acknowledged - 2 * len(TAGS)
    assert left_in(spool) == []


def test_two_recorders_to_one_store_make_nothing_twice(
    store: str, spool: Path, watch: Watch, eventually: Eventually
) -> None:
    first, second = watch.record(store), watch.record(store)
    assert first.folder != second.folder
    eventually(lambda: min(first.acknowledged, second.acknowledged) > 20)
    watch.stop()
    check_account(store, watch)
    assert open_recording(store).gaps().empty
    assert left_in(spool) == []


def test_the_bounds_are_those_of_the_store(
    store: str, spool: Path, tmp_path: Path, watch: Watch, eventually: Eventually
) -> None:
    first = watch.record(store)
    eventually(lambda: first.acknowledged > 8)
    first.stop()
    kept = list((tmp_path / "store" / "samples").rglob("*.parquet"))
    assert kept
    second = watch.record(store, keep_megabytes=1e-6)
    eventually(lambda: not any(path.exists() for path in kept))
    second.stop()
    assert len(open_recording(store).gaps()) == 1  # who listened when is kept


def test_a_file_url_is_a_folder(tmp_path: Path, watch: Watch, eventually: Eventually) -> None:
    recorder = watch.record((tmp_path / "here").as_uri())
    assert recorder.folder == tmp_path / "here"
    eventually(lambda: recorder.acknowledged > 8)
    watch.stop()
    check_account(tmp_path / "here", watch)


def test_a_url_that_nobody_reads_is_refused_at_once(spool: Path, watch: Watch) -> None:
    with pytest.raises(ConfigurationError, match="cannot be recorded to"):
        watch.record("nothing-like-it://place")


def test_no_password_of_a_url_is_shown_or_written(spool: Path, store: str, watch: Watch) -> None:
    recorder = watch.record("memory://somebody:secret@place/recorded")
    watch.stop()
    assert "secret" not in repr(recorder)
    assert not [path for path in spool.rglob("*") if "secret" in str(path)]


@pytest.mark.usefixtures("s3")
def test_s3_over_a_wire(spool: Path, watch: Watch, eventually: Eventually) -> None:
    recorder = watch.record("s3://plant/recorded")
    eventually(lambda: recorder.acknowledged > 8)
    end_segment(recorder, eventually)
    eventually(lambda: recorder.progress().unsent == 0 and not left_in_runs(spool))
    watch.stop()
    assert str(recorder.standing) == "stopped"
    recording = open_recording("s3://plant/recorded")
    assert len(check_account("s3://plant/recorded", watch)) == recorder.acknowledged
    assert recording.sql("select count(*) as n from samples")["n"][0]
    assert left_in(spool) == []


def left_in_runs(spool: Path) -> list[str]:
    """Of what waits, the samples."""
    return [path.name for path in spool.glob("*/*/samples/plant=*/**/*.parquet")]
