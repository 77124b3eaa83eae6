"""Looks at a hub while events come: how fast a tag is read, how old events are, how large the processes."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import numpy as np
import psutil

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live.hub import Hub
from mxgw_notebook.live.loop import LoopThread

READ_SECONDS = 0.05
READS_A_LOOK = 4
MEGABYTE = 1e6


class Watch(threading.Thread):
    """Reads a tag every 50 ms and looks at both processes, until `stop`. `busy` is the cell's to set."""

    def __init__(self, loop: LoopThread, hub: Hub, tag: str) -> None:
        super().__init__(name="watch", daemon=True)
        self.busy = False
        self._loop, self._hub, self._tag = loop, hub, tag
        self._ended = threading.Event()
        self._reads: dict[bool, list[float]] = {False: [], True: []}  # by whether the cell computed
        self._failed = 0
        self._ages: list[float] = []
        self._sizes: dict[str, list[float]] = {"kernel": [], "reader": []}
        self._kernel = psutil.Process()
        self._readers = self._kernel.children()
        self._used, self._stolen = machine_cpu()
        self._reader_cpu = 0.0

    def run(self) -> None:
        """Reads and looks."""
        turn = 0
        while not self._ended.wait(READ_SECONDS):
            self._read()
            self._age()
            turn += 1
            if turn % READS_A_LOOK == 0:
                self._look()

    def stop(self) -> None:
        """Ends it."""
        self._ended.set()
        self.join()

    def figures(self) -> dict[str, float]:
        """What was seen, in milliseconds, megabytes, seconds; late growth is that of the second half."""
        used, stolen = machine_cpu()
        return {
            **spread("read_ms", self._reads[False]),
            **spread("busy_read_ms", self._reads[True]),
            **spread("event_age_ms", self._ages),
            "reads_failed": float(self._failed),
            "reader_cpu_seconds": self._reader_cpu,
            "machine_cpu_seconds": used - self._used,
            "stolen_seconds": stolen - self._stolen,
            **{f"{name}_mb": sizes[-1] if sizes else 0.0 for name, sizes in self._sizes.items()},
            **{f"{name}_late_growth_mb": late_growth(sizes) for name, sizes in self._sizes.items()},
        }

    def _read(self) -> None:
        busy, start = self.busy, time.perf_counter()
        try:
            self._loop.run(self._hub.read([self._tag], timeout=1.0))
        except GatewayError:
            self._failed += 1
        self._reads[busy or self.busy].append((time.perf_counter() - start) * 1000)

    def _age(self) -> None:
        """How old the newest event was when it had been decoded; both clocks are this machine's."""
        if arrivals := self._hub._intake.pulse._arrivals:
            self._ages.append((arrivals[-1].kernel_ns - arrivals[-1].gateway_ns) / 1e6)

    def _look(self) -> None:
        self._sizes["kernel"].append(self._kernel.memory_info().rss / MEGABYTE)
        for reader in self._readers:
            try:
                self._sizes["reader"].append(reader.memory_info().rss / MEGABYTE)
                used = reader.cpu_times()
            except psutil.NoSuchProcess:
                continue
            self._reader_cpu = used.user + used.system


def spread(name: str, values: Sequence[float]) -> dict[str, float]:
    """Median, 99th percentile and worst; 0 where there was nothing."""
    median, most, worst = np.percentile(values or [0.0], [50, 99, 100]).tolist()
    return {f"{name}_median": median, f"{name}_99": most, f"{name}_worst": worst}


def late_growth(sizes: Sequence[float]) -> float:
    """From the first tenth of the second half to its last tenth, each by its mean."""
    half = sizes[len(sizes) // 2 :]
    tenth = len(half) // 10 + 1
    return float(np.mean(half[-tenth:]) - np.mean(half[:tenth])) if half else 0.0


def machine_cpu() -> tuple[float, float]:
    """Seconds of CPU that all processes together have used, and those the host gave to other machines."""
    times = psutil.cpu_times()
    stolen = float(getattr(times, "steal", 0.0))
    waited = times.idle + getattr(times, "iowait", 0.0) + stolen
    # On Linux the guests' time stands among the users' already.
    guests = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
    return float(sum(times) - waited - guests), stolen
