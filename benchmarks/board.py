"""Alarm transitions onto the board, against bare messages off the same kind of channel."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager
from time import perf_counter

from benchmarks.bare import counted
from benchmarks.benchmark import Benchmark, Figure, Figures, Ratio, Setting, Variant
from benchmarks.process import source
from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live.alarms import AlarmBoard

SIZE = 60_000
POLL_SECONDS = 0.01


def bare(setting: Setting) -> Figures:
    """Takes serialised messages from the blocking stub and does nothing with them: the floor."""
    # One more than there are transitions: the first message ends the list.
    received, seconds = counted(setting.address, "StreamAlarms", wire.StreamAlarmsRequest(), setting.size + 1)
    return figures(received - 1, setting, seconds)


def board(setting: Setting) -> Figures:
    """The product's board follows the feed, until every transition is in its log."""
    return asyncio.run(followed(setting))


async def followed(setting: Setting) -> Figures:
    """The same, on the running loop."""
    client = await GatewayClient.connect(setting.address, plaintext=True)
    shown = AlarmBoard(client)
    start = perf_counter()
    following = asyncio.create_task(shown.follow())
    while shown.seen < setting.size:  # noqa: ASYNC110  nothing tells of the last one
        await asyncio.sleep(POLL_SECONDS)
    seconds = perf_counter() - start
    following.cancel()
    await asyncio.wait({following})
    await client.close()
    return figures(shown.seen, setting, seconds)


def figures(received: int, setting: Setting, seconds: float) -> Figures:
    """Fails a variant that did not do the whole job."""
    if received != setting.size:
        raise ValueError(f"{received} transitions of {setting.size}")
    return {"per_second": received / seconds, "seconds": seconds}


def _source(size: int) -> AbstractContextManager[str]:
    return source("benchmarks.alarm_source", str(size))


BENCHMARK = Benchmark(
    about="alarm transitions onto the board, against bare messages off the channel",
    source=_source,
    variants=(Variant("bare", bare, SIZE), Variant("board", board, SIZE, one_core=True)),
    keys={
        "board_per_second": Figure("board", "per_second"),
        "bare_over_board": Ratio("bare", "board", "per_second"),
    },
)
