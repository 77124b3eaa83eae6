"""Whatever befalls the gateway and the network: each value once, or inside a gap that is told."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest

from mxgw_notebook.live import Hub, ReaderKind
from tests.live.chaos_gateway import ChaosGateway, Network
from tests.live.conftest import hub_at
from tests.until import until

# The long form: MXGW_CHAOS_SECONDS=120 MXGW_CHAOS_RATE=5000 python -m pytest tests/live/test_chaos.py
SECONDS = float(os.environ.get("MXGW_CHAOS_SECONDS", "12"))
RATE = int(os.environ.get("MXGW_CHAOS_RATE", "2000"))
TAGS = [f"Tank{number:03}.Level" for number in range(1, 11)]
RECOVERY_SECONDS = 60.0


@asynccontextmanager
async def plant() -> AsyncIterator[tuple[ChaosGateway, Network, str]]:
    """A gateway whose plant runs, behind a network."""
    gateway = ChaosGateway(TAGS, RATE)
    await gateway.start()
    network = Network(gateway.port)
    endpoint = await network.start()
    running = asyncio.create_task(gateway.run_plant())
    try:
        yield gateway, network, endpoint
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await network.stop()
        await gateway.kill()


FAULTS = ("cut", "slow", "kill", "overflow", "cut")


async def fault(kind: str, gateway: ChaosGateway, network: Network, chance: random.Random) -> None:
    """Something that goes wrong, and is over after a while."""
    if kind == "cut":
        network.cut()
    elif kind == "kill":
        await gateway.kill()
        await asyncio.sleep(chance.uniform(0.1, 0.5))
        await gateway.start()
    elif kind == "slow":
        network.hold()
        await asyncio.sleep(chance.uniform(0.5, 2.5))
        network.let_go()
    else:
        for session in gateway.living:
            session.fault()


@pytest.mark.parametrize("reader", ["thread", "process"])
async def test_every_value_is_kept_once_or_lies_in_a_gap(reader: ReaderKind) -> None:
    chance = random.Random(7)
    async with plant() as (gateway, network, endpoint), hub_at(endpoint, reader=reader) as hub:
        subscriptions = await hub.subscribe(TAGS)
        await until(lambda: all(len(subscription.history) for subscription in subscriptions))
        first = min(int(subscription.history.all().number[0]) for subscription in subscriptions)
        end = asyncio.get_running_loop().time() + SECONDS
        faults: list[str] = []
        while asyncio.get_running_loop().time() < end:
            await asyncio.sleep(chance.uniform(0.5, 2.0))
            faults.append(FAULTS[len(faults) % len(FAULTS)])
            await fault(faults[-1], gateway, network, chance)
        await until(lambda: hub.status == "live" and newest(hub) > len(gateway.sent) - RATE, RECOVERY_SECONDS)
        last = newest(hub)
        kept = np.concatenate([subscription.history.all().number for subscription in subscriptions])
        gaps = [(gap.start_ns, gap.end_ns or 2**63 - 1) for gap in hub.outages]
    values, counts = np.unique(kept.astype(int), return_counts=True)
    assert counts.max() == 1, f"{(counts > 1).sum()} values twice"
    known = set(values.tolist())
    lost = [
        (value, at)
        for value, at in gateway.sent[first - 1 : last]
        if value not in known and not any(start <= at <= end for start, end in gaps)
    ]
    assert lost == [], f"{len(lost)} of {last} values lost without a gap, after {faults}"
    assert len(known) > RATE, f"only {len(known)} values"
    assert len(faults) > 2
    assert gaps


def newest(hub: Hub) -> int:
    """The highest value that has come."""
    return max(int(found.history.newest(1).number[0]) for found in hub.subscriptions)
