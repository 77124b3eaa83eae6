"""python -m mxgw_notebook.simulator: serves the embedded gateway until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import threading

from .clock import SystemClock
from .keys import random_key
from .options import GatewayOptions
from .server import PortTakenError, ServedGateway, serving

KEY_VARIABLE = "MXGATEWAY_SIMULATOR_API_KEY"


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m mxgw_notebook.simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    parser.add_argument(
        "--api-key", help=f"mxgw_<key-id>_<secret>; default: ${KEY_VARIABLE}, else a random one"
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same plant")
    parser.add_argument("--speed", type=float, default=1.0, help="plant time against wall time")
    parser.add_argument("--tls", action="store_true", help="serve TLS with a certificate of its own")
    parser.add_argument("--die-with-parent", action="store_true", help="stop at the end of standard input")
    return parser.parse_args(argv)


def _options(arguments: argparse.Namespace) -> GatewayOptions:
    return GatewayOptions(
        seed=arguments.seed,
        api_key=arguments.api_key or os.environ.get(KEY_VARIABLE) or random_key(),
        clock=SystemClock(arguments.speed),
        host=arguments.host,
        port=arguments.port,
        tls=arguments.tls,
    )


def _announce(gateway: ServedGateway, tls: bool) -> None:
    facts = {
        "endpoint": gateway.endpoint,
        "api_key": gateway.api_key,
        "tls": tls,
        "ca_file": gateway.ca_file,
        "pid": os.getpid(),
    }
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def _watch_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Waits for the end of standard input, which is when the parent is gone, however it went."""

    def wait() -> None:
        while os.read(0, 1024):
            pass
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait, name="parent-watch", daemon=True).start()


async def _serve(options: GatewayOptions, die_with_parent: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    if die_with_parent:
        _watch_parent(loop, stop)
    async with serving(options) as gateway:
        _announce(gateway, options.tls)
        await stop.wait()


def main(argv: list[str] | None = None) -> int:
    """Serves; 0 after a signal, 1 with one line on standard error when it cannot serve."""
    arguments = _arguments(argv)
    try:
        asyncio.run(_serve(_options(arguments), arguments.die_with_parent))
    except (PortTakenError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
