"""A simulated plant whose process has ended: whatever is live says so, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from mxgw_notebook.errors import SessionClosedError
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.gateway.replay import RECORDING
from tests.conftest import Eventually
from tests.gateway.test_connection import embedded_processes

SAID = re.compile(
    r"The simulated plant at 127\.0\.0\.1:\d+ has ended\. Start another: mxgw_notebook\.connect\('demo'\)"
)


def kill_plant(before: set[int]) -> None:
    """Ends what was started since, as a power cut would."""
    (started,) = embedded_processes() - before
    plant = psutil.Process(started)
    plant.kill()
    plant.wait(10)


@pytest.fixture
def demo() -> tuple[Gateway, set[int]]:
    before = embedded_processes()
    return connect("demo", seed=1), before


def test_all_that_is_live_says_that_the_plant_has_ended_and_how_to_start_another(
    demo: tuple[Gateway, set[int]], tmp_path: Path, eventually: Eventually
) -> None:
    gateway, before = demo
    watch, review = gateway.watch(["Tank001.Level", "Pump001.Speed"]), gateway.alarms()
    deploys, found = gateway.deploys(), gateway.when("Tank001.Level > 1000")
    recorder = watch.record(tmp_path / "recorded")
    standing: dict[str, Callable[[], str]] = {
        "watch": lambda: repr(watch),
        "alarms": lambda: review.status,
        "deploys": deploys.line,
        "condition": lambda: found.status,
        "recorder": lambda: recorder.status,
    }
    eventually(lambda: repr(watch).endswith(": live>") and review.status == "live" and recorder.acknowledged)
    kill_plant(before)
    eventually(lambda: all(SAID.search(said()) for said in standing.values()))
    assert not any("reconnecting" in said() or "refused" in said() for said in standing.values())
    with pytest.raises(SessionClosedError, match=SAID):
        gateway.read("Tank001.Level")
    recorder.stop()
    watch.stop()
    assert repr(watch).endswith(": stopped>")


def test_the_replay_of_a_recording_that_has_ended_says_how_to_begin_it_again(
    demo: tuple[Gateway, set[int]], tmp_path: Path, eventually: Eventually
) -> None:
    recorder = demo[0].watch("Tank001.Level").record(tmp_path / "recorded")
    eventually(lambda: recorder.acknowledged > 3)
    demo[0].close()
    before = embedded_processes()
    replayed = connect(f"{RECORDING}{tmp_path / 'recorded'}")
    watch = replayed.watch("Tank001.Level")
    kill_plant(before)
    eventually(lambda: "has ended" in repr(watch))
    assert f"The replay at {replayed.endpoint} has ended. Begin another: " in repr(watch)
    with pytest.raises(SessionClosedError, match="recording:FOLDER"):
        replayed.read("Tank001.Level")
