"""An open stream on which nothing comes: lost, without a worker, or of a plant that stands still."""

from __future__ import annotations

import pytest

from mxgw_notebook.live import Hub
from mxgw_notebook.simulator.server import ServedGateway
from tests.live.chaos_site import IMPATIENT, site
from tests.live.conftest import SPEED
from tests.until import until


async def test_a_stream_that_is_mute_while_the_gateway_has_values_is_taken_for_lost() -> None:
    async with site(patience=IMPATIENT) as there:
        await there.watch(40)
        (session,) = there.gateway.living
        session.mute = True
        there.gateway.change(10)
        await until(lambda: there.hub.interruptions)
        session.fault()
        await until(lambda: there.hub.status == "live")
        await there.changes(2)


async def test_a_worker_that_is_gone_behind_an_open_stream_is_found_out() -> None:
    async with site(patience=IMPATIENT) as there:
        await there.watch(40)
        await there.lose_worker()
        await until(lambda: there.hub.status == "live")
        await there.changes(2)
        assert there.values() == [*range(1, 41), 49, 50, 51, 52]
        (gap,) = there.hub.outages
        lost = [at for value, at in there.gateway.sent if 40 < value < 49]
        assert gap.start_ns <= lost[0]
        assert lost[-1] <= (gap.end_ns or 0)


async def test_a_plant_that_stands_still_is_called_silent_and_nothing_else() -> None:
    async with site(patience=IMPATIENT) as there:
        await there.watch(40)
        await until(lambda: there.hub.status.startswith("silent"))
        assert there.hub.interruptions == 0
        await there.changes(2)
        await until(lambda: there.hub.status == "live")


async def test_a_connection_on_which_nothing_is_answered_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mxgw_notebook.live.hub.PROBE_SECONDS", 0.2)
    async with site(patience=IMPATIENT) as there:
        await there.watch(40)
        there.network.hold()
        await until(lambda: there.hub.status.startswith("reconnecting"))
        there.network.cut()
        there.network.let_go()
        await until(lambda: there.hub.status == "live")
        await there.changes(2)
        assert there.hub.outages == []


async def test_a_stream_whose_values_have_no_time_is_not_taken_for_one_that_stands(
    hub: Hub, served: ServedGateway
) -> None:
    await served.fault("odd-times", time="year-1", fields="source_timestamp", rpc="StreamEvents")
    (speed,) = await hub.subscribe([SPEED])
    await until(lambda: len(speed.history))
    assert speed.history.newest(1).time_ns.tolist() == [0]
    assert await hub.probe()
