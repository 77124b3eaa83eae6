"""A session's lease: kept by a stream through any quiet, and what follows once it is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live import Hub, ReaderKind
from mxgw_notebook.simulator.clock import ManualClock
from mxgw_notebook.simulator.server import ServedGateway, serving
from tests import kindness
from tests.conftest import KEY
from tests.live.conftest import hub_at, known
from tests.live.network import Network
from tests.until import until

TAGS = ["Tank001.Level", "Pump001.Speed", "Tank002.Level"]
LEASE, SWEEP = 60.0, 10.0
FOREVER = 1e6
RECOVERY_SECONDS = 120.0
Sample = tuple[str, int, float]


@asynccontextmanager
async def leasing(*, lease: float = LEASE, grace: float = FOREVER) -> AsyncIterator[ServedGateway]:
    """A gateway whose sessions do not last."""
    clock = ManualClock()
    options = kindness.options(seed=1, api_key=KEY, clock=clock, lease=lease, grace=grace, sweep=SWEEP)
    async with serving(options) as gateway:
        yield gateway


def samples(hub: Hub) -> list[Sample]:
    """Every sample that a hub has: tag, time, value."""
    return [
        (found.tag, int(at), float(value))
        for found in hub.subscriptions
        for at, value in zip(found.history.all().time_ns, found.history.all().number, strict=True)
    ]


def newest(hub: Hub) -> list[int]:
    """The time of each tag's last sample; 0 for none."""
    return [int(np.max(found.history.all().time_ns, initial=0)) for found in hub.subscriptions]


async def test_a_stream_keeps_the_session_of_a_quiet_plant() -> None:
    async with (
        leasing() as gateway,
        hub_at(gateway.endpoint) as watching,
        hub_at(gateway.endpoint) as reading,
    ):
        await watching.subscribe(TAGS)
        await until(lambda: known(watching) == len(TAGS))
        await reading.read(TAGS, timeout=5)
        async with await GatewayClient.connect(gateway.endpoint, api_key=KEY, plaintext=True) as client:
            forgotten = await client.open_session("a session that nobody uses")
            kept = {session.id for session in gateway.sessions.ready()} - {forgotten.session_id}
            assert len(kept) == 2
            await gateway.fault("silent")
            received = watching.received
            await gateway.advance(3 * LEASE)
            assert {session.id for session in gateway.sessions.ready()} == kept
        assert watching.received == received
        assert (watching.status, watching.interruptions, watching.outages) == ("live", 0, [])
        await gateway.clear_faults("silent")
        await gateway.advance(20)
        await until(lambda: watching.received > received)
        await reading.read(TAGS, timeout=5)
        assert {session.id for session in gateway.sessions.ready()} == kept


@pytest.mark.parametrize("reader", ["thread", "process"])
@pytest.mark.parametrize(("lease", "grace"), [(LEASE, FOREVER), (FOREVER, LEASE)], ids=["lease", "grace"])
@pytest.mark.kind_only("two streams are compared by time", "odd-times", "bursts", "unknown-values")
async def test_a_session_that_expired_while_cut_off_is_replaced_by_a_new_one(
    reader: ReaderKind, lease: float, grace: float
) -> None:
    async with leasing(lease=lease, grace=grace) as gateway:
        network = Network(int(gateway.endpoint.rpartition(":")[2]))
        endpoint = await network.start()
        # Another hub, which is not cut off, knows all that the gateway sent.
        async with hub_at(gateway.endpoint) as whole, hub_at(endpoint, reader=reader) as cut:
            for hub in (whole, cut):
                await hub.subscribe(TAGS)
            await gateway.advance(20)
            await until(lambda: newest(cut) == newest(whole))
            network.go_down()
            await until(lambda: cut.status.startswith("reconnecting"))
            await until(lambda: gateway.open_calls["StreamEvents"] == 1)
            await gateway.advance(2 * LEASE)
            assert len(gateway.sessions.ready()) == 1
            network.come_up()
            await until(lambda: cut.status == "live", RECOVERY_SECONDS)
            assert len(gateway.sessions.ready()) == 2
            await gateway.advance(20)
            await until(lambda: newest(cut) == newest(whole))
            check(whole, cut)
        await network.stop()


def check(whole: Hub, cut: Hub) -> None:
    """What one hub has, the other has once, or a gap that it tells of."""
    (gap,) = cut.outages
    assert gap.cause == "outage"
    assert gap.end_ns is not None
    kept = samples(cut)
    assert len(set(kept)) == len(kept), "a sample came twice"
    missing = [sample for sample in samples(whole) if sample not in set(kept)]
    assert missing
    assert [sample for sample in missing if not gap.start_ns <= sample[1] <= gap.end_ns] == []
    assert set(kept) <= set(samples(whole))
