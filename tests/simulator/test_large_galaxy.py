"""A galaxy of any size: what it looks like, what it costs, and at which rate it changes."""

from __future__ import annotations

import logging

import psutil
import pytest

from mxgw_notebook._generated import galaxy_repository_pb2 as galaxy_wire
from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.catalogue.catalogue import Catalogue, CatalogueAttribute
from mxgw_notebook.simulator.catalogue.generate import generate
from mxgw_notebook.simulator.catalogue.traffic import Traffic
from mxgw_notebook.simulator.clock import ManualClock
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.plant.attribute import Journal
from mxgw_notebook.simulator.plant.codes import Category
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import serving
from tests.conformance.plain_client import double, first, plain_client
from tests.simulator.conftest import KEY


def generated(objects: int, attributes: int = 20) -> Catalogue:
    catalogue = Catalogue(1, Journal())
    generate(catalogue, objects, attributes)
    return catalogue


@pytest.mark.parametrize(("objects", "attributes"), [(1, 20), (2, 5), (7, 1), (100, 60), (4_321, 20)])
def test_it_has_exactly_as_many_objects_and_attributes_as_asked_for(objects: int, attributes: int) -> None:
    catalogue = generated(objects, attributes)
    assert len(catalogue.objects) == objects
    assert {len(item.shape.listings) for item in catalogue.objects} == {attributes}
    assert len({item.tag_name for item in catalogue.objects}) == objects


def test_it_is_realistic_in_names_templates_containment_and_areas() -> None:
    objects = generated(3_000).objects
    chains = {item.template_chain[0] for item in objects}
    assert {"$Pump", "$Motor", "$PIDLoop", "$Tank", "$ControlValve", "$AppEngine", "$Area"} <= chains
    areas = [item for item in objects if item.category is Category.AREA]
    assert 30 < len(areas) < 300
    assert max(len(item.children) for item in areas) < 200
    contained = [item for item in objects if item.contained_name]
    assert all(item.parent is not None and item.browse_name != item.tag_name for item in contained)
    assert all(item.host is not None for item in objects if item.category is Category.APPLICATION_OBJECT)
    assert all(item.area.startswith("U") for item in contained)


async def test_a_million_attributes_start_within_seconds_and_in_little_memory() -> None:
    with EmbeddedGateway.start(api_key=KEY, objects=50_000, attributes_per_object=20) as embedded:
        async with plain_client(embedded.endpoint, KEY) as client:
            stream = client.stream("WatchDeployEvents", galaxy_wire.WatchDeployEventsRequest())
            [event] = await first(stream, 1)
            stream.cancel()
            page = await client.hierarchy(page_size=2_000, tag_name_glob="P*")
        memory = psutil.Process(embedded.pid).memory_info().rss
    assert event.object_count >= 50_000
    assert event.attribute_count >= 1_000_000
    assert len(page.objects) == 2_000
    assert memory < 250 * 1024 * 1024


async def test_pages_are_serialised_once() -> None:
    options = GatewayOptions(api_key=KEY, clock=ManualClock(), objects=200)
    async with serving(options) as gateway, plain_client(gateway.endpoint, KEY) as client:
        one, other = await client.hierarchy(page_size=500), await client.hierarchy(page_size=500)
        assert one == other
        walk, token = list[galaxy_wire.GalaxyObject](), ""
        while not walk or token:
            reply = await client.hierarchy(page_size=100, page_token=token)
            walk += reply.objects
            token = reply.next_page_token
        assert [item.tag_name for item in walk[:500]] == [item.tag_name for item in one.objects]
        assert walk[: len(one.objects)] == list(one.objects)


async def test_the_rate_is_events_a_second_of_all_that_is_advised() -> None:
    options = GatewayOptions(api_key=KEY, clock=ManualClock(), rate=1_000.0, event_queue=100_000)
    async with serving(options) as gateway, plain_client(gateway.endpoint, KEY) as client:
        assert gateway.plant.catalogue is not None
        loops = [one.tag_name for one in gateway.plant.catalogue.objects if one.tag_name.startswith("FIC")]
        session = await client.open()
        handles = await session.subscribe(*(f"{name}.PV" for name in loops))
        await session.drain()
        await gateway.advance(4.0)
        events = await session.drain()
        assert len(events) == pytest.approx(4_000, abs=5)
        shares = [sum(event.item_handle == handle for event in events) for handle in handles]
        assert max(shares) - min(shares) <= 2
        await gateway.advance(1.0)
        status = gateway.status()
        assert status["changes_per_second"] == pytest.approx(1_000.0, rel=0.05)
        assert status["changes_left_out"] == 0


async def test_what_nobody_advises_makes_no_events() -> None:
    options = GatewayOptions(api_key=KEY, clock=ManualClock(), rate=1_000.0)
    async with serving(options) as gateway, plain_client(gateway.endpoint, KEY) as client:
        session = await client.open()
        await gateway.advance(2.0)
        assert await session.drain() == []


async def test_a_reader_that_does_not_read_faults_as_at_a_plant() -> None:
    options = GatewayOptions(api_key=KEY, clock=ManualClock(), rate=1_000.0, event_queue=500)
    async with serving(options) as gateway, plain_client(gateway.endpoint, KEY) as client:
        session = await client.open()
        await session.subscribe("FIC1000101.PV")
        await gateway.advance(2.0)
        reply = await session.invoke("get_session_state")
    assert reply.session_state.state == wire.SESSION_STATE_FAULTED


def test_a_rate_that_cannot_be_sent_is_left_out_counted_and_told(caplog: pytest.LogCaptureFixture) -> None:
    catalogue, clock = generated(100), ManualClock()
    traffic = Traffic(catalogue, 5_000.0, clock, must_wait=lambda: True)
    attribute = catalogue.attribute("FIC1000101.PV", clock.now())
    assert isinstance(attribute, CatalogueAttribute)
    attribute.watch()
    with caplog.at_level(logging.WARNING):
        for _ in range(10):
            clock.move(0.02)
            traffic.move(clock.now(), lambda: None)
    assert traffic.published == 0
    assert traffic.left_out == pytest.approx(1_000, abs=1)
    assert caplog.text.count("5000 events a second are asked for") == 1


async def test_ten_thousand_alarms_can_stand_and_change() -> None:
    options = GatewayOptions(api_key=KEY, clock=ManualClock(), objects=12_000, alarms=10_000)
    async with serving(options) as gateway, plain_client(gateway.endpoint, KEY) as client:
        stream = client.stream("StreamAlarms", wire.StreamAlarmsRequest())
        standing = 0
        while (message := await stream.read()).WhichOneof("payload") == "active_alarm":
            standing += 1
        assert standing >= 10_000
        assert message.snapshot_complete
        await stream.read()
        await gateway.advance(10.0)
        changes = await first(stream, 40)
        stream.cancel()
        assert {one.WhichOneof("payload") for one in changes} == {"transition"}
        assert len({one.transition.transition_kind for one in changes}) >= 2
        assert gateway.status()["plant_lag"] == 0.0


async def test_a_generated_tag_is_read_written_and_kept() -> None:
    options = GatewayOptions(api_key=KEY, clock=ManualClock(), objects=100)
    async with serving(options) as gateway, plain_client(gateway.endpoint, KEY) as client:
        session = await client.open()
        names = [
            "FIC1000101.PV",
            "FIC1000101.SP",
            "FIC1000101.Mode",
            "fic1000101.pv.engunits",
            "FIC1000101.X",
        ]
        results = await session.read(*names)
        assert [result.was_successful for result in results] == [True, True, True, True, False]
        assert results[3].value.string_value == "m3/h"
        [handle] = await session.subscribe("FIC1000101.SP")
        await session.write(handle, double(33.0))
        await session.invoke("unsubscribe_bulk", item_handles=[handle])
        await gateway.advance(60.0)
        [setpoint] = await session.read("FIC1000101.SP")
        assert setpoint.value.double_value == 33.0


def test_values_without_a_state_are_the_same_for_the_same_moment() -> None:
    now = ManualClock().now()
    values = [generated(50).attribute("TI1000102.PV", now) for _ in range(2)]
    assert values[0] is not None
    assert values[1] is not None
    assert values[0].value == values[1].value
