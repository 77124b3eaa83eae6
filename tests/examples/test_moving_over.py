"""Programs of the gateway's own client run with another import and nothing else changed; and name by name."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
from datetime import UTC, datetime
from typing import Any

import pytest

import mxgw_notebook.compat
from mxgw_notebook import errors
from mxgw_notebook.client import command
from mxgw_notebook.compat import ClientOptions, GalaxyRepositoryClient, GatewayClient
from mxgw_notebook.compat.generated import galaxy_repository_pb2, mxaccess_gateway_pb2
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY
from tests.until import until

# As they are written for it, but for what the gateway is.
A_SESSION = """
from zb_mom_ww_mxgateway import GatewayClient

async with await GatewayClient.connect(
    endpoint="localhost:5000",
    api_key="<gateway-api-key>",
    plaintext=True,
) as client:
    session = await client.open_session(client_session_name="python-client")
    try:
        server_handle = await session.register("python-client")
        item_handle = await session.add_item(server_handle, "Object.Attribute")
        await session.advise(server_handle, item_handle)
    finally:
        await session.close()
"""
THE_GALAXY = """
from zb_mom_ww_mxgateway import GalaxyRepositoryClient

async with await GalaxyRepositoryClient.connect(
    endpoint="localhost:5000",
    api_key="<gateway-api-key>",
    plaintext=True,
) as galaxy:
    if not await galaxy.test_connection():
        raise RuntimeError("gateway cannot reach the Galaxy Repository DB")
    last_deploy = await galaxy.get_last_deploy_time()
    print(f"last deploy: {last_deploy}")
    for obj in await galaxy.discover_hierarchy():
        print(obj.tag_name, obj.contained_name)
        for attr in obj.attributes:
            print(" ", attr.attribute_name, "->", attr.full_tag_reference)
"""
DEPLOYS = """
from datetime import datetime, timezone
from zb_mom_ww_mxgateway import DeployEvent, GalaxyRepositoryClient

async with await GalaxyRepositoryClient.connect(
    endpoint="localhost:5000",
    api_key="<gateway-api-key>",
    plaintext=True,
) as galaxy:
    last_seen: datetime | None = None
    async for event in galaxy.watch_deploy_events(last_seen_deploy_time=last_seen):
        assert isinstance(event, DeployEvent)
        print(
            f"#{event.sequence} deploy={event.time_of_last_deploy.ToDatetime(tzinfo=timezone.utc)} "
            f"objects={event.object_count} attributes={event.attribute_count}"
        )
        if event.time_of_last_deploy_present:
            last_seen = event.time_of_last_deploy.ToDatetime(tzinfo=timezone.utc)
"""


async def ran(program: str, gateway: ServedGateway) -> dict[str, Any]:
    """Runs a program with its import changed, at the test's gateway; the names it leaves."""
    moved = (
        program.replace("zb_mom_ww_mxgateway", "mxgw_notebook.compat")
        .replace("localhost:5000", gateway.endpoint)
        .replace("<gateway-api-key>", KEY)
    )
    names: dict[str, Any] = {}
    code = compile(moved, "moved", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    # Its annotations are evaluated, as a program's own are.
    running = eval(code, names)
    assert inspect.iscoroutine(running)
    await running
    return names


async def test_a_session_is_opened_used_and_closed(documented: ServedGateway) -> None:
    left = await ran(A_SESSION, documented)
    assert (type(left["server_handle"]), type(left["item_handle"])) == (int, int)
    assert not documented.sessions.ready()


async def test_the_galaxy_is_printed(documented: ServedGateway, capsys: pytest.CaptureFixture[str]) -> None:
    await ran(THE_GALAXY, documented)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("last deploy: 20")
    assert "  Attribute -> Object.Attribute" in printed


async def test_deploys_are_watched_until_the_task_is_cancelled(
    documented: ServedGateway, capsys: pytest.CaptureFixture[str]
) -> None:
    watching = asyncio.create_task(ran(DEPLOYS, documented))
    printed = ""

    def told(words: str) -> bool:
        nonlocal printed
        printed += capsys.readouterr().out
        return words in printed

    await until(lambda: watching.done() or told("#2 deploy=20"))
    await documented.advance(1.0)
    documented.deploy()
    await until(lambda: watching.done() or told("#3 deploy=20"))
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching
    await until(lambda: not documented.open_calls["WatchDeployEvents"])


@contextlib.asynccontextmanager
async def connected(gateway: ServedGateway) -> Any:
    async with await GatewayClient.connect(endpoint=gateway.endpoint, api_key=KEY, plaintext=True) as client:
        yield client


async def test_alarms_are_messages_and_are_acknowledged_by_their_reference(documented: ServedGateway) -> None:
    async with connected(documented) as client:
        alarms = await client.query_active_alarms()
        assert {type(alarm) for alarm in alarms} == {mxaccess_gateway_pb2.ActiveAlarmSnapshot}
        stream = client.stream_alarms()
        first = await anext(stream)
        assert type(first) is mxaccess_gateway_pb2.AlarmFeedMessage
        assert first.WhichOneof("payload") == "active_alarm"
        waiting = next(alarm for alarm in alarms if not alarm.operator_comment)  # others acknowledge
        reply = await client.acknowledge_alarm(
            waiting.alarm_full_reference, comment="checked", operator_user="tester"
        )
        assert type(reply) is mxaccess_gateway_pb2.AcknowledgeAlarmReply
        await stream.aclose()
        await until(lambda: not documented.open_calls["StreamAlarms"])
        (again,) = await client.query_active_alarms(waiting.alarm_full_reference)
        assert again.operator_comment == "checked"


async def test_cancelling_the_task_ends_the_alarm_feed_at_the_gateway(documented: ServedGateway) -> None:
    async def follow(client: GatewayClient) -> None:
        async for _ in client.stream_alarms():
            pass

    async with connected(documented) as client:
        following = asyncio.create_task(follow(client))
        await until(lambda: documented.open_calls["StreamAlarms"] == 1)
        following.cancel()
        with pytest.raises(asyncio.CancelledError):
            await following
        await until(lambda: not documented.open_calls["StreamAlarms"])


async def test_raw_calls_take_and_give_the_generated_messages(documented: ServedGateway) -> None:
    from mxgw_notebook.compat.generated import mxaccess_gateway_pb2 as pb  # as programs import it

    async with connected(documented) as client:
        opened = await client.open_session_raw(pb.OpenSessionRequest(client_session_name="raw"))
        assert type(opened) is pb.OpenSessionReply
        reply = await client.invoke_raw(command(opened.session_id, "register", client_name="raw"))
        assert type(reply) is pb.MxCommandReply
        handle = reply.register.server_handle
        tags = {"server_handle": handle, "tag_addresses": ["Object.Attribute"]}
        await client.invoke_raw(command(opened.session_id, "subscribe_bulk", **tags))
        asked = pb.StreamEventsRequest(session_id=opened.session_id)
        async with client.stream_events_raw(asked) as events:
            assert type(await anext(events)) is pb.MxEvent
        await client.close_session_raw(pb.CloseSessionRequest(session_id=opened.session_id))


async def test_a_command_that_is_refused_keeps_its_raw_reply(documented: ServedGateway) -> None:
    async with connected(documented) as client, await client.open_session() as session:
        handle = await session.register("python-client")
        with pytest.raises(mxgw_notebook.compat.MxAccessError) as refused:
            await session.add_item(handle, "Nope.Nope")
        assert type(refused.value.reply) is mxaccess_gateway_pb2.MxCommandReply


async def test_the_galaxy_answers_with_native_types_and_generated_messages(documented: ServedGateway) -> None:
    async with await GalaxyRepositoryClient.connect(
        endpoint=documented.endpoint, api_key=KEY, plaintext=True
    ) as galaxy:
        assert await galaxy.test_connection() is True
        deployed = await galaxy.get_last_deploy_time()
        assert isinstance(deployed, datetime)
        assert deployed.tzinfo is not None
        objects = await galaxy.discover_hierarchy()
        assert type(objects) is list
        assert {type(found) for found in objects} == {galaxy_repository_pb2.GalaxyObject}
        async for event in galaxy.watch_deploy_events(last_seen_deploy_time=datetime.now(UTC)):
            assert type(event) is galaxy_repository_pb2.DeployEvent
            break


def test_the_generated_modules_are_those_that_the_client_speaks() -> None:
    import mxgw_notebook._generated.mxaccess_gateway_pb2 as spoken
    from mxgw_notebook.compat.generated import galaxy_repository_pb2_grpc, mxaccess_gateway_pb2_grpc

    assert mxaccess_gateway_pb2 is spoken
    stubs = (mxaccess_gateway_pb2_grpc.MxAccessGatewayStub, galaxy_repository_pb2_grpc.GalaxyRepositoryStub)
    assert [stub.__name__ for stub in stubs] == ["MxAccessGatewayStub", "GalaxyRepositoryStub"]


def test_the_key_is_in_no_repr() -> None:
    options = ClientOptions(endpoint="localhost:5000", api_key=KEY, plaintext=True)
    assert KEY not in repr(options)
    assert options.metadata == (("authorization", f"Bearer {KEY}"),)


def test_every_name_can_be_had_and_every_error_is_ours() -> None:
    for name in mxgw_notebook.compat.__all__:
        found = getattr(mxgw_notebook.compat, name)
        assert not name.endswith("Error") or found is getattr(errors, name)
