"""Clocks: plant time, and the elapsed time that leases and timeouts run on."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol

START = datetime(2026, 1, 1, 6, 0, tzinfo=UTC)


class Clock(Protocol):
    """What the gateway asks a clock."""

    def now(self) -> float:
        """Plant time, in seconds since the epoch."""

    def elapsed(self) -> float:
        """Seconds since some fixed moment; runs at the wall's pace whatever the plant's speed."""

    def until(self, moment: float) -> float:
        """How many seconds will elapse until a plant time."""

    async def sleep(self, seconds: float) -> None:
        """Returns once so many seconds have elapsed."""


class SystemClock:
    """The machine's clock; plant time runs `speed` times as fast, from the present moment on."""

    def __init__(self, speed: float = 1.0) -> None:
        if not speed > 0.0:
            raise ValueError(f"The speed must be above 0, not {speed}.")
        self.speed = speed
        self._start = time.time()
        self._zero = time.monotonic()

    def now(self) -> float:
        """Plant time, in seconds since the epoch."""
        return self._start + self.elapsed() * self.speed

    def elapsed(self) -> float:
        """Seconds since the clock was made."""
        return time.monotonic() - self._zero

    def until(self, moment: float) -> float:
        """Seconds of the wall clock until a plant time."""
        return (moment - self.now()) / self.speed

    async def sleep(self, seconds: float) -> None:
        """Sleeps for so many seconds of the wall clock."""
        await asyncio.sleep(seconds)


class ManualClock:
    """Stands still until it is advanced. Plant time and elapsed time are one."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start.timestamp()
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> float:
        """Plant time, in seconds since the epoch."""
        return self._start + self._elapsed

    def elapsed(self) -> float:
        """Seconds by which it was advanced so far."""
        return self._elapsed

    def until(self, moment: float) -> float:
        """By how much it must be advanced to reach a plant time."""
        return moment - self.now()

    def move(self, seconds: float) -> None:
        """Moves on and wakes the sleepers whose time has come."""
        self._elapsed += seconds
        # A little early rather than never: sums of ticks miss a round number by some rounding.
        due = [future for when, future in self._sleepers if when <= self._elapsed + 1e-9]
        self._sleepers = [entry for entry in self._sleepers if entry[1] not in due]
        for future in due:
            # Whoever slept may have been cancelled since.
            if not future.done():
                future.set_result(None)

    async def sleep(self, seconds: float) -> None:
        """Returns once it has been advanced by so many seconds."""
        if seconds <= 0.0:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._elapsed + seconds, future))
        await future
