"""Browse: filters, pages, order, loads and deploys."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mxgw_notebook._generated import galaxy_repository_pb2 as wire
from mxgw_notebook.simulator.server import ServedGateway
from tests.conformance.answers import Code, refusal
from tests.conformance.conftest import Served
from tests.conformance.plain_client import PlainClient, first

AREA = 13


async def walk(client: PlainClient, **fields: Any) -> list[wire.GalaxyObject]:
    found, token = list[wire.GalaxyObject](), ""
    while True:
        reply = await client.hierarchy(page_token=token, **fields)
        found += reply.objects
        token = reply.next_page_token
        if not token:
            assert len(found) == reply.total_object_count
            return found


async def test_an_empty_token_ends_the_walk_and_pages_are_the_whole_galaxy(client: PlainClient) -> None:
    whole = await walk(client, page_size=5000, include_attributes=False)
    pages = await walk(client, page_size=max(1, len(whole) // 7), include_attributes=False)
    assert [item.tag_name for item in pages] == [item.tag_name for item in whole]
    assert len({item.gobject_id for item in whole}) == len(whole)


async def test_filters_are_and_combined(client: PlainClient) -> None:
    areas = await walk(client, page_size=5000, include_attributes=False, category_ids=[AREA])
    assert all(item.is_area and item.category_id == AREA for item in areas)
    name = areas[0].tag_name
    both = await walk(client, category_ids=[AREA], tag_name_glob=name)
    assert [item.tag_name for item in both] == [name]
    assert await walk(client, category_ids=[AREA + 900], tag_name_glob=name) == []


async def test_a_glob_is_anchored_without_case_and_knows_star_and_question_mark(client: PlainClient) -> None:
    name = (await client.hierarchy(page_size=1)).objects[0].tag_name
    for glob, hits in (
        (name.swapcase(), True), (f"{name[:-1]}?", True), (f"*{name[1:]}", True), (name[1:], False),
        (f"[{name[0]}]{name[1:]}", False),
    ):  # fmt: skip
        seen = {item.tag_name for item in await walk(client, page_size=5000, tag_name_glob=glob)}
        assert (name in seen) is hits, glob


async def test_template_chain_contains_is_a_substring(client: PlainClient) -> None:
    [item] = (await client.hierarchy(page_size=1)).objects
    part = item.template_chain[0][1:4]
    found = await walk(client, page_size=5000, include_attributes=False, template_chain_contains=[part])
    assert item.tag_name in {one.tag_name for one in found}
    assert all(any(part in name for name in one.template_chain) for one in found)


@pytest.mark.parametrize(
    ("only", "flag"), [("alarm_bearing_only", "is_alarm"), ("historized_only", "is_historized")]
)
async def test_an_only_filter_keeps_objects_with_at_least_one_such_attribute(
    client: PlainClient, only: str, flag: str
) -> None:
    reply = await client.hierarchy(page_size=100, **{only: True})
    assert reply.objects
    assert all(any(getattr(one, flag) for one in item.attributes) for item in reply.objects)


async def test_depth_counts_from_the_root_given_and_0_is_the_root_alone(client: PlainClient) -> None:
    [area, *_] = await walk(client, page_size=5000, include_attributes=False, category_ids=[AREA])
    alone = await walk(client, root_tag_name=area.tag_name, max_depth={"value": 0})
    assert [item.tag_name for item in alone] == [area.tag_name]
    one = await walk(client, root_gobject_id=area.gobject_id, max_depth={"value": 1}, page_size=5000)
    assert {item.parent_gobject_id for item in one[1:]} <= {area.gobject_id}
    everything = await walk(client, root_tag_name=area.tag_name, page_size=5000, include_attributes=False)
    assert len(everything) >= len(one)


async def test_a_token_with_other_filters_is_an_invalid_argument(client: PlainClient) -> None:
    token = (await client.hierarchy(page_size=1)).next_page_token
    other = client.hierarchy(page_size=1, page_token=token, tag_name_glob="*1*")
    assert await refusal(other) is Code.INVALID_ARGUMENT
    assert await refusal(client.hierarchy(page_token="made up")) is Code.INVALID_ARGUMENT
    assert await refusal(client.children(page_token=token)) is Code.INVALID_ARGUMENT
    assert (await client.hierarchy(page_size=2, page_token=token)).objects


@pytest.mark.simulated_only("somebody has to deploy")
async def test_a_token_after_a_new_deploy_is_an_invalid_argument(
    gateway: ServedGateway, client: PlainClient
) -> None:
    page = (await client.hierarchy(page_size=5)).next_page_token
    children = (await client.children(page_size=1)).next_page_token
    gateway.deploy()
    assert await refusal(client.hierarchy(page_size=5, page_token=page)) is Code.INVALID_ARGUMENT
    assert await refusal(client.children(page_size=1, page_token=children)) is Code.INVALID_ARGUMENT


async def test_children_are_areas_first_then_by_display_name_without_case(client: PlainClient) -> None:
    reply = await client.children(page_size=5000)
    shown = [(not child.is_area, child.browse_name.lower()) for child in reply.children]
    assert shown == sorted(shown)
    assert reply.total_child_count == len(reply.children) == len(reply.child_has_children)
    assert {child.parent_gobject_id for child in reply.children} == {0}


async def test_an_unknown_root_or_parent_is_not_found(client: PlainClient) -> None:
    assert await refusal(client.hierarchy(root_tag_name="Nope")) is Code.NOT_FOUND
    assert await refusal(client.hierarchy(root_contained_path="No/Where")) is Code.NOT_FOUND
    assert await refusal(client.children(parent_gobject_id=999_999_999)) is Code.NOT_FOUND


@pytest.mark.simulated_only("the first load has to be slow")
async def test_a_first_load_that_takes_more_than_5_s_is_unavailable(served: Served) -> None:
    async with served(galaxy_load=3600.0) as (gateway, client):
        call = asyncio.create_task(client.hierarchy())
        while not call.done():
            await gateway.advance(1.0)
        assert await refusal(call) is Code.UNAVAILABLE
    async with served(galaxy_load=3.0) as (gateway, client):
        call = asyncio.create_task(client.hierarchy())
        while not call.done():
            await gateway.advance(0.2)
        assert call.result().objects


@pytest.mark.simulated_only("the database has to go away")
@pytest.mark.kind_only("what it asks is what is refused", "refuse")
async def test_test_connection_is_false_when_the_database_cannot_be_reached_and_does_not_fail(
    gateway: ServedGateway, client: PlainClient
) -> None:
    request = wire.TestConnectionRequest()
    assert (await client.call("TestConnection", request)).ok
    await gateway.fault("no-database")
    assert not (await client.call("TestConnection", request)).ok
    assert (await client.hierarchy(page_size=1)).objects


@pytest.mark.simulated_only("somebody has to deploy")
@pytest.mark.kind_only("what it asks is what is refused", "refuse")
async def test_the_deploy_watch_sends_the_current_state_then_one_event_a_deploy(
    gateway: ServedGateway, client: PlainClient
) -> None:
    stream = client.stream("WatchDeployEvents", wire.WatchDeployEventsRequest())
    [before] = await first(stream, 1)
    gateway.deploy()
    [after] = await first(stream, 1)
    stream.cancel()
    assert after.sequence == before.sequence + 1
    assert after.object_count == before.object_count + 1
    reply = await client.call("GetLastDeployTime", wire.GetLastDeployTimeRequest())
    assert reply.time_of_last_deploy == after.time_of_last_deploy
    assert (await client.children()).cache_sequence == after.sequence


async def test_the_deploy_watch_tells_the_present_state(client: PlainClient) -> None:
    stream = client.stream("WatchDeployEvents", wire.WatchDeployEventsRequest())
    [event] = await first(stream, 1)
    stream.cancel()
    reply = await client.hierarchy(page_size=1, include_attributes=False)
    assert event.object_count == reply.total_object_count


@pytest.mark.simulated_only("somebody has to deploy quickly")
async def test_a_gap_in_sequence_says_that_a_slow_watcher_lost_events(served: Served) -> None:
    async with served(deploy_queue=3) as (gateway, client):
        stream = client.stream("WatchDeployEvents", wire.WatchDeployEventsRequest())
        [before] = await first(stream, 1)
        for _ in range(10):
            gateway.deploy()  # without a pause in which the watcher could read
        events = await first(stream, 3)
        stream.cancel()
        numbers = [event.sequence - before.sequence for event in events]
        assert numbers == [8, 9, 10]


@pytest.mark.simulated_only("the gateway has to restart")
async def test_the_deploy_sequence_restarts_with_the_gateway(
    gateway: ServedGateway, client: PlainClient
) -> None:
    for _ in range(3):
        gateway.deploy()
    assert (await client.children()).cache_sequence == 4
    await gateway.fault("restart")
    reply = await client.galaxy.BrowseChildren(
        wire.BrowseChildrenRequest(), metadata=client.metadata, wait_for_ready=True
    )
    assert reply.cache_sequence == 1


@pytest.mark.simulated_only("somebody has to deploy")
@pytest.mark.kind_only("what it asks is what is refused", "refuse")
async def test_last_seen_deploy_time_suppresses_the_first_event(
    gateway: ServedGateway, client: PlainClient
) -> None:
    known = (await client.call("GetLastDeployTime", wire.GetLastDeployTimeRequest())).time_of_last_deploy
    request = wire.WatchDeployEventsRequest(last_seen_deploy_time=known)
    stream = client.stream("WatchDeployEvents", request)
    await gateway.advance(450.0)
    [event] = await first(stream, 1)
    stream.cancel()
    assert event.time_of_last_deploy.ToNanoseconds() > known.ToNanoseconds()


async def test_browse_names_types_and_arrays_are_spelled_as_the_galaxy_does(client: PlainClient) -> None:
    for item in (await client.hierarchy(page_size=200)).objects:
        assert item.browse_name == (item.contained_name or item.tag_name)
        assert item.is_area == (item.category_id == AREA)
        for one in item.attributes:
            brackets = "[]" if one.is_array else ""
            assert one.full_tag_reference == f"{item.tag_name}.{one.attribute_name}{brackets}"


@pytest.mark.simulated_only("it knows what the demo plant has")
async def test_every_platform_and_engine_has_a_scan_state_and_all_types_and_classes_occur(
    client: PlainClient,
) -> None:
    objects = await walk(client, page_size=5000)
    for item in objects:
        if {"$WinPlatform", "$AppEngine"} & set(item.template_chain):
            assert "ScanState" in {one.attribute_name for one in item.attributes}
    listed = [one for item in objects for one in item.attributes]
    assert {one.security_classification for one in listed} == set(range(7))
    wanted = (
        "Boolean Integer Float Double String Time ElapsedTime QualifiedEnum InternationalizedString BigString"
    )
    assert {one.data_type_name for one in listed} == set(wanted.split())
