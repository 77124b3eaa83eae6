"""Each value of tags as a line of JSON to another program.

python forward_events.py HOST:PORT TAG ...   (MXGATEWAY_ENDPOINT, MXGATEWAY_API_KEY, MXGATEWAY_PLAINTEXT)

Lines are numbered from 1 in a run, and the receiver answers with the number of the last that it has kept, on
a line by itself. What it has not answered for is sent again when its connection breaks, so that it may get
lines twice, and knows them by their numbers. While it is away values wait, beyond 100,000 in the plant's own
buffers; what gives way there is a line, too. What still waits at the end is counted on standard error.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import sys
from collections import deque
from collections.abc import Iterable
from itertools import islice
from typing import Any

from mxgw_notebook import Following, Gap, Plant, Sample, TagState, run_until_stopped

EVERY_SECONDS = 0.5
AGAIN_SECONDS = 1.0
MOST_WAITING = int(os.environ.get("MOST_WAITING", "100000"))


class Lines:
    """Numbered lines that the receiver has not answered for, the oldest first."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[int, bytes]] = deque()
        self._number = 0

    def add(self, items: Iterable[TagState | Gap | Sample]) -> list[bytes]:
        """Numbers what has come."""
        begun = len(self.waiting)
        for item in items:
            self._number += 1
            line = json.dumps({"n": self._number, **as_data(item)}).encode() + b"\n"
            self.waiting.append((self._number, line))
        return [line for _, line in islice(self.waiting, begun, None)]

    def settle(self, number: int) -> None:
        """The receiver has kept all lines up to a number."""
        while self.waiting and self.waiting[0][0] <= number:
            self.waiting.popleft()


def as_data(item: TagState | Gap | Sample) -> dict[str, object]:
    """What has come, as JSON has it."""
    if isinstance(item, Sample):
        return {
            "tag": item.tag,
            "value": as_json(item.value),
            "quality": item.quality,
            "time_ns": item.time_ns,
        }
    if isinstance(item, Gap):
        return {"gap": item.number, "start_ns": item.start_ns, "end_ns": item.end_ns, "filled": item.filled}
    return {"tag": item.tag, "failure": item.failure}


def as_json(value: Any) -> Any:
    """A value as JSON has it: what it has no form for (times, arrays, NaN) as text."""
    is_plain = value is None or isinstance(value, bool | int | str)
    return value if is_plain or (isinstance(value, float) and math.isfinite(value)) else str(value)


async def forward(receiver: str, tags: list[str]) -> None:
    """Forwards until it is stopped."""
    lines = Lines()
    try:
        async with (
            await Plant.connect(
                os.environ["MXGATEWAY_ENDPOINT"],
                api_key=os.environ.get("MXGATEWAY_API_KEY", ""),
                plaintext="MXGATEWAY_PLAINTEXT" in os.environ,
                wait=3600.0,
            ) as plant,
            plant.follow(tags, every=EVERY_SECONDS) as following,
        ):
            while True:
                try:
                    await connected(receiver, lines, following)
                except OSError as error:
                    print(f"the receiver is away: {error}", file=sys.stderr)
                # As long as there is room: beyond it, values wait in the plant's buffers, which count.
                if len(lines.waiting) < MOST_WAITING:
                    lines.add(await anext(following))
                await asyncio.sleep(AGAIN_SECONDS)
    finally:
        if lines.waiting:
            print(f"{len(lines.waiting)} lines were not answered for", file=sys.stderr)


async def connected(receiver: str, lines: Lines, following: Following) -> None:
    """One connection's life. Raises OSError at its end."""
    host, _, port = receiver.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    answers = asyncio.create_task(settle(reader, lines))
    try:
        writer.writelines(line for _, line in lines.waiting)
        while not answers.done():
            await writer.drain()
            if len(lines.waiting) < MOST_WAITING:
                writer.writelines(lines.add(await anext(following)))
            else:  # a slow one catches up, while the plant's buffers keep what comes, and count
                await asyncio.wait({answers}, timeout=EVERY_SECONDS)
        await answers
    finally:
        answers.cancel()
        writer.close()


async def settle(reader: asyncio.StreamReader, lines: Lines) -> None:
    """Takes the receiver's answers until its connection ends; raises OSError then."""
    async for answer in reader:
        if not answer.strip().isdigit():
            raise ConnectionError(f"it answers with {answer!r}, which is not a number")
        lines.settle(int(answer))
    raise ConnectionResetError("it has closed the connection")


if __name__ == "__main__":
    run_until_stopped(forward(sys.argv[1], sys.argv[2:]))
