"""A recording worked on by two processes, one of which is killed during the work."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pytest
from distributed import Client, LocalCluster

from mxgw_notebook.analysis import QualityAccessor, tune_alarm
from mxgw_notebook.history import Recording, open_recording
from tests.conftest import Eventually
from tests.history.hours import LEVEL, record_hours

pytestmark = pytest.mark.patient


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    record_hours(tmp_path / "recorded")
    return open_recording(tmp_path / "recorded")


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    """Two processes on this computer, which nobody else can reach."""
    here: dict[str, Any] = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
    # Any port, for another cluster may have the usual one; its page would need a package more.
    here["scheduler_kwargs"] = {"dashboard": False}
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **here) as made:
        yield made


def test_a_worker_that_is_killed_changes_no_result(
    recording: Recording, cluster: LocalCluster, eventually: Eventually
) -> None:
    parts = recording.parts(part="5min")
    whole = recording.frame()
    with Client(cluster) as client:
        workers = client.run(os.getpid)
        assert len(set(workers.values()) - {os.getpid()}) == 2
        begun = client.compute(parts.resample("1min"))
        scheduler: Any = cluster.scheduler
        eventually(lambda: any(task.state == "memory" for task in [*scheduler.tasks.values()]))
        assert not begun.done()
        psutil.Process(next(iter(workers.values()))).kill()
        by = ["tag", "timestamp"]
        found = begun.result().reset_index().sort_values(by, ignore_index=True)
        means = QualityAccessor(whole).resample("1min").sort_values(by, ignore_index=True)
        pd.testing.assert_frame_equal(found[list(means.columns)], means, check_exact=True)
        assert set(client.run(os.getpid).values()) != set(workers.values())
        pd.testing.assert_frame_equal(parts.episodes(), recording.episodes())
        tuned = recording.parts(LEVEL, part="1h").tune_alarm(55.0, on_delay=["0s", "20s"])
        pd.testing.assert_frame_equal(tuned, tune_alarm(recording.frame(LEVEL), 55.0, on_delay=["0s", "20s"]))
