"""Browse: filters, pages, order and deploys, over the wire."""

from __future__ import annotations

from typing import Any

from mxgw_notebook._generated import galaxy_repository_pb2 as wire
from tests.conformance.plain_client import PlainClient

AREA, APPLICATION_OBJECT = 13, 10


async def names(client: PlainClient, **fields: Any) -> set[str]:
    reply = await client.hierarchy(page_size=5000, include_attributes=False, **fields)
    return {item.tag_name for item in reply.objects}


async def attributes(client: PlainClient, tag_name: str) -> dict[str, wire.GalaxyAttribute]:
    reply = await client.hierarchy(root_tag_name=tag_name, max_depth={"value": 0})
    return {attribute.attribute_name: attribute for attribute in reply.objects[0].attributes}


async def test_filters_must_all_agree(client: PlainClient) -> None:
    assert await names(client, tag_name_glob="pump00?") == {f"Pump00{n}" for n in range(1, 10)}
    pumps = await names(client, template_chain_contains=["$Pump"])
    assert "Pump001" in pumps
    assert not [name for name in pumps if not name.startswith("Pump")]
    areas = await names(client, category_ids=[AREA])
    assert {"Utilities", "Production1", "Line1"} <= areas
    assert await names(client, category_ids=[AREA], tag_name_glob="Pump*") == set()
    assert "XV101" not in await names(client, alarm_bearing_only=True, template_chain_contains=["$Actuator"])


async def test_depth_counts_from_the_root_given(client: PlainClient) -> None:
    assert await names(client, root_tag_name="Production1", max_depth={"value": 0}) == {"Production1"}
    one = await names(client, root_contained_path="Production1/Line1", max_depth={"value": 1})
    assert {"Line1", "Reactor101", "FIC101"} <= one
    assert "Agitator_101" not in one
    assert "Agitator_101" in await names(client, root_contained_path="production1/line1/reactor101")


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


async def test_attributes_can_be_left_out(client: PlainClient) -> None:
    reply = await client.hierarchy(root_tag_name="Tank001", include_attributes=False)
    assert not reply.objects[0].attributes
