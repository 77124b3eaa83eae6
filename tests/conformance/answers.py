"""What the tests look for in what a gateway answers."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import pytest

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from tests.conformance.plain_client import DEADLINE, PlainSession

Code = grpc.StatusCode
E_INVALIDARG = -2147024809
FAILURE = wire.PROTOCOL_STATUS_CODE_MXACCESS_FAILURE
INVALID = wire.PROTOCOL_STATUS_CODE_INVALID_REQUEST
OK = wire.PROTOCOL_STATUS_CODE_OK


def known(events: list[wire.MxEvent]) -> list[wire.MxEvent]:
    """Events without those of a later contract, which may stand between any two."""
    return [event for event in events if event.family in wire.MxEventFamily.values()]


async def refusal(call: Any) -> grpc.StatusCode:
    """The status with which a call is refused."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value.code()


async def end_of(stream: Any, most: int = 100_000) -> grpc.StatusCode:
    """The status with which a stream ends; OK where it simply ends."""
    try:
        for _ in range(most):
            if await stream.read() is grpc.aio.EOF:
                return Code.OK
    except grpc.aio.AioRpcError as error:
        return error.code()
    raise AssertionError("the stream goes on")


async def event_of(stream: Any, family: wire.MxEventFamily) -> wire.MxEvent:
    """The next event of a family."""
    async with asyncio.timeout(DEADLINE):
        while (event := await stream.read()).family != family:
            pass
    return event  # type: ignore[no-any-return]


async def outcome(session: PlainSession, stream: Any) -> wire.MxStatusProxy:
    """The status of the write whose completion comes next."""
    event = await event_of(stream, wire.MX_EVENT_FAMILY_ON_WRITE_COMPLETE)
    return event.statuses[0]


async def authenticated(session: PlainSession, user: str) -> int:
    """The id of a user given as name:password."""
    name, _, password = user.partition(":")
    reply = await session.invoke("authenticate_user", verify_user=name, verify_user_password=password)
    return reply.authenticate_user.user_id
