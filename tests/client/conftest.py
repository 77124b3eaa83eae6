"""Both clients, connected to the embedded gateway of this process."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import grpc
import grpc.aio
import pytest

from mxgw_notebook.client import GalaxyRepositoryClient, GatewayClient, ItemHandle, ServerHandle, Session
from mxgw_notebook.client.fast_events.ring import EventRing
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.simulator.server import ServedGateway, serving
from tests import kindness
from tests.client.event_ring import new_ring
from tests.client.setpoints import SETPOINT
from tests.conftest import KEY

Code = grpc.StatusCode
Context = grpc.aio.ServicerContext[bytes, bytes]
Answer = Callable[[bytes, Context], Awaitable[bytes]]


@asynccontextmanager
async def served_with(**options: Any) -> AsyncIterator[ServedGateway]:
    """An embedded gateway with other options than the fixture's, on a clock that stands still."""
    async with serving(kindness.options(api_key=KEY, **options)) as gateway:
        yield gateway


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[str]:
    """The endpoint of a gRPC server that gives one answer to whatever is called."""

    class Everything(grpc.GenericRpcHandler):
        def service(self, details: grpc.HandlerCallDetails) -> Any:
            return grpc.unary_unary_rpc_method_handler(answer)

    server = grpc.aio.server()
    server.add_generic_rpc_handlers((Everything(),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(grace=None)


def one_line_without_key(error: GatewayError) -> bool:
    """Whether what a person may see of an error is one line, and nowhere the key."""
    shown = "".join(traceback.format_exception(error)) + repr(error) + str(error) + error.reason
    return "\n" not in str(error) and KEY not in shown


@pytest.fixture
async def galaxy(served: ServedGateway) -> AsyncIterator[GalaxyRepositoryClient]:
    async with await GalaxyRepositoryClient.connect(
        served.endpoint, api_key=KEY, plaintext=True
    ) as connected:
        yield connected


@pytest.fixture
async def session(client: GatewayClient) -> AsyncIterator[Session]:
    async with await client.open_session("tests") as opened:
        yield opened


@pytest.fixture
async def server_handle(session: Session) -> ServerHandle:
    return await session.register("tests")


@pytest.fixture
async def item(session: Session, server_handle: ServerHandle) -> ItemHandle:
    """One that is written to, as yet with the value 30."""
    handle = await session.add_item(server_handle, SETPOINT)
    await session.write(server_handle, handle, 30.0, confirm=True)
    return handle


@pytest.fixture
def ring() -> Iterator[EventRing]:
    """Memory for events that two processes could share."""
    with new_ring() as made:
        yield made
