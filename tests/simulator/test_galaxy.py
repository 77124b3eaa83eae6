"""Browse: filters, pages, order and deploys, over the wire."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from mxgw_notebook._generated import galaxy_repository_pb2 as wire
from mxgw_notebook.simulator.server import ServedGateway
from tests.simulator.plain_client import PlainClient, first

AREA, APPLICATION_OBJECT = 13, 10


async def names(client: PlainClient, **fields: Any) -> set[str]:
    reply = await client.hierarchy(page_size=5000, include_attributes=False, **fields)
    return {item.tag_name for item in reply.objects}


async def attributes(client: PlainClient, tag_name: str) -> dict[str, wire.GalaxyAttribute]:
    reply = await client.hierarchy(root_tag_name=tag_name, max_depth={"value": 0})
    return {attribute.attribute_name: attribute for attribute in reply.objects[0].attributes}


async def refused(call: Any) -> grpc.StatusCode:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value.code()


async def test_the_database_answers(client: PlainClient) -> None:
    assert (await client.call("TestConnection", wire.TestConnectionRequest())).ok


async def test_pages_put_together_are_the_whole_galaxy(client: PlainClient) -> None:
    seen, token, pages = list[str](), "", 0
    while pages == 0 or token:
        reply = await client.hierarchy(page_size=50, page_token=token)
        seen += [item.tag_name for item in reply.objects]
        token, pages = reply.next_page_token, pages + 1
    assert len(seen) == len(set(seen)) == reply.total_object_count
    assert set(seen) == await names(client)
    assert pages > 5


async def test_a_token_holds_only_for_its_filters_and_its_deploy(
    gateway: ServedGateway, client: PlainClient
) -> None:
    reply = await client.hierarchy(page_size=50)
    token = reply.next_page_token
    other = client.hierarchy(page_size=50, page_token=token, tag_name_glob="*1*")
    assert await refused(other) is grpc.StatusCode.INVALID_ARGUMENT
    assert await refused(client.hierarchy(page_token="made up")) is grpc.StatusCode.INVALID_ARGUMENT
    await client.hierarchy(page_size=100, page_token=token)
    gateway.deploy()
    assert await refused(client.hierarchy(page_size=50, page_token=token)) is grpc.StatusCode.INVALID_ARGUMENT


async def test_filters_must_all_agree(client: PlainClient) -> None:
    assert await names(client, tag_name_glob="pump00?") == {f"Pump00{n}" for n in range(1, 10)}
    pumps = await names(client, template_chain_contains=["$Pump"])
    assert "Pump001" in pumps
    assert not [name for name in pumps if not name.startswith("Pump")]
    areas = await names(client, category_ids=[AREA])
    assert {"Utilities", "Production1", "Line1"} <= areas
    assert await names(client, category_ids=[AREA], tag_name_glob="Pump*") == set()
    assert "XV101" not in await names(client, alarm_bearing_only=True, template_chain_contains=["$Actuator"])


async def test_brackets_in_a_glob_are_no_wildcards(client: PlainClient) -> None:
    assert await names(client, tag_name_glob="Pump00[1]") == set()


async def test_depth_counts_from_the_root_given(client: PlainClient) -> None:
    assert await names(client, root_tag_name="Production1", max_depth={"value": 0}) == {"Production1"}
    one = await names(client, root_contained_path="Production1/Line1", max_depth={"value": 1})
    assert {"Line1", "Reactor101", "FIC101"} <= one
    assert "Agitator_101" not in one
    assert "Agitator_101" in await names(client, root_contained_path="production1/line1/reactor101")


async def test_an_unknown_root_is_not_found(client: PlainClient) -> None:
    assert await refused(client.hierarchy(root_tag_name="Nope")) is grpc.StatusCode.NOT_FOUND
    assert await refused(client.children(parent_gobject_id=999999)) is grpc.StatusCode.NOT_FOUND


async def test_children_are_areas_first_then_by_name_without_case(client: PlainClient) -> None:
    roots = await client.children()
    assert [child.browse_name for child in roots.children] == [
        "Production1",
        "Production2",
        "Utilities",
        "GRNode",
    ]
    assert list(roots.child_has_children) == [True, True, True, True]
    reply = await client.children(parent_tag_name="Production1", page_size=5000)
    shown = [(not child.is_area, child.browse_name.lower()) for child in reply.children]
    assert shown == sorted(shown)
    assert reply.total_child_count == len(reply.children) == len(reply.child_has_children)


async def test_a_contained_object_has_two_names(client: PlainClient) -> None:
    reply = await client.children(parent_contained_path="Production1/Pump001")
    motor = next(child for child in reply.children if child.contained_name == "Motor")
    assert (motor.tag_name, motor.browse_name) == ("Motor_001", "Motor")
    assert motor.template_chain[0] == "$Motor"
    assert motor.hosted_by_gobject_id != 0


async def test_attributes_say_what_they_are(client: PlainClient) -> None:
    tank = await attributes(client, "Tank001")
    level = tank["Level"]
    assert level.full_tag_reference == "Tank001.Level"
    assert (level.data_type_name, level.is_historized, level.is_alarm) == ("Double", True, False)
    assert tank["Level.EngUnits"].data_type_name == "String"
    assert tank["Level.HiHi"].is_alarm
    assert {"Level.HiHi.Limit", "Level.HiHi.InAlarm", "Level.HiHi.Acked", "Level.HiHi.AckMsg"} <= set(tank)
    table = tank["StrappingTable"]
    assert (table.is_array, table.array_dimension) == (True, 11)
    assert table.full_tag_reference == "Tank001.StrappingTable[]"


async def test_all_security_classifications_and_common_types_occur(client: PlainClient) -> None:
    reply = await client.hierarchy(page_size=5000)
    listed = [attribute for item in reply.objects for attribute in item.attributes]
    assert {1, 2, 3, 4, 5, 6} <= {attribute.security_classification for attribute in listed}
    wanted = {"Boolean", "Integer", "Float", "Double", "String", "Time", "QualifiedEnum"}
    assert wanted <= {attribute.data_type_name for attribute in listed}


async def test_attributes_can_be_left_out(client: PlainClient) -> None:
    reply = await client.hierarchy(root_tag_name="Tank001", include_attributes=False)
    assert not reply.objects[0].attributes


async def test_the_deploy_watch_begins_with_the_present_and_tells_of_each(
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


async def test_a_watcher_that_knows_the_present_gets_only_what_follows(
    gateway: ServedGateway, client: PlainClient
) -> None:
    known = (await client.call("GetLastDeployTime", wire.GetLastDeployTimeRequest())).time_of_last_deploy
    request = wire.WatchDeployEventsRequest(last_seen_deploy_time=known)
    stream = client.stream("WatchDeployEvents", request)
    await gateway.advance(450.0)
    [event] = await first(stream, 1)
    stream.cancel()
    assert event.time_of_last_deploy.ToNanoseconds() > known.ToNanoseconds()
    assert "TempTI001" in await names(client)
