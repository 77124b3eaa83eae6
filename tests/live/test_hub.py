"""Shared subscriptions in one session, and what a key does not allow."""

from __future__ import annotations

import asyncio

import pytest

from mxgw_notebook.errors import GatewayError, PermissionDeniedError, SessionClosedError, TagError
from mxgw_notebook.live import Hub
from mxgw_notebook.live.subscriptions import TAGS_A_COMMAND, sliced
from mxgw_notebook.simulator.keys import SCOPES, Key
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.conftest import served_with
from tests.live.conftest import LEVEL, SPEED, hub_at, known, watchers
from tests.until import until


async def test_nothing_is_opened_before_it_is_needed(hub: Hub, served: ServedGateway) -> None:
    assert hub.status == "idle"
    assert served.sessions.ready() == []


@pytest.mark.kind_only("it compares times", "odd-times", "unknown-values")
async def test_a_tags_present_value_comes_first_and_changes_follow(hub: Hub, served: ServedGateway) -> None:
    (level,) = await hub.subscribe([LEVEL])
    await until(lambda: len(level.history) == 1)
    await served.advance(30)
    await until(lambda: len(level.history) > 3)
    samples = level.history.all()
    assert (samples.time_ns[1:] >= samples.time_ns[:-1]).all()
    assert set(samples.quality.tolist()) <= {192}
    assert hub.status == "live"
    assert known(hub) == len(level.history)
    assert (hub.broken, hub.dropped) == (0, 0)


async def test_a_tag_watched_twice_is_advised_once_and_unadvised_after_the_last_release(
    hub: Hub, served: ServedGateway
) -> None:
    before = watchers(served, SPEED)
    (first,) = await hub.subscribe([SPEED])
    (second,) = await hub.subscribe([SPEED])
    assert first is second
    assert watchers(served, SPEED) == before + 1
    await hub.release([SPEED])
    assert watchers(served, SPEED) == before + 1
    await hub.release([SPEED])
    assert watchers(served, SPEED) == before
    assert hub.subscriptions == []
    await hub.release([SPEED])


async def test_a_tag_that_comes_again_starts_afresh(hub: Hub) -> None:
    (before,) = await hub.subscribe([SPEED])
    await until(lambda: len(before.history))
    await hub.release([SPEED])
    (again,) = await hub.subscribe([SPEED])
    assert again is not before
    await until(lambda: len(again.history) == 1)


async def test_a_bad_tag_fails_alone(hub: Hub) -> None:
    good, bad = await hub.subscribe([SPEED, "Nope.Nope"])
    assert good.failure == ""
    assert "invalid reference" in bad.failure
    assert bad.item_handle is None
    await until(lambda: len(good.history))
    await hub.release([SPEED, "Nope.Nope"])


async def test_a_tag_that_is_refused_without_a_word_has_its_number(hub: Hub, served: ServedGateway) -> None:
    await served.fault("wordless")
    good, bad = await hub.subscribe([SPEED, "Nope.Nope"])
    assert (good.failure, bad.failure) == ("", "invalid reference (6)")
    with pytest.raises(TagError, match=r"Nope\.Nope: invalid reference \(6\)"):
        await hub.write("Nope.Nope", 1, data_type=None, timeout=5)


@pytest.mark.kind_only("every value has to be read", "unknown-values")
async def test_events_that_arrive_before_the_reply_are_not_lost(hub: Hub, served: ServedGateway) -> None:
    # So many that the gateway sends their first values while it still writes the reply.
    subscriptions = await hub.subscribe(every_tag(served)[:1500])
    await until(lambda: known(hub) == len(subscriptions))
    assert all(len(subscription.history) == 1 for subscription in subscriptions)


def every_tag(served: ServedGateway) -> list[str]:
    return [
        attribute.reference
        for item in served.plant.objects.values()
        for attribute in item.attributes.values()
        if not attribute.traits.is_array
    ]


async def test_text_is_kept_beside_the_numbers(hub: Hub) -> None:
    (description,) = await hub.subscribe(["Pump001.Description"])
    await until(lambda: len(description.history))
    samples = description.history.all()
    assert samples.objects is not None
    assert isinstance(samples.objects[0], str)


async def test_two_subscribers_at_once_share_one_session(hub: Hub, served: ServedGateway) -> None:
    async with asyncio.TaskGroup() as group:
        for tag in (SPEED, LEVEL, SPEED):
            group.create_task(hub.subscribe([tag]))
    assert len(served.sessions.ready()) == 1
    assert served.open_calls["StreamEvents"] == 1


async def test_closing_ends_session_and_stream(served: ServedGateway) -> None:
    async with hub_at(served.endpoint) as hub:
        await hub.subscribe([SPEED])
    await hub.close()
    assert served.sessions.ready() == []
    await until(lambda: not served.open_calls["StreamEvents"])
    assert hub.status == "stopped"
    with pytest.raises(SessionClosedError):
        await hub.subscribe([SPEED])


def test_long_lists_are_sent_in_several_commands() -> None:
    tags = [str(number) for number in range(TAGS_A_COMMAND + 1)]
    assert [len(part) for part in sliced(tags)] == [TAGS_A_COMMAND, 1]
    assert sliced([]) == []


async def test_a_key_that_may_not_read_events_is_told_so_and_not_tried_again() -> None:
    deaf = Key("mxgw_deaf_secret", scopes=SCOPES - {"events:read"})
    async with served_with(keys=(deaf,)) as served, hub_at(served.endpoint, deaf.text) as hub:
        with pytest.raises(PermissionDeniedError, match="the scope events:read, and connect again"):
            await until_refused(hub)
        await until(lambda: not served.sessions.ready())
        assert served.open_calls["StreamEvents"] == 0


async def until_refused(hub: Hub) -> None:
    """Reads on until the refusal of the event stream is known; that comes on its own connection."""
    async with asyncio.timeout(60):
        while True:
            await hub.read([SPEED], timeout=1)


async def test_a_wrong_key_opens_nothing(served: ServedGateway) -> None:
    async with hub_at(served.endpoint, "mxgw_test_wrong") as hub:
        with pytest.raises(GatewayError, match="UNAUTHENTICATED"):
            await hub.subscribe([SPEED])
        assert hub.subscriptions == []
