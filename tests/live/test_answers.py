"""Any answer proves the gateway alive: nothing depends on Ping, or on any other call that only diagnoses."""

from __future__ import annotations

import pytest

from mxgw_notebook.errors import PermissionDeniedError
from mxgw_notebook.simulator.server import ServedGateway
from tests.live.chaos_site import IMPATIENT, site
from tests.live.conftest import SPEED, hub_at
from tests.until import until

REFUSALS = ["PERMISSION_DENIED", "UNIMPLEMENTED", "INVALID_ARGUMENT", "INTERNAL"]
DIAGNOSES = "ping+get_session_state+get_worker_info"


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.kind_only("every value has to be read", "unknown-values")
async def test_a_session_whose_ping_is_refused_is_resumed(served: ServedGateway, code: str) -> None:
    await served.fault("refuse-command", command=DIAGNOSES, code=code)
    async with hub_at(served.endpoint) as hub:
        (speed,) = await hub.subscribe([SPEED])
        await served.advance(30)
        await until(lambda: len(speed.history) > 1)
        (session,) = served.sessions.ready()
        await served.fault("drop")
        await until(lambda: hub.interruptions and hub.status == "live")
        seen = len(speed.history)
        await served.advance(30)
        await until(lambda: len(speed.history) > seen)
        assert served.sessions.ready() == [session]
        assert hub.outages == []


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.kind_only("every value has to be read", "unknown-values")
async def test_silence_and_a_refused_question_do_not_end_the_stream(served: ServedGateway, code: str) -> None:
    async with hub_at(served.endpoint, patience=IMPATIENT) as hub:
        (speed,) = await hub.subscribe([SPEED])
        await until(lambda: len(speed.history))
        await served.fault("refuse-command", command=f"{DIAGNOSES}+read_bulk", code=code)
        await until(lambda: served.faults.happened["refuse-command"] >= 2)
        assert hub.interruptions == 0
        await served.advance(30)
        await until(lambda: len(speed.history) > 1)
        assert hub.status == "live"


async def test_a_session_that_is_gone_is_found_out_by_its_stream(served: ServedGateway) -> None:
    await served.fault("refuse-command", command=DIAGNOSES, code="PERMISSION_DENIED")
    async with hub_at(served.endpoint) as hub:
        (speed,) = await hub.subscribe([SPEED])
        await until(lambda: len(speed.history))
        await served.fault("restart")
        await until(lambda: hub.interruptions and hub.status == "live")
        seen = len(speed.history)
        await served.advance(30)
        await until(lambda: len(speed.history) > seen)


async def test_a_refused_command_is_tried_again_and_a_refused_session_is_not(served: ServedGateway) -> None:
    async with hub_at(served.endpoint) as hub:
        (speed,) = await hub.subscribe([SPEED])
        await until(lambda: len(speed.history))
        await served.fault("refuse-command", command="register", code="PERMISSION_DENIED", times=1)
        await served.fault("restart")
        await until(lambda: served.faults.happened["refuse-command"])
        await until(lambda: hub.status == "live")
        await served.fault("refuse", rpc="OpenSession", code="PERMISSION_DENIED")
        await served.fault("restart")
        await until(lambda: hub.status.startswith("refused"))
        assert hub.status.endswith("Ask for a key with the scope session:open, and connect again with it")
        with pytest.raises(PermissionDeniedError):
            await hub.subscribe([SPEED])


async def test_a_worker_that_is_gone_is_found_out_where_ping_says_nothing() -> None:
    async with site(patience=IMPATIENT) as there:
        there.gateway.refused = {"ping"}
        await there.watch(40)
        session = await there.lose_worker()
        await until(lambda: there.hub.status == "live" and there.gateway.living != [session])
        await there.changes(2)
