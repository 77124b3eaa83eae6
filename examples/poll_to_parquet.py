"""Values of tags into Parquet files, and beside them a table of what is missing.

python poll_to_parquet.py FOLDER TAG ...   (MXGATEWAY_ENDPOINT, MXGATEWAY_API_KEY, MXGATEWAY_PLAINTEXT)

`values-<n>.parquet` has the columns tag, time, number, text, quality and replayed, a file a minute. In
`gaps-<n>.parquet`, one of each run, a row is an interval in which values are missing; an end that is null has
not come yet.
"""

from __future__ import annotations

import os
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from mxgw_notebook import Gap, Plant, Sample, run_until_stopped

# They tell no types.
pa: Any = import_module("pyarrow")
pq: Any = import_module("pyarrow.parquet")

EVERY_SECONDS = 1.0
FILE_SECONDS = float(os.environ.get("FILE_SECONDS", "60"))
TIME = pa.timestamp("ns", "UTC")
VALUES = pa.schema(
    [
        ("tag", pa.string()),
        ("time", TIME),
        ("number", pa.float64()),
        ("text", pa.string()),
        ("quality", pa.uint8()),
        ("replayed", pa.bool_()),
    ]
)
GAPS = pa.schema(
    [
        ("number", pa.int64()),
        ("start", TIME),
        ("end", TIME),
        ("cause", pa.string()),
        ("events", pa.int64()),
        ("filled", pa.bool_()),
        ("tag", pa.string()),
    ]
)


class Files:
    """What has come, and is not in a file yet; and every gap of this run."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.run = folder, time.time_ns()
        self.samples: list[Sample] = []
        self.gaps: dict[int, Gap] = {}
        self.due = time.monotonic() + FILE_SECONDS
        folder.mkdir(parents=True, exist_ok=True)
        pa.Table.from_pylist([], VALUES)  # the first one imports pandas, a second: not as the program stops

    def add(self, samples: list[Sample], gaps: tuple[Gap, ...]) -> None:
        """Takes an update in. Gaps are written at once: an outage may be the last that is heard."""
        self.samples += samples
        if gaps:
            self.gaps.update((gap.number, gap) for gap in gaps)
            self._write(f"gaps-{self.run}", pa.Table.from_pylist([*map(gap_row, self.gaps.values())], GAPS))
        if time.monotonic() >= self.due:
            self.flush()

    def flush(self) -> None:
        """Writes what has come since the last file."""
        self.due = time.monotonic() + FILE_SECONDS
        if self.samples:
            rows, self.samples = [*map(value_row, self.samples)], []
            self._write(f"values-{time.time_ns()}", pa.Table.from_pylist(rows, VALUES))

    def _write(self, name: str, table: Any) -> None:
        """Whole or not at all: whoever reads the folder never sees half a file."""
        unfinished = self.folder / f".{name}"
        pq.write_table(table, unfinished)
        unfinished.replace(self.folder / f"{name}.parquet")


def value_row(sample: Sample) -> dict[str, object]:
    """A sample as a row: what is not a number, or one that a float64 would round, is told as text."""
    number = float(sample.value) if isinstance(sample.value, int | float) else None
    return {
        "tag": sample.tag,
        "time": sample.time_ns or None,
        "number": number,
        "text": None if sample.value is None or number == sample.value else str(sample.value),
        "quality": sample.quality,
        "replayed": sample.replayed,
    }


def gap_row(gap: Gap) -> dict[str, object]:
    """A gap as a row."""
    return {
        "number": gap.number,
        "start": gap.start_ns,
        "end": gap.end_ns,
        "cause": gap.cause,
        "events": gap.events,
        "filled": gap.filled,
        "tag": gap.tag,
    }


async def poll(folder: Path, tags: list[str]) -> None:
    """Polls until it is stopped."""
    files = Files(folder)
    try:
        async with await Plant.connect(
            os.environ["MXGATEWAY_ENDPOINT"],
            api_key=os.environ.get("MXGATEWAY_API_KEY", ""),
            plaintext="MXGATEWAY_PLAINTEXT" in os.environ,
            wait=3600.0,
        ) as plant:
            async for update in plant.follow(tags, every=EVERY_SECONDS):
                for tag in update.tags:
                    print(f"{tag.tag}: {tag.failure or 'comes now'}", file=sys.stderr)
                files.add(update.samples, update.gaps)
    finally:
        files.flush()


if __name__ == "__main__":
    run_until_stopped(poll(Path(sys.argv[1]), sys.argv[2:]))
