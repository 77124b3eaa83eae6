"""The parts of a recording, worked on by Dask: each part by itself, and what they gave joined."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from mxgw_notebook.analysis import alarm_episodes
from mxgw_notebook.analysis.parts import (
    EACH,
    HeldValues,
    PartQuality,
    Window,
    held_values,
    joined_episodes,
    joined_means,
    joined_percent,
    joined_states,
    measure_of,
    settings_of,
    tuned,
)
from mxgw_notebook.client import checks_all_arguments
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import gives_tables, plant_table, stretch, transitions_frame
from mxgw_notebook.history.parts import Part, PartReader, aligned, parts_of
from mxgw_notebook.history.recorded import RecordedSource
from mxgw_notebook.history.sql import needed
from mxgw_notebook.words import Quality as Least

if TYPE_CHECKING:
    from dask.dataframe import DataFrame as DaskFrame

FOR_PARTS: Final = "For a recording in parts"
# Each of them reads the references of all alarms of its time: more would read more than they work.
MOST_ALARM_PARTS: Final = 8
# Before any recording.
NEVER: Final = Part(1, 2)
Delay = str | float | pd.Timedelta


@checks_all_arguments
@gives_tables
class RecordedParts:
    """A recording in parts by time. Dask works on them, on a cluster if a `dask.distributed.Client` is there.

    Each part is read where it is worked on. A worker that is lost costs the parts that it had, and no more.
    """

    def __init__(self, reader: PartReader, parts: Sequence[Part], until_ns: int | None = None) -> None:
        self._reader, self._parts, self._until_ns = reader, list(parts), until_ns

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

    @cached_property
    def until_ns(self) -> int:
        """Until when the last values are held: what `parts` was given, or the newest time of all."""
        return self.newest_ns if self._until_ns is None else self._until_ns

    @cached_property
    def newest_ns(self) -> int:
        """The newest time of all values."""
        for part in reversed(self._parts):
            (newest,) = self._each(PartReader.newest_ns, parts=[part])
            if newest:
                return int(newest)
        return self._parts[0].begin_ns

    def dask(self) -> DaskFrame:
        """The values as a Dask DataFrame, see `Recording.dask`."""
        found: DaskFrame = mapped(PartReader.rows, self._reader, self._parts, self._reader.nothing)
        return found

    # -------------------------------------------------------------- by quality and time

    def resample(self, grid: str | float, least: Least = "good", enough: float = 0.5) -> DaskFrame:
        """As `frame.mxgw.resample`, as a Dask DataFrame indexed by `timestamp`: each part by itself.

        Every digit is that of the whole frame. The rows are in the order of time, not of tags.
        """
        parts = aligned(self._parts, stretch(grid).as_unit("ns").value)
        settings: dict[str, Any] = {"until_ns": self.newest_ns}  # as there, `until` does not count
        settings |= {"grid": grid, "least": least, "enough": enough}
        begin = pd.Timestamp(parts[0].begin_ns, tz="UTC").floor(stretch(grid))
        empty = self._reader.frame(NEVER)
        nothing = part_quality(empty, NEVER, 0).intervals(grid, least, enough)
        found: DaskFrame = mapped(intervals, self._reader, parts, nothing, first=begin, **settings)
        return found

    def time_weighted_mean(self, least: Least = "good") -> pd.Series:
        """As `frame.mxgw.time_weighted_mean`, but for the order in which the parts are added."""
        return joined_means(self._each(weighted_sums, self.until_ns, least))

    def percent_good(self, least: Least = "good") -> pd.Series:
        """As `frame.mxgw.percent_good`, but for the order in which the parts are added."""
        return joined_percent(self._each(good_seconds, self.until_ns, least))

    def time_in_state(self, least: Least = "good") -> pd.DataFrame:
        """As `frame.mxgw.time_in_state`, but for the order in which the parts are added."""
        found = self._each(seconds_in_states, self.until_ns, least)
        return joined_states([states for states, _ in found], [kinds for _, kinds in found])

    def tune_alarm(
        self,
        limit: float,
        kind: str = "hi",
        *,
        deadband: Sequence[float] | float = (0.0,),
        on_delay: Sequence[Delay] | Delay = (0.0,),
        off_delay: Sequence[Delay] | Delay = (0.0,),
        excursion: Delay = "1min",
        least: Least = "good",
    ) -> pd.DataFrame:
        """As `analysis.tune_alarm`, for the one tag of these parts; each setting is a task of its own.

        Raises:
            ConfigurationError: There are several tags, or a setting is not valid.
        """
        if len(self._reader.tags) != 1:
            message = f"These are the parts of {len(self._reader.tags)} tags, and an alarm has one"
            raise ConfigurationError(message, hint='Take those of one: recording.parts("Tank001.Level").')
        settings = settings_of(deadband, on_delay, off_delay)
        task = needed("dask", "dask", FOR_PARTS, "dask").delayed
        held = task(HeldValues.joined)(self._tasks(held_in, self.until_ns, least, parts=self._held))
        tag = self._reader.tags[0]
        rows = [task(tuned)(held, limit, kind, [one], excursion, tag) for one in settings]
        tables: list[pd.DataFrame] = self._computed(rows)
        found: pd.DataFrame = pd.concat(tables, ignore_index=True)
        found.attrs = tables[0].attrs
        return found

    # -------------------------------------------------------------- alarms

    def episodes(self) -> pd.DataFrame:
        """As `Recording.episodes`, of all alarms in the time of these parts: each part takes some alarms."""
        found = self._computed([self._occurrences()])[0]
        if found is None:  # the newest row first: nobody but all of them together can tell
            return alarm_episodes(transitions_frame(self._reader.source.alarms(*self._span)))
        whole: pd.DataFrame = found
        return whole

    def alarm_measures(self, operators: float = 1) -> dict[str, pd.DataFrame]:
        """Every measure of `analysis.alarm_report` by its name, each one a task of its own."""
        task = needed("dask", "dask", FOR_PARTS, "dask").delayed
        episodes, none = task(self.episodes()), task(transitions_frame([]))
        tables = self._computed([task(measure_of)(name, episodes, none, operators) for name in EACH])
        return dict(zip(EACH, map(plant_table, tables), strict=True))

    @property
    def _span(self) -> tuple[int, int]:
        return self._reader.start_ns, self._reader.end_ns

    def _occurrences(self) -> Any:
        """The task that gives the occurrences of all alarms."""
        task = needed("dask", "dask", FOR_PARTS, "dask").delayed
        reader = task(self._reader, traverse=False)
        count = min(len(self._parts), MOST_ALARM_PARTS)
        return task(joined_episodes)([task(PartReader.episodes)(reader, n, count) for n in range(count)])

    # -------------------------------------------------------------- beneath

    @property
    def _held(self) -> list[Part]:
        """The parts, the last one as long as its values are held."""
        last = self._parts[-1]
        return [*self._parts[:-1], last._replace(end_ns=max(last.end_ns, self.until_ns + 1))]

    def _tasks(self, work: Any, *settings: Any, parts: Sequence[Part] | None = None) -> list[Any]:
        task = needed("dask", "dask", FOR_PARTS, "dask").delayed
        # Sent once, not with each of its parts.
        reader = task(self._reader, traverse=False)
        return [task(work)(reader, part, *settings) for part in parts or self._parts]

    def _each(self, work: Any, *settings: Any, parts: Sequence[Part] | None = None) -> list[Any]:
        return self._computed(self._tasks(work, *settings, parts=parts or self._held))

    def _computed(self, tasks: Sequence[Any]) -> list[Any]:
        return list(needed("dask", "dask", FOR_PARTS, "dask").compute(*tasks))


def part_quality(frame: pd.DataFrame, part: Part, until_ns: int) -> PartQuality:
    """The measures of a part's frame."""
    return PartQuality(frame, Window(part[0], part[1], until_ns))


def intervals(
    reader: PartReader, part: Part, *, until_ns: int, grid: str | float, least: Least, enough: float
) -> pd.DataFrame:
    """The means of a part by interval."""
    return part_quality(reader.frame(part), part, until_ns).intervals(grid, least, enough)


def weighted_sums(reader: PartReader, part: Part, until_ns: int, least: Least) -> pd.DataFrame:
    """What means are made of."""
    return part_quality(reader.frame(part), part, until_ns).weighted_sums(least)


def good_seconds(reader: PartReader, part: Part, until_ns: int, least: Least) -> pd.DataFrame:
    """What shares of time are made of."""
    return part_quality(reader.frame(part), part, until_ns).good_seconds(least)


def seconds_in_states(
    reader: PartReader, part: Part, until_ns: int, least: Least
) -> tuple[pd.DataFrame, str]:
    """The seconds in each state, and which kinds of values there are."""
    frame, kinds = reader.states(part)
    return part_quality(frame, part, until_ns).seconds_in_states(least), kinds


def held_in(reader: PartReader, part: Part, until_ns: int, least: Least) -> HeldValues:
    """What the one tag held in a part."""
    return held_values(reader.frame(part), least, until_ns).within(*part)


def recorded_parts(
    source: RecordedSource,
    tags: Sequence[str],
    span: tuple[int, int],
    part: str | float,
    until_ns: int | None = None,
) -> RecordedParts:
    """The parts of a recording. Raises ConfigurationError for a part of no length, or without Dask."""
    needed("dask.dataframe", "dask", FOR_PARTS, "dask")
    step = stretch(part).as_unit("ns").value
    reader = PartReader.of(source, tags, *span)
    return RecordedParts(reader, parts_of(source, *span, step), until_ns)


def mapped(
    work: Any,
    reader: PartReader,
    parts: Sequence[Part],
    nothing: pd.DataFrame,
    first: pd.Timestamp | None = None,
    **settings: Any,
) -> Any:
    """What a work makes of every part, as a Dask DataFrame; `nothing` is what it makes of an empty one."""
    frames = needed("dask.dataframe", "dask", FOR_PARTS, "dask")
    readers = [reader] * len(parts)
    begin, *others = divisions_of(parts)
    divisions = (begin if first is None else first, *others)
    return frames.from_map(work, readers, parts, meta=nothing, divisions=divisions, **settings)


def divisions_of(parts: Sequence[Part]) -> tuple[pd.Timestamp, ...]:
    """The edges of parts as times; the last one is that of the last moment inside."""
    edges = [part.begin_ns for part in parts] + [parts[-1].end_ns - 1]
    return tuple(pd.DatetimeIndex(edges).tz_localize("UTC"))
