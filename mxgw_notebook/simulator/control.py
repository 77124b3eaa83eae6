"""How the process that started a gateway tells it what to do: a JSON object a line, each answered.

On its standard input, `{"fault": "delay", "seconds": 2}` sets a fault, `{"clear": ["delay"]}` clears faults
(an empty list: all), `{"deploy": true}` deploys, with `"breaks": "scan", "tag": "Tank001.Level"` a slip with
that tag, `{"replay": "pause"}` moves a tape, and `{"status": true}` only asks. The answer on standard output
is `{"status": {...}}`, or `{"error": "..."}` where nothing was done. The end of standard input ends the
gateway: then its parent is gone, however it went. A pipe is the smallest thing that works: it needs no port,
no file and no key, and nobody but the parent can reach it.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from typing import Any

from mxgw_notebook.simulator.server import ServedGateway


async def obey(gateway: ServedGateway, line: str) -> dict[str, Any]:
    """Does what one line says, and gives the answer."""
    try:
        request = json.loads(line)
        await _do(gateway, dict(request))
    except (ValueError, TypeError) as error:
        return {"error": str(error)}
    except OSError as error:
        return {"error": f"The gateway could not serve again: {error}"}
    return {"status": gateway.status()}


async def _do(gateway: ServedGateway, request: dict[str, Any]) -> None:
    if "fault" in request:
        await gateway.fault(request.pop("fault"), **request)
    elif "clear" in request:
        await gateway.clear_faults(*request["clear"])
    elif "deploy" in request:
        # A line of before said only that: {"deploy": true}.
        gateway.deploy(**{name: request[name] for name in ("breaks", "tag") if name in request})
    elif "replay" in request:
        gateway.replay(request.pop("replay"), **request)
    elif "status" not in request:
        raise ValueError("A line sets a fault, clears faults, deploys, replays or asks for the status.")


async def obey_parent(gateway: ServedGateway) -> None:
    """Obeys the lines on standard input until it ends."""
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    _read_lines(asyncio.get_running_loop(), lines)
    while (line := await lines.get()) is not None:
        if line.strip():
            answer = await obey(gateway, line)
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


def _read_lines(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str | None]) -> None:
    """Reads on a thread: the one way that works for pipes on every system.

    It reads the descriptor itself, because a buffered reader that waits would hold up the interpreter's end.
    """

    def read() -> None:
        rest = b""
        while data := os.read(0, 4096):
            # A pipe delivers what it has: half a line now and the rest with the next read.
            *whole, rest = (rest + data).split(b"\n")
            for line in whole:
                loop.call_soon_threadsafe(lines.put_nowait, line.decode(errors="replace"))
        loop.call_soon_threadsafe(lines.put_nowait, None)

    threading.Thread(target=read, name="parent-watch", daemon=True).start()
