"""A plant's reads, writes, alarms and deploys, and its end."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import time
from typing import Any

import psutil
import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from mxgw_notebook import Plant, errors
from mxgw_notebook.live.plant import metrics
from mxgw_notebook.simulator.keys import SCOPES, Key
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.conftest import served_with
from tests.conftest import DEADLINE_SECONDS
from tests.live.conftest import start_at
from tests.live.plant.conftest import LEVEL, OFTEN, SETPOINT, SPEED, plant_at
from tests.until import until

CLOSING_SECONDS = 2.0


async def test_a_read_tells_each_tag_by_its_name(plant: Plant) -> None:
    readings = await plant.read([LEVEL, "Nope.Nope", LEVEL])
    assert list(readings) == [LEVEL, "Nope.Nope"]
    assert readings[LEVEL].value is not None
    assert "invalid reference" in readings["Nope.Nope"].failure


async def test_a_read_waits_for_a_gateway_that_comes_back(own_embedded: EmbeddedGateway) -> None:
    port = int(own_embedded.endpoint.rpartition(":")[2])
    async with await plant_at(own_embedded.endpoint) as plant:
        await plant.read([LEVEL])
        await asyncio.to_thread(own_embedded.stop)
        with pytest.raises(errors.GatewayError):
            await plant.read([LEVEL], timeout=0.5)
        reading = asyncio.create_task(plant.read([LEVEL], timeout=15.0))
        again = await asyncio.to_thread(start_at, port)
        try:
            assert (await reading)[LEVEL].value is not None
        finally:
            await plant.close()
            await asyncio.to_thread(again.stop)


@pytest.mark.kind_only("every outcome has to be known", "lose-reply", "unknown-enums")
async def test_a_write_tells_what_became_of_each_value(plant: Plant, served: ServedGateway) -> None:
    plant.gate.arm("tests")
    written = await plant.write({SETPOINT: 42.0, "Nope.Nope": 1, "Pump001.Cmd": 0.4})
    assert written[SETPOINT].outcome == "completed"
    assert "invalid reference" in written["Nope.Nope"].failure
    assert {one.outcome for one in written.values()} == {"completed", "refused"}
    assert plant.status().writes == {"completed": 1, "refused": 2}
    attribute = served.plant.attribute(SETPOINT)
    assert attribute is not None
    assert attribute.value == 42.0


async def test_a_write_takes_an_armed_gate(served: ServedGateway) -> None:
    async with await plant_at(served.endpoint) as plant:
        with pytest.raises(errors.NotArmedError):
            await plant.write({SETPOINT: 42.0})
    assert not served.sessions.ready()


async def test_alarms_begin_with_what_stands_and_go_on_with_each_change(
    plant: Plant, served: ServedGateway
) -> None:
    await served.advance(600)
    async with plant.alarms(every=OFTEN) as alarms:
        first = await anext(alarms)
        assert first.reset
        assert first.listed
        waiting = [alarm for alarm in first.active if alarm.state == "unacknowledged"]
        reference = waiting[0].record.reference
        assert not first.transitions
        plant.gate.arm("tests")
        await plant.client.acknowledge_alarm(reference, comment="checked", operator_user="tester")
        kinds = [record.kind async for record in transitions_of(alarms, reference, 1)]
    assert kinds == ["ACKNOWLEDGE"]
    await until(lambda: not served.open_calls["StreamAlarms"])


async def transitions_of(alarms: Any, reference: str, count: int) -> Any:
    async for update in alarms:
        for record in update:
            if record.reference == reference:
                yield record
                count -= 1
        if count <= 0:
            return


@pytest.mark.kind_only("every alarm has to be read", "unknown-values", "unknown-enums", "strangers")
async def test_what_happened_to_alarms_during_an_outage_is_told_as_reconciled(
    own_embedded: EmbeddedGateway,
) -> None:
    port = int(own_embedded.endpoint.rpartition(":")[2])
    async with await plant_at(own_embedded.endpoint) as plant, plant.alarms(every=OFTEN) as alarms:
        before = await anext(alarms)
        await asyncio.to_thread(own_embedded.stop)
        while not (update := await anext(alarms)).standing.phase.value.startswith("reconnecting"):
            assert update.standing.is_live
        again = await asyncio.to_thread(start_at, port)
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                while not (update := await anext(alarms)).standing.is_live:
                    pass
            assert {record.origin for record in update} <= {"reconciled", ""}
            assert before.listed
            assert update.listed
            assert not before.silences
            ((start, end),) = update.silences  # what came and went then nobody knows
            assert start < end
            assert not (await anext(alarms)).silences
        finally:
            await plant.close()
            await asyncio.to_thread(again.stop)


async def test_a_key_that_may_not_see_alarms_is_told_so() -> None:
    deaf = Key("mxgw_deaf_secret", scopes=SCOPES - {"events:read"})
    async with served_with(keys=(deaf,)) as served, await plant_at(served.endpoint, deaf.text) as plant:
        with pytest.raises(errors.PermissionDeniedError):
            [update async for update in plant.alarms(every=OFTEN)]
        with pytest.raises(errors.PermissionDeniedError):
            [update async for update in plant.follow([LEVEL], every=OFTEN)]


async def test_deploys_are_told_to_everybody_who_asks(plant: Plant, served: ServedGateway) -> None:
    async with plant.deploys() as first:
        state = await anext(first)
        async with plant.deploys() as second:
            assert await anext(second) == state
            await served.advance(1)
            served.deploy()
            assert (await anext(first)).sequence == (await anext(second)).sequence == state.sequence + 1
        await plant.close()
        assert [deploy async for deploy in first] == []


async def test_the_status_says_how_it_stands_without_asking_anybody(plant: Plant) -> None:
    assert (plant.status().values.phase.value, plant.status().is_live) == ("idle", False)
    async with plant.follow([LEVEL, "Nope.Nope"], every=OFTEN) as following:
        await anext(following)
        status = plant.status()
        assert (status.tags, list(status.failures), status.is_live) == (2, ["Nope.Nope"], True)
        assert status.gateway == plant.client.options.target


async def test_what_becomes_of_the_stream_is_logged_with_its_fields(
    plant: Plant, served: ServedGateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="mxgw_notebook")
    await plant.read([LEVEL])
    await served.fault("drop")
    await until(lambda: "reconnecting" in phases(caplog))
    await until(lambda: plant.status().is_live)
    assert "live" in phases(caplog)[phases(caplog).index("reconnecting") :]


def phases(caplog: pytest.LogCaptureFixture) -> list[str]:
    """How the stream of events stood, in order, as logs that have fields tell it."""
    told = [vars(record) for record in caplog.records]
    return [one["mxgw_phase"] for one in told if "event stream" in one.get("mxgw_what", "")]


@pytest.mark.parametrize("follows", [True, False])
async def test_a_cancelled_program_ends_soon_though_its_gateway_is_frozen(
    own_embedded: EmbeddedGateway, follows: bool
) -> None:
    ready = asyncio.Event()

    async def serve() -> None:
        async with await plant_at(own_embedded.endpoint) as plant:
            await plant.read([LEVEL])
            if follows:
                async with plant.follow([LEVEL], every=OFTEN) as following, plant.alarms() as alarms:
                    await anext(following)
                    await anext(alarms)
                    ready.set()
                    async for _ in following:
                        pass
            ready.set()
            await asyncio.Event().wait()

    serving = asyncio.create_task(serve())
    await ready.wait()
    psutil.Process(own_embedded.pid).suspend()
    serving.cancel()
    begun = time.monotonic()
    await asyncio.wait({serving})
    assert time.monotonic() - begun < CLOSING_SECONDS
    assert serving.cancelled()
    psutil.Process(own_embedded.pid).resume()
    await until(lambda: not any(own_embedded.status()["streams"].values()))


async def test_a_cancelled_program_leaves_nothing_open(served: ServedGateway) -> None:
    ready = asyncio.Event()

    async def serve() -> None:
        async with await plant_at(served.endpoint) as plant:
            async for _ in plant.follow([LEVEL], every=OFTEN):
                ready.set()

    serving = asyncio.create_task(serve())
    await ready.wait()
    serving.cancel()
    await asyncio.wait({serving})
    assert serving.cancelled()
    assert not served.sessions.ready()
    await until(lambda: not sum(served.open_calls.values()))


async def test_a_gateway_that_is_not_there_yet_is_waited_for_as_long_as_is_said(
    own_embedded: EmbeddedGateway,
) -> None:
    port = int(own_embedded.endpoint.rpartition(":")[2])
    await asyncio.to_thread(own_embedded.stop)
    with pytest.raises(errors.GatewayUnavailableError):
        await plant_at(own_embedded.endpoint)
    connecting = asyncio.create_task(plant_at(own_embedded.endpoint, wait=30.0))
    again = await asyncio.to_thread(start_at, port)
    try:
        async with await connecting as plant:
            assert (await plant.read([SPEED]))[SPEED].value is not None
    finally:
        await asyncio.to_thread(again.stop)


def test_it_is_imported_without_pandas_and_ipython() -> None:
    heavy = ("pandas", "IPython", "ipywidgets", "nest_asyncio2", "traitlets")
    code = (
        "import sys, mxgw_notebook; from mxgw_notebook.client import event_decoder\n"
        # What its first values are decoded by.
        "mxgw_notebook.Plant; event_decoder()\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_opentelemetry_reads_how_a_plant_does(
    served: ServedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader])
    monkeypatch.setattr("opentelemetry.metrics.get_meter", provider.get_meter)
    metrics.make_instruments.cache_clear()
    try:
        async with await plant_at(served.endpoint) as plant, plant.follow([LEVEL], every=OFTEN) as followed:
            while not (await anext(followed)).samples:
                pass
            plant.gate.arm("tests")
            await plant.write({"Nope.Nope": 1})
            numbers = told_by(reader)
    finally:
        metrics.make_instruments.cache_clear()
        provider.shutdown()
    assert numbers["mxgw.live"] == numbers["mxgw.tags.followed"] == numbers["mxgw.writes refused"] == 1
    assert numbers["mxgw.events.received"] >= 1
    assert set(metrics.TOTALS) | set(metrics.STATES) | {"mxgw.writes refused"} == set(numbers)


def told_by(reader: InMemoryMetricReader) -> dict[str, float]:
    """Each metric's newest number."""
    data: Any = reader.get_metrics_data()
    return {
        f"{metric.name} {point.attributes.get('outcome', '')}".rstrip(): point.value
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        for point in metric.data.data_points
    }


async def test_without_opentelemetry_nothing_is_measured(
    served: ServedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("opentelemetry", "opentelemetry.metrics"):
        monkeypatch.setitem(sys.modules, name, None)
    metrics.make_instruments.cache_clear()
    try:
        async with await plant_at(served.endpoint) as plant:
            await plant.read([LEVEL])
            assert plant not in metrics.measured
    finally:
        metrics.make_instruments.cache_clear()
