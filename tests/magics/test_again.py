"""Cells that are run again and again: what they show is there once, at the gateway and here."""

from __future__ import annotations

import asyncio
import threading

import pytest

from mxgw_notebook.gateway import connect, current
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually
from tests.magics.conftest import Notebook

TIMES = 100
CELLS = [
    "%mxgw alarms",
    "%mxgw alarms Tank --min-severity 500",
    "%mxgw deploys",
    "%mxgw watch Tank001.Level Tank002.Level",
    "%mxgw watch --table Tank001.Level",
    "%mxgw when Tank001.Level > 1000 --as high",
    "import mxgw_notebook as mx; mx.current().alarms(); None",
    "import mxgw_notebook as mx; mx.current().deploys(); None",
]


@pytest.fixture
def connected(notebook: Notebook, own_embedded: EmbeddedGateway) -> Notebook:
    connect(own_embedded.endpoint, api_key=KEY, plaintext=True)
    return notebook


def going_on(gateway: EmbeddedGateway) -> tuple[int, ...]:
    """Streams and sessions at the gateway; tasks and threads here, but for those that asyncio keeps."""

    async def tasks() -> int:
        return len(asyncio.all_tasks())

    status = gateway.status()
    threads = [thread for thread in threading.enumerate() if not thread.name.startswith("asyncio_")]
    streams = sum(status["streams"].values())
    return streams, status["sessions"], current().runner.run(tasks()), len(threads)


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_that_is_run_again_adds_nothing(
    connected: Notebook, own_embedded: EmbeddedGateway, eventually: Eventually, cell: str
) -> None:
    def run(times: int) -> None:
        for _ in range(times):
            assert not connected.run(cell).err

    # A stream is counted at the gateway before all that belongs to it goes on here, so some runs come first.
    run(TIMES // 2)
    eventually(lambda: own_embedded.status()["streams"])
    before = going_on(own_embedded)
    run(TIMES // 2)
    # What only just began or ended may have a task more for a moment.
    eventually(lambda: all(now <= then for now, then in zip(going_on(own_embedded), before, strict=True)))


def test_views_of_other_things_go_on_side_by_side(connected: Notebook) -> None:
    for words in ("alarms", "alarms Tank", "alarms --min-severity 500", "watch Tank001.Level"):
        connected.run(f"{words.translate(str.maketrans(' -.', '___'))} = %mxgw {words}")
    names = ("alarms", "alarms_Tank", "alarms___min_severity_500", "watch_Tank001_Level")
    assert len({id(connected[name]) for name in names}) == len(names)
    assert not any(connected[name].stopped for name in names)


def test_what_was_stopped_begins_anew(connected: Notebook) -> None:
    connected.run("first = %mxgw alarms\nfirst.stop()\nsecond = %mxgw alarms")
    assert connected["first"].stopped
    assert not connected["second"].stopped


def test_an_edited_condition_takes_the_place_of_the_one_before(connected: Notebook) -> None:
    cell = connected.run("%mxgw when Tank001.Level > 1000 --as high")
    assert not cell.err, cell.err
    before = connected["high"]
    cell = connected.run("%mxgw when Tank001.Level > 2000 --as high")
    assert before.stopped
    assert not connected["high"].stopped
    assert "In place of <EventWatch Tank001.Level > 1000: 0 events, stopped>" in cell.out
