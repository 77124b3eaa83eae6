"""How far it is from a call in a notebook to the wire: what a reader steps through, and a traceback shows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from inspect import unwrap
from types import CoroutineType
from typing import Any

from mxgw_notebook.client.rpc import Rpc
from mxgw_notebook.client.sessions.writing import WriteCommands
from mxgw_notebook.gateway import connect, disconnect
from mxgw_notebook.gateway.tags.tags import Tags
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually

MOST_AWAITS = 9
# Those that a write is in once it is sent: before, it asks the galaxy for the type and advises the tag.
SENT = {WriteCommands._send.__qualname__, Rpc.send_once.__qualname__}
# Time enough for a look at what waits, also on a busy machine.
LATE_SECONDS = 1.5


def test_a_write_passes_few_coroutines_on_its_way_to_the_wire(
    own_embedded: EmbeddedGateway, eventually: Eventually
) -> None:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True, writable="tests")
    seen: list[str] = []
    try:
        setpoint = gateway.read("FIC101.SP")["value"].iloc[0]
        own_embedded.fault("delay-command", command="write", seconds=LATE_SECONDS, times=1)
        with ThreadPoolExecutor() as notebook:
            written = notebook.submit(gateway.write, "FIC101.SP", setpoint)
            eventually(lambda: reaches_the_wire(seen, gateway.runner.run(way_of_a_write())))
            assert written.result()["outcome"].tolist() == ["completed"]
    finally:
        disconnect()
    assert len(seen) <= MOST_AWAITS, seen


def reaches_the_wire(seen: list[str], way: list[str]) -> bool:
    """Keeps the way of a write whose call has been made, and whose reply has not come."""
    seen[:] = way
    return set(way) >= SENT


async def way_of_a_write() -> list[str]:
    """The coroutines that a write waits in now, from the facade's inwards; none where no write waits."""
    for task in asyncio.all_tasks():
        waiting = list(awaited(task.get_coro()))
        names = [coroutine.__qualname__ for coroutine in waiting]
        codes = [coroutine.cr_code for coroutine in waiting]
        if (code := unwrap(Tags._write_one).__code__) in codes:
            return names[codes.index(code) :]
    return []


def awaited(coroutine: Any) -> Iterator[CoroutineType[Any, Any, Any]]:
    """A coroutine, what it waits in, what that waits in, and so on."""
    while isinstance(coroutine, CoroutineType):
        yield coroutine
        coroutine = coroutine.cr_await
