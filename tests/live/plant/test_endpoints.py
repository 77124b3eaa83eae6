"""A plant behind several gateways: when one is gone the next takes its place, and what is missing is told."""

from __future__ import annotations

from mxgw_notebook import Plant
from tests.live.chaos_gateway import ChaosGateway
from tests.live.plant.conftest import OFTEN, Record, plant_at
from tests.until import until

TAGS = ["Tank001.Level", "Tank002.Level"]


def endpoint(gateway: ChaosGateway) -> str:
    return f"127.0.0.1:{gateway.port}"


async def take_over(plant: Plant, gateway: ChaosGateway, record: Record) -> None:
    """Waits until a gateway is in use, and for the next ten values of each tag."""
    await until(lambda: plant.status().is_live and gateway.living and gateway.living[-1].tags)
    before = {tag: len(record.samples(tag)) for tag in TAGS}
    gateway.change(20)
    for tag in TAGS:
        await record.until_samples(tag, before[tag] + 10)
    assert plant.status().gateway == endpoint(gateway)


async def test_whichever_gateway_is_there_has_the_tags_and_nothing_comes_twice() -> None:
    first, second = ChaosGateway(TAGS, 0), ChaosGateway(TAGS, 0)
    second.sent, second.latest = first.sent, first.latest  # of one plant
    try:
        await first.start()
        await second.start()
        async with (
            await plant_at([endpoint(first), endpoint(second)]) as plant,
            plant.follow(TAGS, every=OFTEN) as followed,
        ):
            record = Record(followed)
            await record.look()
            await take_over(plant, first, record)
            await first.kill()
            await take_over(plant, second, record)
            await first.start()
            await second.kill()
            await take_over(plant, first, record)
    finally:
        await first.kill()
        await second.kill()
    numbers = [sample.value for tag in TAGS for sample in record.samples(tag)]
    assert len(set(numbers)) == len(numbers)
    assert [(gap.filled, gap.end_ns is None) for gap in record.gaps.values()] == [(False, False)] * 2
