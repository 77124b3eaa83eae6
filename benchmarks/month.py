"""What the recorded samples of a benchmark take."""

from __future__ import annotations

from pathlib import Path


def recorded_bytes(folder: Path) -> int:
    """What the samples take on the disk."""
    return sum(path.stat().st_size for path in (folder / "samples").rglob("*.parquet"))
