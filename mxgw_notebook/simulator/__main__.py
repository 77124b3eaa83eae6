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
from mxgw_notebook.simulator.faults import listing, parse, unkind_faults
from mxgw_notebook.simulator.keys import Key, random_key
from mxgw_notebook.simulator.options import LIMITS, GatewayOptions, limited
from mxgw_notebook.simulator.server import PortTakenError, ServedGateway, serving
from mxgw_notebook.simulator.start_settings import MADE, START_SETTINGS, Say, flag_of
from mxgw_notebook.simulator.tape import Deck, tape_times

KEY_VARIABLE = "MXGATEWAY_SIMULATOR_API_KEY"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mxgw_notebook.simulator",
        description=__doc__,
        epilog=f"limits: {', '.join(LIMITS)}\n\nfaults, with their default settings:\n{listing()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    add("--api-key", help=f"mxgw_<key-id>_<secret>; default: ${KEY_VARIABLE}, else a random one")
    for name, say in START_SETTINGS.items():
        add_setting(parser, name, say)
    add("--die-with-parent", action="store_true", help="obey lines on standard input, stop at its end")
    return parser


def add_setting(parser: argparse.ArgumentParser, name: str, say: Say) -> None:
    """One setting as an option."""
    if isinstance(say.usual, bool):
        parser.add_argument(flag_of(name), dest=name, action="store_true", help=say.about)
    elif say.flag:
        parser.add_argument(
            flag_of(name), dest=name, action="append", default=[], metavar=say.metavar, help=say.about
        )
    else:
        usual = f" (default: {say.usual})" if say.usual != "" else ""
        parser.add_argument(
            flag_of(name),
            dest=name,
            type=type(say.usual),
            default=say.usual,
            metavar=say.metavar,
            choices=say.choices or None,
            help=say.about + usual,
        )


def _options(arguments: argparse.Namespace) -> GatewayOptions:
    said = vars(arguments)
    options = GatewayOptions(
        **{name: said[name] for name in START_SETTINGS if name not in MADE},
        api_key=arguments.api_key or os.environ.get(KEY_VARIABLE) or random_key(),
        keys=_keys(arguments.keys),
        clock=_clock(arguments),
        host=arguments.host,
        faults=(*(unkind_faults() if arguments.unkind else ()), *map(parse, arguments.faults)),
    )
    return limited(options, arguments.limits)


def _clock(arguments: argparse.Namespace) -> SystemClock:
    if not arguments.tape:
        return SystemClock(arguments.speed)
    begin_ns, end_ns = tape_times(arguments.tape)
    return Deck(begin_ns / 1e9, end_ns / 1e9, arguments.speed, paused=arguments.paused)


def _keys(file: str) -> tuple[Key, ...]:
    if not file:
        return ()
    try:
        return tuple(Key.parsed(facts) for facts in json.loads(Path(file).read_text("utf-8")))
    except (OSError, TypeError, AttributeError) as error:
        raise ValueError(f"{file} is not a file of keys: {error}") from error


def _announce(gateway: ServedGateway, tls: bool) -> None:
    facts = {
        "endpoint": gateway.endpoint,
        "api_key": gateway.api_key,
        "tls": tls,
        "ca_file": gateway.ca_file,
        "pid": os.getpid(),
    }
    sys.stdout.write(json.dumps(facts) + "\n")
    # A pipe keeps what is written until it is full, and the parent waits for this line.
    sys.stdout.flush()


async def _serve(options: GatewayOptions, die_with_parent: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    # By hand, for a loop on Windows has no add_signal_handler.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    async with serving(options) as gateway:
        _announce(gateway, options.tls)
        obeying = asyncio.create_task(_obey(gateway, stop)) if die_with_parent else None
        await stop.wait()
        if obeying is not None:
            obeying.cancel()
            await asyncio.gather(obeying, return_exceptions=True)


async def _obey(gateway: ServedGateway, stop: asyncio.Event) -> None:
    try:
        await obey_parent(gateway)
    finally:
        # However it ends: without its parent nobody would stop this process.
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
