"""A folder whose file system has no locks: nothing is lost or doubled, and what cannot be sure says so."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway, Watch
from mxgw_notebook.history import Keep, open_recording, take_slot
from mxgw_notebook.history.folder import left_behind, plant_folder
from mxgw_notebook.history.tidying import Lease, tidy
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import Eventually
from tests.history.account import check_account
from tests.history.conftest import LEVEL, SETPOINT, SPEED
from tests.history.recording_process import KilledRecorder
from tests.history.test_computers import make_old

fcntl = pytest.importorskip("fcntl", reason="Windows locks by another call")

TAGS = [SPEED, LEVEL, SETPOINT]
PLANT = "plant"


@pytest.fixture(params=[errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS], ids=errno.errorcode.get, autouse=True)
def no_locks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system refuses every lock of this process, as it does for such a file system."""

    def refuse(*_: object) -> None:
        raise OSError(request.param, os.strerror(request.param))

    monkeypatch.setattr(fcntl, "flock", refuse)


@pytest.fixture
def watch(gateway: Gateway) -> Watch:
    return gateway.watch(TAGS)


def journals_in(folder: Path) -> list[Path]:
    return sorted((folder / "journal" / plant_folder(PLANT)).glob("*.arrow"))


def test_what_a_recorder_has_ended_is_parquet_at_once_and_what_another_writes_is_not_taken(
    folder: Path, watch: Watch, eventually: Eventually
) -> None:
    first, second = (watch.record(folder, plant=PLANT) for _ in range(2))
    first._most_rows = 1
    eventually(lambda: first.progress().segments > 4 and list((folder / "samples").rglob("*.parquet")))
    check_account(folder, watch)
    first.stop()
    (living,) = journals_in(folder)
    assert second.run in living.name
    assert second.progress().segments == 1
    watch.stop()
    assert journals_in(folder) == []
    check_account(folder, watch)
    assert open_recording(folder).gaps().empty


def test_a_killed_recorder_is_told_by_its_silence_and_has_everything_once(
    brisk: EmbeddedGateway, folder: Path, watch: Watch, eventually: Eventually
) -> None:
    killed = KilledRecorder(brisk.endpoint, folder, TAGS)
    killed.wait(20, 0.1)
    told = killed.kill()
    recorder = watch.record(folder, plant=PLANT)
    eventually(lambda: recorder.acknowledged > 12)
    watch.stop()
    (left,) = journals_in(folder)  # it may be alive, for all that anybody can see
    assert list(left_behind(folder, PLANT)) == []
    found = check_account(folder, watch)
    assert len(found) >= told
    make_old(left)
    tidy(folder, PLANT, Keep(), time.time_ns())
    assert journals_in(folder) == []
    assert len(check_account(folder, watch)) == len(found)


def test_one_process_at_a_time_tidies(tmp_path: Path) -> None:
    first = Lease(tmp_path)
    with pytest.raises(OSError, match="another computer tidies"):
        Lease(tmp_path)
    first.release()
    killed = Lease(tmp_path)
    make_old(killed._term)
    Lease(tmp_path).release()
    with pytest.raises(OSError, match="another computer tidies"):
        killed.renew()
    killed.release()


def test_a_place_for_one_process_is_refused_with_the_reason(
    tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OSError, match="has no locks"):
        take_slot(tmp_path)
    monkeypatch.setenv("MXGW_SPOOL", str(tmp_path))
    with pytest.raises(ConfigurationError, match="has no locks") as refused:
        watch.record("memory://place")
    assert "MXGW_SPOOL" in str(refused.value.hint)
