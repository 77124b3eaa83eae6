"""What following tags brings: samples, gaps, and what became of the tags themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import merge

import numpy as np

from mxgw_notebook.client import Samples, Value, moment_of
from mxgw_notebook.live.follow import Standing
from mxgw_notebook.live.samples import Gap
from mxgw_notebook.words import Quality, quality_word


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of a tag; None if it had none.

    `quality` is the OPC byte. `time_ns` is the source's time in nanoseconds since 1970 UTC; 0 if none was
    sent, or an impossible one. `replayed` is True if it came late, in the gateway's replay after an outage.
    """

    tag: str
    value: Value
    quality: int
    time_ns: int
    replayed: bool = False

    @property
    def time(self) -> datetime | None:
        """The source's time in UTC, to the microsecond; None if it is not known."""
        return moment_of(self.time_ns)

    @property
    def quality_word(self) -> Quality:
        """good, uncertain or bad."""
        return quality_word(self.quality)


@dataclass(frozen=True, slots=True)
class TagState:
    """The state of a tag: `failure` says why it has no values, and is empty when they come."""

    tag: str
    failure: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """The news of followed tags since the last update. Iterating it gives its items in order.

    `standing` is the status of the values now. `gateway_ns` is the gateway's clock in nanoseconds since 1970
    UTC. `heard_ns` is its time at the newest event, 0 before the first. `columns` has the samples of each tag
    as arrays, oldest first; `samples` has them one by one. `gaps` are those that began, ended or changed: a
    changed gap has the same number, and the newest version counts. `tags` are those that were refused, or
    that come now.
    """

    standing: Standing
    gateway_ns: int
    heard_ns: int
    columns: Mapping[str, Samples]
    gaps: tuple[Gap, ...] = ()
    tags: tuple[TagState, ...] = ()

    @property
    def samples(self) -> list[Sample]:
        """All samples by time; each tag's samples are in the order in which they came."""
        parts = [in_order(tag, samples) for tag, samples in self.columns.items()]
        return [sample for _, sample in merge(*parts, key=lambda entry: entry[0])]

    def __iter__(self) -> Iterator[TagState | Gap | Sample]:
        yield from self.tags
        yield from self.gaps
        yield from self.samples


def in_order(tag: str, samples: Samples) -> Iterator[tuple[int, Sample]]:
    """A tag's samples, each with the time by which it is ordered among those of other tags."""
    # A time that goes back, or is not known, takes its predecessor's place: arrival is the order of truth.
    places = np.maximum.accumulate(samples.time_ns).tolist()
    for row, place in enumerate(places):
        yield place, sample_of(tag, samples, row)


def sample_of(tag: str, samples: Samples, row: int) -> Sample:
    """One of a tag's samples."""
    return Sample(
        tag,
        samples.value(row),
        int(samples.quality[row]),
        int(samples.time_ns[row]),
        samples.replayed is not None and bool(samples.replayed[row]),
    )
