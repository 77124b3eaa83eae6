"""A web service with the current values of tags.

python current_values.py [HOST:]PORT TAG ...   (MXGATEWAY_ENDPOINT, MXGATEWAY_API_KEY, MXGATEWAY_PLAINTEXT)

GET /values is JSON: each tag's value, quality and time. GET /health answers 200 while values are live, and
503, with the reason, while they are not: what /values has is then of before.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import sys
from http import HTTPStatus
from typing import Any

from mxgw_notebook import Following, Plant, run_until_stopped

REQUEST_SECONDS = 5.0


class Site:
    """Answers requests from what a follower has."""

    def __init__(self, plant: Plant, following: Following) -> None:
        self._plant, self._following = plant, following

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, one answer."""
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                asked = (await reader.readline()).split()
                status, answer = self.answer(asked[1].decode() if len(asked) > 1 else "")
                body = json.dumps(answer).encode()
                head = f"HTTP/1.1 {status} {status.phrase}\r\nContent-Type: application/json\r\n"
                head += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
                writer.write(head.encode() + body)
                await writer.drain()
        except (TimeoutError, ConnectionError, ValueError, asyncio.CancelledError):
            pass  # whoever asked is gone, or asked for nothing; or the service ends
        finally:
            writer.close()

    def answer(self, path: str) -> tuple[HTTPStatus, object]:
        """What stands at a path."""
        status = self._plant.status()
        if path == "/health":
            live = HTTPStatus.OK if status.is_live else HTTPStatus.SERVICE_UNAVAILABLE
            return live, {"values": str(status.values), "interruptions": status.interruptions}
        if path != "/values":
            return HTTPStatus.NOT_FOUND, {"paths": ["/values", "/health"]}
        values = {
            tag: {
                "value": as_json(sample.value),
                "quality": sample.quality_word,
                "time": sample.time.isoformat() if sample.time else None,
            }
            for tag, sample in self._following.present().items()
        }
        return HTTPStatus.OK, {"live": status.is_live, "values": values, "failures": status.failures}


def as_json(value: Any) -> Any:
    """A value as JSON has it: what it has no form for (times, arrays, NaN) as text."""
    is_plain = value is None or isinstance(value, bool | int | str)
    return value if is_plain or (isinstance(value, float) and math.isfinite(value)) else str(value)


async def serve(at: str, tags: list[str]) -> None:
    """Serves until it is stopped."""
    host, _, port = at.rpartition(":")
    async with (
        await Plant.connect(
            os.environ["MXGATEWAY_ENDPOINT"],
            api_key=os.environ.get("MXGATEWAY_API_KEY", ""),
            plaintext="MXGATEWAY_PLAINTEXT" in os.environ,
            wait=3600.0,
        ) as plant,
        plant.follow(tags) as following,
    ):
        serve = Site(plant, following).serve
        server = await asyncio.start_server(serve, host or "127.0.0.1", int(port))
        try:
            async for update in following:
                for tag in update.tags:
                    print(f"{tag.tag}: {tag.failure or 'comes now'}", file=sys.stderr)
        finally:
            server.close()  # and no wait for whoever is connected, and may ask nothing


if __name__ == "__main__":
    run_until_stopped(serve(sys.argv[1], sys.argv[2:]))
