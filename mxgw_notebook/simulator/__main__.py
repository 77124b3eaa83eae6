"""python -m mxgw_notebook.simulator: serves the embedded gateway until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
from pathlib import Path

from mxgw_notebook.simulator.clock import SystemClock
from mxgw_notebook.simulator.control import obey_parent
from mxgw_notebook.simulator.faults import listing, parse
from mxgw_notebook.simulator.keys import Key, random_key
from mxgw_notebook.simulator.options import LIMITS, GatewayOptions, limited
from mxgw_notebook.simulator.server import PortTakenError, ServedGateway, serving
from mxgw_notebook.simulator.stories import SCENARIOS

KEY_VARIABLE = "MXGATEWAY_SIMULATOR_API_KEY"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mxgw_notebook.simulator",
        description=__doc__,
        epilog=f"faults, with their usual settings:\n{listing()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    add("--port", type=int, default=0, help="0 takes a free one (default)")
    add("--api-key", help=f"mxgw_<key-id>_<secret>; default: ${KEY_VARIABLE}, else a random one")
    add("--keys", metavar="FILE", help="further keys: a JSON list of objects, see the simulator's README")
    add("--seed", type=int, default=1, help="the same seed gives the same plant")
    add("--speed", type=float, default=1.0, help="plant time against wall time")
    add("--tls", action="store_true", help="serve TLS with a certificate of its own")
    add("--scenario", choices=list(SCENARIOS), default="", help="what the plant lives through")
    add("--objects", type=int, default=0, help="so many generated objects beside the plant")
    add("--attributes-per-object", type=int, default=20, help="of each of them (default: 20)")
    add("--rate", type=float, default=0.0, help="events a second that their advised attributes make")
    add("--alarms", type=int, default=0, help="so many alarms that stand in them")
    add("--galaxy", default="", metavar="FILE", help="a plant file (Parquet) in the plant's place")
    add("--fault", action="append", default=[], metavar="NAME:KEY=VALUE,...", help="wrong from the start")
    add("--limit", action="append", default=[], metavar="NAME=VALUE", help=f"one of {', '.join(LIMITS)}")
    add("--die-with-parent", action="store_true", help="obey lines on standard input, stop at its end")
    return parser


def _options(arguments: argparse.Namespace) -> GatewayOptions:
    options = GatewayOptions(
        seed=arguments.seed,
        api_key=arguments.api_key or os.environ.get(KEY_VARIABLE) or random_key(),
        keys=_keys(arguments.keys),
        clock=SystemClock(arguments.speed),
        host=arguments.host,
        port=arguments.port,
        tls=arguments.tls,
        scenario=arguments.scenario,
        objects=arguments.objects,
        attributes=arguments.attributes_per_object,
        rate=arguments.rate,
        alarms=arguments.alarms,
        galaxy=arguments.galaxy,
        faults=tuple(parse(text) for text in arguments.fault),
    )
    return limited(options, arguments.limit)


def _keys(file: str | None) -> tuple[Key, ...]:
    if file is None:
        return ()
    try:
        return tuple(Key.parsed(facts) for facts in json.loads(Path(file).read_text("utf-8")))
    except (OSError, TypeError, AttributeError) as error:
        raise ValueError(f"{file} is no file of keys: {error}") from error


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


async def _serve(options: GatewayOptions, die_with_parent: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    async with serving(options) as gateway:
        _announce(gateway, options.tls)
        obeying = asyncio.create_task(_obeyed(gateway, stop)) if die_with_parent else None
        await stop.wait()
        if obeying is not None:
            obeying.cancel()
            await asyncio.gather(obeying, return_exceptions=True)


async def _obeyed(gateway: ServedGateway, stop: asyncio.Event) -> None:
    try:
        await obey_parent(gateway)
    finally:
        stop.set()


def main(argv: list[str] | None = None) -> int:
    """Serves; 0 after a signal, 1 with one line on standard error when it cannot serve."""
    arguments = _parser().parse_args(argv)
    try:
        asyncio.run(_serve(_options(arguments), arguments.die_with_parent))
    except (PortTakenError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
