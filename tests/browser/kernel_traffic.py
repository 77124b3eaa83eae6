"""What a kernel really sends to the page, read off the page's own WebSocket."""

from __future__ import annotations

import json
import struct
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from playwright.sync_api import Page, WebSocket

# What jupyter_server counts against its limit, and over which time.
UNCOUNTED = {"status", "comm_open", "execute_input"}
WINDOW_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `sent` are epoch seconds by the kernel's clock, `number` a live widget's own."""

    kind: str
    sent: float
    comm: str
    number: int | None


class KernelTraffic:
    """Every message that came on the iopub channel of any kernel, in order."""

    def __init__(self, page: Page) -> None:
        self.messages: list[Message] = []
        page.on("websocket", self._listen)

    def most_a_second(self) -> float:
        """The highest rate in any three seconds, of what the server counts."""
        times = sorted(message.sent for message in self.messages if message.kind not in UNCOUNTED)
        most, first = 0, 0
        for last, now in enumerate(times):
            while times[first] <= now - WINDOW_SECONDS:
                first += 1
            most = max(most, last - first + 1)
        return most / WINDOW_SECONDS

    def kinds(self) -> Counter[str]:
        """How many there were of each kind."""
        return Counter(message.kind for message in self.messages)

    def numbered(self) -> dict[str, list[int]]:
        """The numbers of each live widget's messages, by its comm, in the order they came."""
        found: dict[str, list[int]] = defaultdict(list)
        for message in self.messages:
            if message.number is not None:
                found[message.comm].append(message.number)
        return found

    def holes(self) -> int:
        """How often a number was missing."""
        return sum(b != a + 1 for numbers in self.numbered().values() for a, b in pairwise(numbers))

    def _listen(self, socket: WebSocket) -> None:
        if "/channels" in socket.url:
            socket.on("framereceived", self._take)

    def _take(self, payload: str | bytes) -> None:
        if isinstance(payload, bytes):
            channel, header, content = parts_of(payload)
            if channel == "iopub":
                self.messages.append(message_of(header, content))


def parts_of(frame: bytes) -> tuple[str, bytes, bytes]:
    """Channel, header and content of a frame of v1.kernel.websocket.jupyter.org."""
    (count,) = struct.unpack_from("<Q", frame)
    offsets = struct.unpack_from(f"<{count}Q", frame, 8)
    channel, header, _parent, _metadata, content = (frame[a:b] for a, b in pairwise(offsets[:6]))
    return channel.decode(), header, content


def message_of(header: bytes, content: bytes) -> Message:
    """The few facts that are looked at."""
    head = json.loads(header)
    sent = datetime.fromisoformat(head["date"]).timestamp()
    if head["msg_type"] != "comm_msg":
        return Message(head["msg_type"], sent, "", None)
    body = json.loads(content)
    custom = body["data"].get("content") or {}
    # A galaxy tree answers under the numbers of the questions.
    is_live = isinstance(custom, dict) and custom.get("kind") in LIVE_KINDS
    return Message("comm_msg", sent, body["comm_id"], custom["number"] if is_live else None)


LIVE_KINDS = {"samples", "window", "notice", "file", "values", "rows"}
