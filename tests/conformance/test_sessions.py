"""Sessions and commands."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mxgw_notebook._generated import galaxy_repository_pb2 as galaxy_wire
from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.server import ServedGateway
from tests.conformance.answers import E_INVALIDARG, FAILURE, INVALID, OK, Code, refusal
from tests.conformance.conftest import Served
from tests.conformance.plain_client import PlainClient, PlainSession
from tests.conformance.target import Target
from tests.until import until


async def test_session_ids_are_session_and_a_guid(client: PlainClient) -> None:
    reply = await client.call("OpenSession", wire.OpenSessionRequest(client_session_name="n"))
    await client.call("CloseSession", wire.CloseSessionRequest(session_id=reply.session_id))
    prefix, _, guid = reply.session_id.partition("-")
    assert (prefix, len(guid.replace("-", ""))) == ("session", 32)
    assert reply.protocol_status.code == OK
    assert reply.default_command_timeout.ToSeconds() > 0


@pytest.mark.kind_only("what it asks is what is refused", "refuse-command")
async def test_an_open_session_is_ready(session: PlainSession) -> None:
    reply = await session.invoke("get_session_state")
    assert reply.session_state.state == wire.SESSION_STATE_READY


async def test_only_a_ready_session_takes_commands(session: PlainSession) -> None:
    await session.close()
    assert await refusal(session.invoke("register")) is Code.FAILED_PRECONDITION


async def test_closing_is_idempotent_while_the_session_is_known(session: PlainSession) -> None:
    for _ in range(3):
        assert (await session.close()).final_state == wire.SESSION_STATE_CLOSED


@pytest.mark.simulated_only("the worker has to die")
@pytest.mark.kind_only("what it asks is what is refused", "refuse-command")
async def test_faulted_is_final_but_for_closed(gateway: ServedGateway, session: PlainSession) -> None:
    await gateway.fault("kill-worker")
    for _ in range(2):
        assert await refusal(session.invoke("register")) is Code.FAILED_PRECONDITION
        reply = await session.invoke("get_session_state")
        assert reply.session_state.state == wire.SESSION_STATE_FAULTED
    assert (await session.close()).final_state == wire.SESSION_STATE_CLOSED


@pytest.mark.simulated_only("the gateway has to restart")
async def test_sessions_do_not_survive_a_gateway_restart(
    gateway: ServedGateway, client: PlainClient, session: PlainSession
) -> None:
    await gateway.fault("restart")
    request = wire.CloseSessionRequest(session_id=session.id)
    call = client.gateway.CloseSession(request, metadata=client.metadata, wait_for_ready=True)
    assert await refusal(call) is Code.NOT_FOUND


async def test_an_mxaccess_failure_is_an_ok_reply_with_an_hresult_and_statuses(session: PlainSession) -> None:
    reply = await session.invoke("add_item", item_definition="Nope.Nope")
    assert reply.protocol_status.code == FAILURE
    assert reply.HasField("hresult")
    assert reply.hresult != 0
    assert reply.statuses[0].category not in (wire.MX_STATUS_CATEGORY_OK, wire.MX_STATUS_CATEGORY_PENDING)
    assert reply.WhichOneof("payload") is None


async def test_a_missing_session_is_a_grpc_status(client: PlainClient) -> None:
    stranger = PlainSession(client, "session-of-nobody", 0)
    assert await refusal(stranger.invoke("register")) is Code.NOT_FOUND
    assert await refusal(stranger.close()) is Code.NOT_FOUND
    assert await refusal(stranger.events().read()) is Code.NOT_FOUND


async def test_success_is_a_com_number_and_the_category_tells(session: PlainSession) -> None:
    reply = await session.invoke("register")
    status = reply.statuses[0]
    assert status.category == wire.MX_STATUS_CATEGORY_OK
    assert status.success in (-1, 1)


async def test_pending_is_not_a_failure(target: Target, session: PlainSession) -> None:
    [handle] = await session.subscribe(target.need("steady"))
    reply = await session.invoke("suspend", item_handle=handle)
    assert (reply.protocol_status.code, reply.hresult) == (OK, 0)
    assert reply.suspend.status.category == wire.MX_STATUS_CATEGORY_PENDING


@pytest.mark.simulated_only("the worker has to be slow")
@pytest.mark.parametrize("way", ["deadline", "cancel"])
async def test_a_clients_deadline_or_cancel_stops_the_waiting_not_the_com_call(
    served: Served, way: str
) -> None:
    async with served() as (gateway, client):
        session = await client.open()
        [handle] = await session.subscribe("FIC101.SP")
        await gateway.fault("late", seconds=4.0)  # a read that keeps the worker busy
        command = wire.MxCommand(kind=wire.MX_COMMAND_KIND_READ_BULK)
        command.read_bulk.server_handle = session.server_handle
        command.read_bulk.tag_addresses.append("Tank001.Level")
        read = client.gateway.Invoke(
            wire.MxCommandRequest(session_id=session.id, command=command),
            metadata=client.metadata,
            timeout=20.0,
        )
        await until(lambda: gateway.sessions.get(session.id).pending_commands == 1)
        write = asyncio.create_task(_give_up(session, handle, way))
        await write
        read.cancel()
        await until(lambda: gateway.sessions.get(session.id).pending_commands == 0)
        await gateway.advance(5.0)
        await until(lambda: not gateway.sessions.get(session.id).turn.locked())
        [setpoint] = await session.read("FIC101.SP")
        assert setpoint.value.double_value == 21.5  # it was written all the same
        assert gateway.sessions.get(session.id).state == wire.SESSION_STATE_READY


async def _give_up(session: PlainSession, handle: int, way: str) -> None:
    """Sends a write and stops waiting for it."""
    command = wire.MxCommand(kind=wire.MX_COMMAND_KIND_WRITE)
    command.write.server_handle, command.write.item_handle = session.server_handle, handle
    command.write.value.double_value = 21.5
    request = wire.MxCommandRequest(session_id=session.id, command=command)
    timeout = 1.5 if way == "deadline" else 20.0  # for the write to arrive, beside other programs too
    call = session.client.gateway.Invoke(request, metadata=session.client.metadata, timeout=timeout)
    if way == "cancel":
        await asyncio.sleep(0)  # lets the call go out
        await asyncio.wait({asyncio.ensure_future(call.code())}, timeout=0.3)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    else:
        assert await refusal(call) is Code.DEADLINE_EXCEEDED


@pytest.mark.kind_only("what it asks is what is refused", "refuse-command", "refuse")
async def test_what_is_safe_to_retry_answers_the_same_again(session: PlainSession) -> None:
    async def twice(call: Any) -> None:
        one, other = await call(), await call()
        assert type(one) is type(other)

    client = session.client
    await twice(lambda: session.invoke("ping"))
    await twice(lambda: session.invoke("get_session_state"))
    await twice(lambda: session.invoke("get_worker_info"))
    await twice(lambda: client.hierarchy(page_size=2))
    await twice(lambda: client.children(page_size=2))
    await twice(lambda: client.call("TestConnection", galaxy_wire.TestConnectionRequest()))
    await twice(lambda: client.call("GetLastDeployTime", galaxy_wire.GetLastDeployTimeRequest()))
    await twice(session.close)


@pytest.mark.kind_only("a failed entry has words", "wordless")
async def test_bulk_commands_give_one_result_an_entry_in_order(target: Target, session: PlainSession) -> None:
    tags = [target.need("changing"), "Nope.Nope", target.need("steady")]
    reply = await session.invoke("subscribe_bulk", tag_addresses=tags)
    results = reply.subscribe_bulk.results
    assert reply.protocol_status.code == OK
    assert [result.tag_address for result in results] == tags
    assert [result.was_successful for result in results] == [True, False, True]
    assert results[1].error_message
    handles = [results[0].item_handle, 999_999, results[2].item_handle]
    gone = await session.invoke("unsubscribe_bulk", item_handles=handles)
    assert [result.was_successful for result in gone.unsubscribe_bulk.results] == [True, False, True]


async def test_a_command_whose_payload_does_not_fit_its_kind_is_invalid(session: PlainSession) -> None:
    command = wire.MxCommand(kind=wire.MX_COMMAND_KIND_WRITE, ping=wire.PingCommand())
    request = wire.MxCommandRequest(session_id=session.id, command=command)
    reply = await session.client.call("Invoke", request)
    assert reply.protocol_status.code == INVALID


@pytest.mark.kind_only("every kind has to be answered", "refuse-command", "lose-reply")
async def test_every_kind_of_the_contract_has_an_answer(session: PlainSession) -> None:
    for field in wire.MxCommand.DESCRIPTOR.oneofs_by_name["payload"].fields:
        if field.name != "shutdown_worker":
            reply = await session.invoke(field.name)
            assert reply.protocol_status.code != wire.PROTOCOL_STATUS_CODE_UNSPECIFIED, field.name


@pytest.mark.kind_only("what it asks is what is refused", "refuse-command")
async def test_ping_comes_back_with_its_correlation_id(session: PlainSession) -> None:
    reply = await session.invoke("ping", message="hello")
    assert (reply.diagnostic_message, reply.correlation_id) == ("hello", "c-1")


@pytest.mark.kind_only("what it asks is what is refused", "refuse-command")
async def test_the_worker_tells_of_itself(session: PlainSession) -> None:
    info = (await session.invoke("get_worker_info")).worker_info
    assert info.process_id > 0
    assert info.mxaccess_prog_id


async def test_shutting_the_worker_down_ends_the_session(session: PlainSession) -> None:
    await session.invoke("shutdown_worker")
    assert await refusal(session.invoke("register")) is Code.FAILED_PRECONDITION


async def test_two_registrations_have_two_handles(target: Target, session: PlainSession) -> None:
    other = await session.invoke("register", client_name="other")
    handle = other.register.server_handle
    assert handle not in (0, session.server_handle)
    assert other.return_value.int32_value == handle
    await session.invoke("unregister", server_handle=handle)
    reply = await session.invoke("add_item", server_handle=handle, item_definition=target.need("steady"))
    assert (reply.protocol_status.code, reply.hresult) == (FAILURE, E_INVALIDARG)
