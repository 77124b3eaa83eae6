"""A recording that is read: what `open_recording` gives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow.dataset as ds

from mxgw_notebook.analysis import Dossier, Snapshot, alarm_episodes, impact_page, left_open
from mxgw_notebook.client import checks_all_arguments, path_given
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import gives_tables, moment_ns, read_galaxy, transitions_frame, wide_frame
from mxgw_notebook.history.asked_of import galaxy_in, named_in, reached, time_in
from mxgw_notebook.history.asking import How, clock_span_ns, in_form, instant_ns
from mxgw_notebook.history.capsule import capsule_named, write_capsule
from mxgw_notebook.history.deployed import galaxies_in, recorded_impact
from mxgw_notebook.history.dossier import recorded_dossier
from mxgw_notebook.history.past import Past, gap_attrs, gap_table
from mxgw_notebook.history.recorded import RecordedSource
from mxgw_notebook.history.source import LATEST_NS, in_order
from mxgw_notebook.history.spread import RecordedParts, recorded_parts
from mxgw_notebook.history.sql import connect_views, needed, run_query

if TYPE_CHECKING:
    import duckdb
    import polars
    from dask.dataframe import DataFrame as DaskFrame


@checks_all_arguments
@gives_tables
class Recording:
    """The recorded values of one plant. Every method reads again, so you can look at a growing recording.

    Raises:
        ConfigurationError: From any method: a tag was not recorded, or an argument is not valid.
    """

    def __init__(self, source: RecordedSource) -> None:
        self._source = source

    def __repr__(self) -> str:
        first, last = self.span
        said = f"{first:%Y-%m-%d %H:%M:%S} to {last:%Y-%m-%d %H:%M:%S} UTC" if first else "nothing yet"
        count = len(self.tags)
        tags = f"{count:,} tag{'' if count == 1 else 's'}"
        return f"<Recording {self._source.origin} of {self.plant}: {tags}, {said}>"

    @property
    def source(self) -> RecordedSource:
        """The source of its values, for `Past`."""
        return self._source

    @property
    def plant(self) -> str:
        """The plant's name; by default the gateway's endpoint."""
        return self._source.plant

    @property
    def tags(self) -> list[str]:
        """Every tag that was recorded."""
        return self._source.tags()

    @property
    def span(self) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
        """The first and the last time recorded, UTC; None and None if nothing was recorded."""
        runs = self._source.facts("runs")
        if not runs:
            return None, None
        ends = min(row["begin_ns"] for row in runs), max(row["until_ns"] for row in runs)
        return pd.Timestamp(ends[0], tz="UTC"), pd.Timestamp(ends[1], tz="UTC")

    # -------------------------------------------------------------- values

    def frame(
        self,
        *tags: Any,
        start: Any = None,
        end: Any = None,
        every: str | float | None = None,
        how: How = "raw",
    ) -> pd.DataFrame:
        """Values by time, long, as from `Gateway.history`; `-2h` is two hours before the recording's end.

        Default: all tags; also takes globs and lists. `attrs["gaps"]` has the times in which nobody recorded,
        or values are missing, with their cause.
        """
        wanted = named_in(self, tags)
        start_ns, end_ns = time_in(self, start, end)
        return in_form(Past([self._source]).frame(wanted, start_ns, end_ns), how, every)

    def wide(
        self, *tags: Any, grid: str | float | None = None, start: Any = None, end: Any = None
    ) -> pd.DataFrame:
        """One column per tag, indexed by `timestamp` (UTC), with held values as in `Watch.wide`."""
        wanted = named_in(self, tags)
        start_ns, end_ns = time_in(self, start, end)
        past = Past([self._source])
        found = past.samples(wanted, start_ns, end_ns)
        frame = wide_frame(found, grid)
        frame.attrs = gap_attrs(past.gaps(wanted, start_ns, end_ns))
        whole = left_open(frame, {tag: in_order(part).time_ns for tag, part in found.items()})
        return whole[whole.index >= pd.Timestamp(start_ns, tz="UTC")]

    def gaps(self, *tags: Any, start: Any = None, end: Any = None) -> pd.DataFrame:
        """The times in which values of the tags are missing: `start`, `end` (UTC), `cause`, `events` (lost).

        Causes: outage (no connection), dropped and replay gap (events were lost), not recorded (no recorder
        was running, or its disk was full).
        """
        wanted = named_in(self, tags)
        return gap_table(Past([self._source]).gaps(wanted, *time_in(self, start, end)))

    # -------------------------------------------------------------- what else was recorded

    def alarms(self, start: Any = None, end: Any = None) -> pd.DataFrame:
        """Every recorded transition, as from `AlarmReview.history`."""
        start_ns, end_ns = time_in(self, start, end)
        return transitions_frame(self._source.alarms(start_ns, end_ns))

    def episodes(self, start: Any = None, end: Any = None) -> pd.DataFrame:
        """One row per occurrence of an alarm, as from `mxgw_notebook.analysis.alarm_episodes`."""
        return alarm_episodes(self.alarms(start, end))

    def writes(self) -> pd.DataFrame:
        """Every write made during the recording.

        Columns: `time` (UTC), `tag`, `object`, `value` (JSON), `operator`, `taken`, `outcome`.
        """
        return self._frame_of("writes")

    def acknowledges(self) -> pd.DataFrame:
        """Every acknowledgement made during the recording.

        Columns: `time` (UTC), `reference`, `operator`, `comment`, `acknowledged`, `result`, `asked_by`.
        """
        return self._frame_of("acknowledges")

    def notes(self) -> pd.DataFrame:
        """The notes: `time` (UTC), `text`, `by`, `tags` (names with commas between; empty for the plant)."""
        frame = self._frame_of("notes")
        return frame.assign(tags=frame["tags"].fillna("").astype("str"))

    def descriptions(self) -> pd.DataFrame:
        """Each tag's last units, description and limits.

        Columns: `time` (UTC, of this row), `tag`, `units`, `description`, `limits` (by their kind, JSON).
        """
        return self._frame_of("descriptions")

    def galaxy(self, at: Any = None) -> Snapshot:
        """The galaxy as it was at a time, of the last deploy before it; `analysis.diff` takes it.

        Raises:
            ConfigurationError: No galaxy was recorded before that time.
        """
        known = galaxies_in(self._source)
        until = LATEST_NS if at is None else moment_ns(at)
        found = [path for time_ns, path in known if time_ns <= until]
        if not found:
            raise ConfigurationError(
                "No galaxy was recorded by then", hint="See sql('select ...') for values."
            )
        with self._source.filesystem.open_input_file(found[-1]) as file:
            return Snapshot(*read_galaxy(found[-1], file))

    def impact(self, deploy: Any = None, *, window: str = "30min") -> pd.DataFrame:
        """How the plant behaved after a deploy compared with before, as `analysis.deploy_impact`.

        Args:
            deploy: The last deploy up to this time, as in `frame`. Default: the last one recorded.
            window: The length of time that is compared, before and after.

        Raises:
            ConfigurationError: No deploy was recorded by then. A recording's first galaxy is its state at the
                start, not a deploy.
        """
        return recorded_impact(self, self._until(deploy), window)[0]

    def impact_page(self, deploy: Any = None, *, window: str = "30min") -> Dossier:
        """The same as a page, each finding with the trend of its tag: `.save("impact.html")`.

        Arguments and errors as in `impact`.
        """
        found, samples = recorded_impact(self, self._until(deploy), window)
        return impact_page(found, samples, window=window)

    def _until(self, deploy: Any) -> int:
        return LATEST_NS if deploy is None else time_in(self, None, deploy)[1]

    def dossier(
        self, start: Any = None, end: Any = None, *, tags: Any = None, title: str = "Dossier"
    ) -> Dossier:
        """All that was recorded in a stretch of time, as one page: `.save("dossier.html")`.

        Args:
            start: As in `frame`. A time of day alone, `"03:05"` (UTC), means the last such time in the
                recording.
            end: The same. Default: the recording's end.
            tags: Names, lists, globs. Default: all.
            title: The page's heading.

        Raises:
            ConfigurationError: A tag was not recorded, or a time is not valid.
        """
        last = self.span[1]
        span = clock_span_ns(start, end, 0 if last is None else last.value)
        wanted = named_in(self, [] if tags is None else [tags])
        return recorded_dossier(self, wanted, *reached(self, *span), title)

    # -------------------------------------------------------------- in other hands

    def cut(
        self,
        start: Any,
        end: Any = None,
        tags: Any = None,
        *,
        to: str | Path = "incident.zip",
        pseudonyms: bool = False,
    ) -> Path:
        """Saves an incident as one file, a capsule, which `open_recording` opens. Returns its path.

        It has the values of that time, and each tag's value at its beginning; gaps; alarms, also those that
        stood already; writes, acknowledgements, notes and descriptions. Of the galaxy it has the objects of
        these tags, and the objects that contain them.

        Args:
            start: As in `frame`.
            end: Default: the recording's end.
            tags: Names, lists, globs. Default: all. Alarms are always of all tags.
            to: Ends in `.zip`.
            pseudonyms: Objects, areas, templates, people and texts get other names, the same ones everywhere.
                Comments and descriptions are left out. Times, numbers, units and attribute names stay.

        Raises:
            ConfigurationError: Nothing was recorded at that time, or the file cannot be written.
        """
        path = capsule_named(path_given(to, "Name a file, e.g. incident.zip."))
        wanted = named_in(self, [] if tags is None else [tags])
        span = reached(self, *time_in(self, start, end))
        galaxy = galaxy_in(self, span[1])
        tables = None if galaxy is None else (galaxy.objects, galaxy.attributes)
        write_capsule(self._source, tables, wanted, span, path, pseudonyms=pseudonyms)
        return path

    def arrow(self) -> ds.Dataset:
        """The samples as an Arrow dataset, one row per sample; columns as in `mxgw_notebook.history.rows`.

        It does not have the tags' values from before the start of the recording.
        """
        return self._source.dataset()

    def polars(self) -> polars.LazyFrame:
        """The same for Polars, lazy: reads only what passes your filter. Needs `mxgw-notebook[history]`."""
        found: polars.LazyFrame = needed("polars", "polars", "For Polars").scan_pyarrow_dataset(self.arrow())
        return found

    def parts(
        self, *tags: Any, start: Any = None, end: Any = None, part: str | float = "6h", until: Any = None
    ) -> RecordedParts:
        """The recording in parts by time, for more data than one computer can hold.

        Needs `mxgw-notebook[dask]`.

        Args:
            tags: As in `frame`.
            start: The same.
            end: The same.
            part: The length of time of one part. Parts begin at full steps since midnight UTC.
            until: When the last values end to hold, as in `frame.mxgw.percent_good`. Default: at the newest
                time of all values, for which one part more is read. It does not count for `resample`.
        """
        wanted, now = named_in(self, tags), self.span[1]
        until_ns = None if until is None else instant_ns(until, 0 if now is None else now.value)
        return recorded_parts(self._source, wanted, time_in(self, start, end), part, until_ns)

    def dask(self, *tags: Any, start: Any = None, end: Any = None, part: str | float = "6h") -> DaskFrame:
        """The values as a Dask DataFrame, indexed by `timestamp` (UTC), with known divisions.

        Columns: `tag`, `value` (numbers, and booleans as 0 and 1), `text` (what is no number, True and False,
        integers that a number would round), `quality`, `quality_code`, `replayed`. They are the same for
        every recording. Rows and arguments are those of `frame`; `part` is as in `parts`. A growing folder is
        read up to the hour in which you called this. Needs `mxgw-notebook[dask]`.
        """
        return self.parts(*tags, start=start, end=end, part=part).dask()

    def duckdb(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB connection with views of all tables; see `sql`. Needs `mxgw-notebook[history]`."""
        return connect_views(self._source, galaxy_in(self))

    def sql(self, query: str, **parameters: Any) -> pd.DataFrame:
        """A query over `samples, alarms, gaps, writes, acknowledges, notes, objects, attributes`.

        `$name` in the query is a parameter. `samples` has `tag`, `timestamp`, `value` (numbers, and booleans
        as 0 and 1), `quality` (good, uncertain, bad), `quality_code`, `kind`, `integer`, `text`, `replayed`,
        `sequence`. Needs `mxgw-notebook[history]`.

        Raises:
            ConfigurationError: The query is not valid, or DuckDB is not installed.
        """
        return run_query(self.duckdb(), query, parameters)

    # -------------------------------------------------------------- beneath

    def _frame_of(self, table: str) -> pd.DataFrame:
        frame: pd.DataFrame = self._source.table(table).to_pandas()
        return frame.drop(columns="run").sort_values("time", ignore_index=True)
