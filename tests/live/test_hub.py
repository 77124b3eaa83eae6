"""Shared subscriptions, reads and writes in one session."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.errors import (
    CallTimeoutError,
    ConfigurationError,
    GatewayError,
    PermissionDeniedError,
    SessionClosedError,
    TagError,
    WriteError,
)
from mxgw_notebook.live import Hub
from mxgw_notebook.live.advised import TAGS_A_COMMAND, sliced
from mxgw_notebook.simulator.keys import SCOPES, Key
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.conftest import served_with
from tests.conftest import KEY
from tests.live.conftest import hub_at
from tests.until import until

SPEED, LEVEL = "Pump001.Speed", "Tank001.Level"


def watchers(served: ServedGateway, tag: str) -> int:
    """How often a tag is advised at the gateway, over all sessions."""
    attribute = served.plant.attribute(tag)
    assert attribute is not None
    return attribute.watchers


async def test_nothing_is_opened_before_it_is_needed(hub: Hub, served: ServedGateway) -> None:
    assert hub.status == "idle"
    assert served.sessions.ready() == []


async def test_a_tags_present_value_comes_first_and_changes_follow(hub: Hub, served: ServedGateway) -> None:
    (level,) = await hub.subscribe([LEVEL])
    await until(lambda: len(level.history) == 1)
    await served.advance(30)
    await until(lambda: len(level.history) > 3)
    samples = level.history.all()
    assert (samples.time_ns[1:] >= samples.time_ns[:-1]).all()
    assert set(samples.quality.tolist()) <= {192}
    assert hub.status == "live"
    assert hub.received == len(level.history)
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


async def test_events_that_arrive_before_the_reply_are_not_lost(hub: Hub, served: ServedGateway) -> None:
    # So many that the gateway sends their first values while it still writes the reply.
    subscriptions = await hub.subscribe(every_tag(served)[:1500])
    await until(lambda: hub.received == len(subscriptions))
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


# ------------------------------------------------------------------ reading and writing


async def test_reads_come_in_order_with_their_failures(hub: Hub) -> None:
    level, nope = await hub.read([LEVEL, "Nope.Nope"], timeout=1)
    assert isinstance(level.value, float)
    assert "invalid reference" in nope.failure


async def test_a_watched_tag_is_read_from_its_last_value(hub: Hub) -> None:
    await hub.subscribe([LEVEL])
    (level,) = await hub.read([LEVEL], timeout=1)
    assert level.cached


async def test_a_write_returns_once_the_plant_has_taken_it(hub: Hub, served: ServedGateway) -> None:
    statuses = await hub.write("FIC101.SP", 41, data_type="Double", timeout=5)
    assert [status.failed for status in statuses] == [False]
    attribute = served.plant.attribute("FIC101.SP")
    assert attribute is not None
    assert attribute.value == 41.0
    assert hub.other_events["ON_WRITE_COMPLETE"] == 1
    assert hub.subscriptions == []


@pytest.mark.parametrize(
    ("tag", "detail", "hint"),
    [("Pump001.Reset", 1012, "a signed user"), ("Tank001.InService", 1013, "a second, verifying one")],
)
async def test_a_secured_attribute_refuses_and_says_what_it_takes(
    hub: Hub, tag: str, detail: int, hint: str
) -> None:
    with pytest.raises(WriteError, match=f"{tag} was refused.*{detail}") as caught:
        await hub.write(tag, True, data_type=None, timeout=5)
    assert hint in caught.value.hint
    assert caught.value.statuses[0].detail == detail
    assert hub.subscriptions == []


async def test_writing_to_a_tag_that_is_not_there_names_it(hub: Hub) -> None:
    with pytest.raises(TagError, match=r"Nope\.Nope: invalid reference"):
        await hub.write("Nope.Nope", 1, data_type=None, timeout=5)
    assert hub.subscriptions == []


async def test_a_value_that_cannot_travel_leaves_nothing_behind(hub: Hub) -> None:
    with pytest.raises(ConfigurationError):
        await hub.write("FIC101.SP", "abc", data_type="Double", timeout=5)
    assert hub.subscriptions == []


async def test_an_outcome_that_does_not_come_says_that_it_may_have_been_written(
    served: ServedGateway,
) -> None:
    async with hub_at(served.endpoint) as hub:
        await hub.subscribe(["FIC101.SP"])
        await until(lambda: hub.received)
        # The gateway keeps the outcome to itself.
        (session,) = served.sessions.ready()
        session.events.closed = True
        with pytest.raises(GatewayError, match=r"No outcome .* within 0\.1 s") as caught:
            await hub.write("FIC101.SP", 40, data_type="Double", timeout=0.1)
        assert "read the tag" in caught.value.hint


async def test_two_writes_to_one_tag_each_have_their_outcome(hub: Hub) -> None:
    async with asyncio.TaskGroup() as group:
        outcomes = [
            group.create_task(hub.write("FIC101.SP", value, data_type="Double", timeout=5))
            for value in (40, 41)
        ]
    assert [task.result()[0].failed for task in outcomes] == [False, False]


# ------------------------------------------------------------------ what the key does not allow


async def test_a_key_that_may_not_read_events_is_told_so_and_not_tried_again() -> None:
    deaf = Key("mxgw_deaf_secret", scopes=SCOPES - {"events:read"})
    async with served_with(keys=(deaf,)) as served, hub_at(served.endpoint, deaf.text) as hub:
        with pytest.raises(PermissionDeniedError, match="events:read"):
            await until_refused(hub)
        await until(lambda: not served.sessions.ready())
        assert served.open_calls["StreamEvents"] == 0


async def until_refused(hub: Hub) -> None:
    """Reads on until the refusal of the event stream is known; that comes on its own connection."""
    async with asyncio.timeout(10):
        while True:
            await hub.read([SPEED], timeout=1)


async def test_a_wrong_key_opens_nothing(served: ServedGateway) -> None:
    async with hub_at(served.endpoint, "mxgw_test_wrong") as hub:
        with pytest.raises(GatewayError, match="UNAUTHENTICATED"):
            await hub.subscribe([SPEED])
        assert hub.subscriptions == []


# ------------------------------------------------------------------ recovery


async def test_a_lost_event_stream_is_opened_again_in_a_new_session(hub: Hub, served: ServedGateway) -> None:
    speed, nope = await hub.subscribe([SPEED, "Nope.Nope"])
    await until(lambda: len(speed.history) == 1)
    (lost,) = served.sessions.ready()
    served.sessions.close(lost, "The plant's platform was restarted.")
    await until(lambda: hub.status.startswith("reconnecting"))
    with pytest.raises(GatewayError):
        await hub.read([SPEED], timeout=1)
    await until(lambda: hub.status == "live")
    (opened,) = served.sessions.ready()
    assert opened is not lost
    await until(lambda: hub.received == 2)
    assert len(speed.history) == 1  # its present value, sent anew, is known already
    await served.advance(30)
    await until(lambda: len(speed.history) > 1)
    assert nope.failure
    (outage,) = hub.outages
    assert outage.end_ns is not None
    assert outage.end_ns > outage.start_ns


async def test_a_write_under_way_when_the_stream_is_lost_is_told_so(hub: Hub, served: ServedGateway) -> None:
    await hub.subscribe(["FIC101.SP"])
    await until(lambda: hub.received)
    (session,) = served.sessions.ready()
    session.events.closed = True  # from now on it keeps every outcome to itself
    attribute = served.plant.attribute("FIC101.SP")
    assert attribute is not None
    writing = asyncio.create_task(hub.write("FIC101.SP", 37, data_type="Double", timeout=30))
    await until(lambda: attribute.value == 37)
    served.sessions.close(session, "The plant's platform was restarted.")
    with pytest.raises(GatewayError, match="lost before the write's outcome came"):
        await writing


async def test_a_gateway_that_is_killed_and_comes_back_goes_on_where_it_stopped(
    own_embedded: EmbeddedGateway,
) -> None:
    port = int(own_embedded.endpoint.rpartition(":")[2])
    async with hub_at(own_embedded.endpoint) as hub:
        (level,) = await hub.subscribe([LEVEL])
        await until(lambda: len(level.history))
        await asyncio.to_thread(own_embedded.stop)
        await until(lambda: hub.status.startswith("reconnecting"))
        assert hub.outages[-1].end_ns is None
        seen = level.history.total
        again: EmbeddedGateway = await asyncio.to_thread(start_at, port)
        try:
            await until(lambda: level.history.total > seen)
            assert hub.status == "live"
            assert hub.outages[-1].end_ns is not None
        finally:
            await hub.close()
            await asyncio.to_thread(again.stop)


def start_at(port: int) -> Any:
    return EmbeddedGateway.start(port=port, seed=1, api_key=KEY)


async def test_closing_while_the_gateway_is_away_ends_the_recovery(own_embedded: EmbeddedGateway) -> None:
    async with hub_at(own_embedded.endpoint) as hub:
        await hub.subscribe([LEVEL])
        await asyncio.to_thread(own_embedded.stop)
        await until(lambda: hub.status.startswith("reconnecting"))
    assert hub.status == "stopped"


async def test_a_read_that_takes_too_long_is_a_timeout() -> None:
    async with (
        served_with(command_delay=5.0) as served,
        await GatewayClient.connect(served.endpoint, api_key=KEY, plaintext=True, timeout=0.2) as client,
    ):
        hub = Hub(client, "tests")
        with pytest.raises(CallTimeoutError):
            await hub.read([LEVEL], timeout=0.1)
        await hub.close()
        assert served.sessions.ready() == []
