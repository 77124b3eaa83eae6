"""A process that watches tags as a notebook's kernel does, and answers each line with what it has.

`python -m tests.live.notebook ENDPOINT READER TAG...`
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psutil

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live import Hub, Patience, absence
from tests.conftest import KEY

PATIENCE = Patience(look=0.1, suspended=0.5)
# A dead connection is noticed within this; a test need not be away for longer than it is at a plant.
SILENCE_SECONDS = 3.0


class Notebook:
    """The process, seen from the test."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.kernel = psutil.Process(process.pid)

    async def look(self) -> dict[str, Any]:
        """What it has now: `values` by tag, `gaps`, `statuses` in the order of their first appearance, ..."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"\n")
        looked: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return looked

    async def until(self, **wanted: Any) -> dict[str, Any]:
        """What it has once it is so."""
        async with asyncio.timeout(60):
            while True:
                looked = await self.look()
                if all(looked[name] == value for name, value in wanted.items()):
                    return looked

    def readers(self) -> list[psutil.Process]:
        """The processes that read for it."""
        return [child for child in self.kernel.children() if "reader_child" in " ".join(child.cmdline())]

    async def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()


@asynccontextmanager
async def notebook(endpoint: str, reader: str, tags: list[str]) -> AsyncIterator[Notebook]:
    """One that has subscribed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.live.notebook", endpoint, reader, *tags,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 26,
    )  # fmt: skip
    opened = Notebook(process)
    try:
        await opened.look()
        yield opened
    finally:
        for one in [*opened.readers(), opened.kernel]:
            one.resume()
        await opened.end()


# -------------------------------------------------------------- the process itself


async def watch(endpoint: str, reader: Any, tags: list[str]) -> None:
    """Until standard input ends."""
    assert absence.KEEPALIVE_ANSWER_SECONDS
    absence.KEEPALIVE_ANSWER_SECONDS = SILENCE_SECONDS
    async with await GatewayClient.connect(endpoint, api_key=KEY, plaintext=True, keepalive=0) as client:
        hub = Hub(client, "notebook", reader=reader, patience=PATIENCE)
        statuses: dict[str, None] = {}
        noting = asyncio.create_task(note(hub, statuses))
        try:
            await hub.subscribe(tags)
            while await asyncio.to_thread(sys.stdin.readline):
                sys.stdout.write(json.dumps({**facts(hub), "statuses": list(statuses)}) + "\n")
                sys.stdout.flush()
        finally:
            noting.cancel()
            await hub.close()


async def note(hub: Hub, statuses: dict[str, None]) -> None:
    """Keeps every status that there was."""
    while True:
        statuses[hub.status] = None
        await asyncio.sleep(0.01)


def facts(hub: Hub) -> dict[str, Any]:
    """What a hub has."""
    kept = [found.history.all().number.astype(int).tolist() for found in hub.subscriptions]
    return {
        "status": hub.status,
        "values": sorted(value for values in kept for value in values),
        "newest": max((values[-1] for values in kept if values), default=0),
        "gaps": [(gap.start_ns, gap.end_ns, gap.events) for gap in hub.outages],
        "interruptions": hub.interruptions,
        "reader": hub.health.reader,
    }


if __name__ == "__main__":
    asyncio.run(watch(sys.argv[1], sys.argv[2], sys.argv[3:]))
