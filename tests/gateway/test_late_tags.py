"""Tags that come with a later deploy, and tags that a deploy changes: what a watch then knows of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.gateway.tags.trend_lines import TrendLines
from mxgw_notebook.simulator.keys import SCOPES, Key
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.conftest import served_with
from tests.conftest import KEY
from tests.until import DEADLINE_SECONDS, LOOK_SECONDS, until

LEVEL = "Tank001.Level"
LATE = "TempTI001.PV"  # the transmitter that the embedded gateway's first deploy adds
SETPOINT = "FIC101.SP"


@pytest.fixture
async def gateway(served: ServedGateway) -> AsyncIterator[Gateway]:
    made = await asyncio.to_thread(connect, served.endpoint, api_key=KEY, plaintext=True)
    yield made
    await asyncio.to_thread(made.close)


async def deploys_are(gateway: Gateway, status: str) -> None:
    """Returns once the status table says so of deploys."""

    def told() -> bool:
        return str(gateway.status().loc["deploys", "value"]).startswith(status)

    async with asyncio.timeout(DEADLINE_SECONDS):
        while not await asyncio.to_thread(told):  # noqa: ASYNC110  # only looking tells
            await asyncio.sleep(LOOK_SECONDS)


async def followed(gateway: Gateway) -> None:
    """Returns once deploys are listened for, and the one of before is known, which is no news."""
    await deploys_are(gateway, "live")


async def test_a_tag_that_comes_with_a_deploy_has_its_units_from_its_first_frame_on(
    served: ServedGateway, gateway: Gateway
) -> None:
    watch = await asyncio.to_thread(gateway.watch, LEVEL, LATE)
    assert list(watch.failures) == [LATE]
    await followed(gateway)
    await served.advance(1)
    served.deploy()
    await until(lambda: not watch.failures)
    frame = await asyncio.to_thread(watch.frame)
    assert frame.attrs["units"][LATE] == "degC"
    assert frame.attrs["descriptions"][LATE] == "Temporary probe"
    assert (await asyncio.to_thread(lambda: watch.units))[LATE] == "degC"


async def test_a_trend_hears_of_the_units_of_a_tag_that_came_late(
    served: ServedGateway, gateway: Gateway
) -> None:
    watch = await asyncio.to_thread(gateway.watch, LEVEL, LATE)
    await followed(gateway)
    await served.advance(1)
    served.deploy()
    lines = TrendLines(watch.watched)
    await until(lambda: [tag.units for tag in lines.tags][1:] == ["degC"])


async def test_a_deploy_is_followed_by_itself_and_once_for_all_watches(
    served: ServedGateway, gateway: Gateway
) -> None:
    assert served.open_calls["WatchDeployEvents"] == 0
    watches = [await asyncio.to_thread(gateway.watch, tag) for tag in (LEVEL, "Pump001.Speed")]
    await followed(gateway)
    assert served.open_calls["WatchDeployEvents"] == 1
    for watch in watches:
        await asyncio.to_thread(watch.stop)
    await asyncio.to_thread(gateway.close)
    await until(lambda: not served.open_calls["WatchDeployEvents"])


async def test_units_that_a_deploy_changes_are_changed_in_every_watch(
    served: ServedGateway, gateway: Gateway
) -> None:
    watches = [await asyncio.to_thread(gateway.watch, LEVEL) for _ in range(2)]
    await followed(gateway)
    before = watches[0].units[LEVEL]
    units = served.plant.attribute(f"{LEVEL}.EngUnits")
    assert units is not None
    units.put("furlong", served.plant.now)
    assert watches[0].units[LEVEL] == before
    await served.advance(1)
    served.deploy()
    await until(lambda: [watch.units[LEVEL] for watch in watches] == ["furlong", "furlong"])
    assert watches[0].entries[0].description.limits


async def test_a_condition_on_a_tag_that_comes_late_is_looked_at_once_it_is_there(
    served: ServedGateway, gateway: Gateway
) -> None:
    events = await asyncio.to_thread(gateway.when, f"{LATE} > 1 and {LEVEL} > 0")
    await followed(gateway)
    assert events.events == []
    await served.advance(1)
    served.deploy()
    await until(lambda: events.events)
    frame = await asyncio.to_thread(events.frame)
    assert frame["tag"].tolist() == [LATE, LEVEL]
    await asyncio.to_thread(events.stop)


async def test_a_long_watch_keeps_its_limits_after_a_deploy(served: ServedGateway, gateway: Gateway) -> None:
    watch = await asyncio.to_thread(gateway.watch, LEVEL)
    limits = watch.entries[0].description.limits
    assert limits
    others = [f"{name}.PV" for name in served.plant.objects if name.startswith(("FI", "PI", "TI", "LI"))]
    await asyncio.to_thread(watch.add, *others[:60])
    assert len(watch.tags) > 50
    await asyncio.to_thread(watch.runner.run, watch.watched.describe_again())
    assert watch.entries[0].description.limits == limits


async def test_a_watch_that_is_stopped_while_a_deploy_is_looked_at_lets_go_of_everything(
    served: ServedGateway, gateway: Gateway
) -> None:
    watch = await asyncio.to_thread(gateway.watch, "FIC101.PV")
    entry, hub = watch.entries[0], watch.watched.hub
    assert entry.advised == ["FIC101.PV", SETPOINT]
    entry.setpoint = None  # as if only the deploy had brought it
    await asyncio.to_thread(watch.runner.run, hub.release([SETPOINT]))

    async def stopped_meanwhile() -> None:
        describing = asyncio.create_task(watch.watched.describe_again())
        await asyncio.sleep(0)  # it asks the plant now
        await watch.watched.end()
        await describing

    await asyncio.to_thread(watch.runner.run, stopped_meanwhile())
    assert hub.subscriptions == []


async def test_a_tag_that_two_add_at_once_is_watched_once_and_let_go_of(gateway: Gateway) -> None:
    watch = await asyncio.to_thread(gateway.watch, LEVEL)

    async def twice() -> None:
        await asyncio.gather(*(watch.watched.add(["Pump001.Speed"]) for _ in range(2)))

    await asyncio.to_thread(watch.runner.run, twice())
    assert watch.tags == [LEVEL, "Pump001.Speed"]
    await asyncio.to_thread(watch.remove, "Pump001.Speed")
    assert [found.tag for found in watch.watched.hub.subscriptions] == watch.entries[0].advised


async def test_a_stopped_watch_takes_no_further_tag(gateway: Gateway) -> None:
    watch = await asyncio.to_thread(gateway.watch, LEVEL)
    await asyncio.to_thread(watch.stop)
    with pytest.raises(GatewayError, match="stopped"):
        await asyncio.to_thread(watch.add, "Pump001.Speed")
    assert watch.watched.hub.subscriptions == []


async def test_a_key_that_may_not_see_the_galaxy_watches_all_the_same() -> None:
    key = Key("mxgw_reader_secret", SCOPES - {"metadata:read"})
    async with served_with(seed=1, keys=(key,)) as served:
        gateway = await asyncio.to_thread(connect, served.endpoint, api_key=key.text, plaintext=True)
        watch = await asyncio.to_thread(gateway.watch, LEVEL)
        assert watch.units[LEVEL]
        await deploys_are(gateway, "refused")
        await asyncio.to_thread(gateway.close)
