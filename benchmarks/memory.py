"""The most memory this process ever held, in megabytes (1,000,000 bytes)."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def peak_mb() -> float:
    """The peak of the resident set since the process began."""
    return _peak_bytes() / 1e6


def forget_peak() -> None:
    """Begins the peak anew, where the system can: what comes after is not hidden by what was before."""
    if CLEAR.exists():
        CLEAR.write_text("5")


def _peak_bytes() -> int:
    if STATUS.exists():
        return _high_water_mark(STATUS.read_text())
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _high_water_mark(status: str) -> int:
    # Not ru_maxrss: on Linux it survives exec, so a small child reports the size of its parent.
    lines = dict(line.split(":", 1) for line in status.splitlines())
    kilobytes, _unit = lines["VmHWM"].split()
    return int(kilobytes) * 1024
