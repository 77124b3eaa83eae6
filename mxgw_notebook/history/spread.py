"""The parts of a recording, worked on by Dask: each part by itself, and what they gave joined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from mxgw_notebook.client import checks_all_arguments
from mxgw_notebook.frames import stretch
from mxgw_notebook.history.parts import Part, PartReader, parts_of
from mxgw_notebook.history.recorded import RecordedSource
from mxgw_notebook.history.sql import needed

if TYPE_CHECKING:
    import dask.dataframe


@checks_all_arguments
class RecordedParts:
    """A recording in parts by time. Dask works on them, on a cluster if a `dask.distributed.Client` is there.

    Each part is read where it is worked on. A worker that is lost costs the parts that it had, and no more.
    """

    def __init__(self, reader: PartReader, parts: Sequence[Part]) -> None:
        self._reader, self._parts = reader, list(parts)

    def __repr__(self) -> str:
        first, last = self.divisions[0], self.divisions[-1]
        said = f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"
        return f"<{len(self._parts):,} parts of {len(self._reader.tags):,} tags, {said}>"

    def __len__(self) -> int:
        return len(self._parts)

    @property
    def divisions(self) -> tuple[pd.Timestamp, ...]:
        """When each part begins, and when the last one ends, UTC."""
        return divisions_of(self._parts)

    def dask(self) -> dask.dataframe.DataFrame:
        """The values as a Dask DataFrame, see `Recording.dask`."""
        found: dask.dataframe.DataFrame = mapped(
            PartReader.rows, self._reader, self._parts, self._reader.nothing
        )
        return found


def recorded_parts(
    source: RecordedSource, tags: Sequence[str], start_ns: int, end_ns: int, part: str | float
) -> RecordedParts:
    """The parts of a recording. Raises ConfigurationError for a part of no length, or without Dask."""
    needed("dask.dataframe", "dask", "For a recording in parts", "dask")
    step = stretch(part).as_unit("ns").value
    reader = PartReader.of(source, tags, start_ns, end_ns)
    return RecordedParts(reader, parts_of(source, start_ns, end_ns, step))


def mapped(work: Any, reader: PartReader, parts: Sequence[Part], nothing: pd.DataFrame) -> Any:
    """What a work makes of every part, as a Dask DataFrame; `nothing` is what it makes of an empty one."""
    frames = needed("dask.dataframe", "dask", "For a recording in parts", "dask")
    readers = [reader] * len(parts)
    return frames.from_map(work, readers, parts, meta=nothing, divisions=divisions_of(parts))


def divisions_of(parts: Sequence[Part]) -> tuple[pd.Timestamp, ...]:
    """The edges of parts as times; the last one is that of the last moment inside."""
    edges = [part.begin_ns for part in parts] + [parts[-1].end_ns - 1]
    return tuple(pd.DatetimeIndex(edges).tz_localize("UTC"))
