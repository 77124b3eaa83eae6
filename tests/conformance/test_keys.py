"""Keys, scopes and TLS."""

from __future__ import annotations

import io
import logging
import ssl

import grpc
import pytest

from mxgw_notebook._generated import galaxy_repository_pb2 as galaxy_wire
from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.clock import SystemClock
from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.plant.codes import Classification
from mxgw_notebook.simulator.server import ServedGateway, serving
from tests import kindness
from tests.conformance.answers import Code, refusal
from tests.conformance.conftest import Served
from tests.conformance.plain_client import PlainClient, PlainSession, plain_client
from tests.conformance.target import KEY, Target

SCOPES = (
    "session:open", "session:close", "events:read", "invoke:read", "invoke:write", "invoke:secure",
    "metadata:read", "admin",
)  # fmt: skip


@pytest.mark.parametrize(
    "header", ["", "Bearer mxgw_test_wrong", "Bearer", "Basic mxgw_test_secret", "Bearer nonsense"]
)
async def test_a_missing_malformed_or_unknown_key_is_unauthenticated_streams_too(
    target: Target, header: str
) -> None:
    async with target.channel() as channel:
        client = PlainClient(channel, header)
        assert await refusal(client.call("OpenSession", wire.OpenSessionRequest())) is Code.UNAUTHENTICATED
        for name, request in (
            ("StreamAlarms", wire.StreamAlarmsRequest()),
            ("StreamEvents", wire.StreamEventsRequest(session_id="x")),
            ("WatchDeployEvents", galaxy_wire.WatchDeployEventsRequest()),
        ):
            assert await refusal(client.stream(name, request).read()) is Code.UNAUTHENTICATED


@pytest.mark.simulated_only("a key is revoked")
async def test_a_revoked_key_is_unauthenticated(gateway: ServedGateway, client: PlainClient) -> None:
    await client.open()
    gateway.revoke(KEY)
    assert await refusal(client.call("OpenSession", wire.OpenSessionRequest())) is Code.UNAUTHENTICATED


async def test_a_valid_key_without_the_scope_is_denied(target: Target) -> None:
    async with target.client(target.need("reader_key")) as client:
        session = await client.open()
        assert await refusal(session.invoke("write", item_handle=1)) is Code.PERMISSION_DENIED
        assert await refusal(client.hierarchy()) is Code.PERMISSION_DENIED
        assert await refusal(session.events().read()) is Code.PERMISSION_DENIED
        await session.close()


# What each scope is good for, by rpc or by command.
RPCS = {
    "events:read": ("StreamEvents", "StreamAlarms", "QueryActiveAlarms"),
    "invoke:write": ("AcknowledgeAlarm",),
    "session:open": ("OpenSession",),
    "session:close": ("CloseSession",),
    "metadata:read": (
        "TestConnection", "GetLastDeployTime", "DiscoverHierarchy", "BrowseChildren", "WatchDeployEvents",
    ),
}  # fmt: skip
COMMANDS = {
    "events:read": ("drain_events",),
    "invoke:read": ("register", "add_item", "advise", "read_bulk", "ping", "subscribe_bulk", "suspend"),
    "invoke:write": ("write", "write2", "write_bulk", "write2_bulk"),
    "invoke:secure": ("write_secured", "write_secured2", "write_secured_bulk", "authenticate_user"),
    "metadata:read": ("archestra_user_to_id", "get_session_state", "get_worker_info"),
    "admin": ("shutdown_worker",),
}


@pytest.mark.simulated_only("keys are made with every scope but one")
@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.kind_only("every call has to be answered", "refuse-command", "refuse", "lose-reply")
async def test_each_scope_opens_its_own_calls_and_no_others(served: Served, scope: str) -> None:
    without = Key("mxgw_without_1", scopes=frozenset(SCOPES) - {scope})
    async with (
        served(keys=(without,)) as (gateway, owner),
        plain_client(gateway.endpoint, without.text) as client,
    ):
        session = PlainSession(client, (await owner.open()).id, 1)
        for name in RPCS.get(scope, ()):
            methods = {**wire.DESCRIPTOR.services_by_name["MxAccessGateway"].methods_by_name}
            methods |= galaxy_wire.DESCRIPTOR.services_by_name["GalaxyRepository"].methods_by_name
            request = getattr(wire, f"{name}Request", None) or getattr(galaxy_wire, f"{name}Request")
            streams = methods[name].server_streaming
            call = client.stream(name, request()).read() if streams else client.call(name, request())
            assert await refusal(call) is Code.PERMISSION_DENIED, name
        for name in COMMANDS.get(scope, ()):
            assert await refusal(session.invoke(name)) is Code.PERMISSION_DENIED, name
        for other, names in COMMANDS.items():
            if other not in (scope, "admin"):
                for name in names:
                    await session.invoke(name)


@pytest.mark.simulated_only("a key without admin is made")
async def test_an_unknown_command_needs_admin(served: Served) -> None:
    plain = Key("mxgw_plain_1", scopes=frozenset(SCOPES) - {"admin"})
    async with served(keys=(plain,)) as (gateway, _), plain_client(gateway.endpoint, plain.text) as client:
        session = await client.open()
        request = wire.MxCommandRequest(session_id=session.id)
        request.command.kind = 9_999  # type: ignore[assignment]
        assert await refusal(client.call("Invoke", request)) is Code.PERMISSION_DENIED


NARROW = Key(
    "mxgw_narrow_1",
    subtrees=("Production1",),
    tag_globs=("Tank*", "FIC1*"),
    highest=Classification.OPERATE,
)


@pytest.mark.simulated_only("a narrowed key is made")
async def test_in_bulk_commands_a_denied_tag_is_one_failed_entry(served: Served) -> None:
    tags = ["Tank001.Level", "Boiler901.DrumLevel", "FIC101.Kp", "Pump001.Speed", "FIC101.SP"]
    async with served(keys=(NARROW,)) as (gateway, _), plain_client(gateway.endpoint, NARROW.text) as client:
        session = await client.open()
        reply = await session.invoke("subscribe_bulk", tag_addresses=tags)
        allowed = [result.was_successful for result in reply.subscribe_bulk.results]
        assert allowed == [True, False, False, False, True]
        assert [result.was_successful for result in await session.read(*tags)] == allowed


@pytest.mark.simulated_only("a narrowed key is made")
async def test_in_browse_what_a_key_may_not_see_is_simply_not_there(served: Served) -> None:
    async with served(keys=(NARROW,)) as (gateway, _), plain_client(gateway.endpoint, NARROW.text) as client:
        reply = await client.hierarchy(page_size=5000)
        seen = {item.tag_name: item for item in reply.objects}
        assert {"Production1", "Tank001", "Line1", "FIC101"} <= set(seen)
        assert not {"Production2", "Boiler901", "Pump001", "Utilities"} & set(seen)
        assert reply.total_object_count == len(seen)
        names = {one.attribute_name for one in seen["FIC101"].attributes}
        assert ("SP" in names, "Kp" in names) == (True, False)
        assert await refusal(client.hierarchy(root_tag_name="Pump001")) is Code.NOT_FOUND
        roots = await client.children()
        assert [child.tag_name for child in roots.children] == ["Production1"]


@pytest.mark.simulated_only("a narrowed key is made")
async def test_a_narrowed_key_sees_the_alarms_of_its_own_tags(served: Served) -> None:
    async with served(keys=(NARROW,)) as (gateway, _), plain_client(gateway.endpoint, NARROW.text) as client:
        stream = client.stream("QueryActiveAlarms", wire.QueryActiveAlarmsRequest())
        references = [snapshot.alarm_full_reference async for snapshot in stream]
        assert references
        assert all(name.startswith("Galaxy!Production1.Tank") for name in references)
        request = wire.AcknowledgeAlarmRequest(
            alarm_full_reference="Galaxy!Production2.Tank010.Level.Lo", comment="x", operator_user="me"
        )
        assert await refusal(client.call("AcknowledgeAlarm", request)) is Code.NOT_FOUND


@pytest.mark.simulated_only("what it logs and shows can be looked at")
async def test_keys_never_appear_in_a_repr_an_error_or_a_log(served: Served) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logging.getLogger().addHandler(handler)
    try:
        async with served(keys=(NARROW,)) as (gateway, client):
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await PlainSession(client, "session-x", 0).invoke("ping")
            shown = f"{gateway!r}{GatewayOptions(api_key=KEY)!r}{NARROW!r}{caught.value}{written.getvalue()}"
    finally:
        logging.getLogger().removeHandler(handler)
    assert "secret" not in shown
    assert "narrow_1" not in shown


@pytest.mark.simulated_only("one is started with TLS")
async def test_the_gateway_makes_its_own_self_signed_certificate() -> None:
    async with serving(kindness.options(api_key=KEY, clock=SystemClock(), tls=True)) as gateway:
        assert gateway.ca_file is not None
        assert ssl.create_default_context(cafile=gateway.ca_file).cert_store_stats()["x509_ca"] == 1
        target = Target(gateway.endpoint, KEY, ca_file=gateway.ca_file)
        async with target.client() as client:
            assert (await client.hierarchy(page_size=1)).objects
        async with grpc.aio.secure_channel(gateway.endpoint, grpc.ssl_channel_credentials()) as channel:
            stranger = PlainClient(channel, f"Bearer {KEY}")
            assert await refusal(stranger.hierarchy()) is Code.UNAVAILABLE
        async with plain_client(gateway.endpoint, KEY) as clear:
            assert await refusal(clear.hierarchy()) is Code.UNAVAILABLE
