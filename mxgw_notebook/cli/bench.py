"""mxgw-py bench-read-bulk: how long a gateway takes to read."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

import click

from mxgw_notebook.cli.command import CommandCall, gateway_command, items_option
from mxgw_notebook.cli.reading import LOOK_UP, read_timeout_option
from mxgw_notebook.client import Reading, ServerHandle, Session, check


@gateway_command("bench-read-bulk")
@items_option
@click.option("--rounds", type=click.IntRange(min=1), default=20, show_default=True, help="Reads to measure.")
@click.option(
    "--warmup", type=click.IntRange(min=0), default=2, show_default=True, help="Reads before those."
)
@click.option("--advised", is_flag=True, help="Advise the tags first: the gateway then answers at once.")
@read_timeout_option
async def bench_read_bulk(
    call: CommandCall, items: list[str], rounds: int, warmup: int, advised: bool, read_timeout: float
) -> None:
    """Read tags again and again in a session of its own, and show how long it took."""
    async with await call.gateway() as client, await client.open_session("mxgw-py-bench") as session:
        server_handle = await session.register("mxgw-py-bench")
        async with AsyncExitStack() as stack:
            if advised:
                # Read along, so that the events do not fill the session's queue.
                await stack.enter_async_context(session.stream_events())
                check(await session.subscribe_bulk(server_handle, items), hint=LOOK_UP)
            seconds, last = await measure(session, server_handle, items, rounds, warmup, read_timeout)
    figures = figures_of(seconds, last)
    call.output.show_facts(figures, {name: value for name, value in figures.items() if name != "failures"})
    check(last, hint=LOOK_UP)


async def measure(
    session: Session,
    server_handle: ServerHandle,
    items: Sequence[str],
    rounds: int,
    warmup: int,
    read_timeout: float,
) -> tuple[list[float], list[Reading]]:
    """How many seconds each round took, and what the last one read."""
    seconds: list[float] = []
    last: list[Reading] = []
    for _ in range(warmup + rounds):
        begun = time.perf_counter()
        last = await session.read_bulk(server_handle, items, timeout=read_timeout)
        seconds.append(time.perf_counter() - begun)
    return seconds[warmup:], last


def figures_of(seconds: Sequence[float], last: Sequence[Reading]) -> dict[str, object]:
    """The figures; what was cached and what failed is of the last round."""
    return {
        "itemCount": len(last),
        "rounds": len(seconds),
        "cachedCount": sum(one.cached for one in last),
        "failures": {one.tag: one.failure for one in last if one.failure},
        "meanMs": round(1000 * statistics.fmean(seconds), 3),
        "medianMs": round(1000 * statistics.median(seconds), 3),
        "minMs": round(1000 * min(seconds), 3),
        "maxMs": round(1000 * max(seconds), 3),
        "valuesPerSecond": round(len(last) * len(seconds) / sum(seconds), 1),
    }
