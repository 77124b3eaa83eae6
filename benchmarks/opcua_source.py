"""A server of OPC UA by asyncua, the peer of idle watching: python -m benchmarks.opcua_source TAGS A_SECOND.

So many variables in a folder Tanks, of which so many a second get a new value, one after the other and evenly
spread. Prints host:port when it listens, and ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
import threading
import time
from typing import Any

TURN_SECONDS = 0.01


async def serve(tags: int, rate: float) -> None:
    """Until the standard input ends."""
    from asyncua import Server

    logging.disable(logging.WARNING)
    server, port = Server(), free_port()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}/")
    place = await server.register_namespace("benchmark")
    folder = await server.nodes.objects.add_object(place, "Tanks")
    variables = [await folder.add_variable(place, f"Tank{number:05}.Level", 0.0) for number in range(tags)]
    ended = threading.Event()
    threading.Thread(target=wait_for_end, args=(ended,), daemon=True).start()
    async with server:
        print(f"127.0.0.1:{port}", flush=True)
        await change(variables, rate, ended)


async def change(variables: list[Any], rate: float, ended: threading.Event) -> None:
    """New values by the clock, in turns of some milliseconds."""
    began, made = time.monotonic(), 0
    while not ended.is_set():
        due = int((time.monotonic() - began) * rate) - made
        for number in range(made, made + due):
            await variables[number % len(variables)].write_value(float(number))
        made += due
        await asyncio.sleep(TURN_SECONDS)


def wait_for_end(ended: threading.Event) -> None:
    """Until whoever started this closes its input, or is gone."""
    sys.stdin.read()
    ended.set()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def main() -> None:
    """By the numbers on the command line."""
    tags, rate = sys.argv[1:]
    asyncio.run(serve(int(tags), float(rate)))


if __name__ == "__main__":
    main()
