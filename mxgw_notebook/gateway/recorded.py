"""Asking a gateway's values by time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from mxgw_notebook.client import checks_all_arguments
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import plant_table
from mxgw_notebook.gateway.alarms import Alarms
from mxgw_notebook.gateway.plant_named import names_its_plant
from mxgw_notebook.gateway.tags import GalaxyQuery, list_named, query_given, tags_given
from mxgw_notebook.gateway.whole_table import WholeTable
from mxgw_notebook.globs import resolve
from mxgw_notebook.history import (
    LATEST_NS,
    HistorySource,
    How,
    MemorySource,
    Past,
    Recording,
    in_form,
    query_past,
    span_ns,
)


@names_its_plant
@checks_all_arguments
class Recorded(Alarms):
    """What a gateway's connection remembers. Every method blocks until it has its answer."""

    def history(
        self,
        *tags: Any,
        start: Any = None,
        end: Any = None,
        every: str | float | None = None,
        how: How = "raw",
        template: str | None = None,
        attribute: str | Sequence[str] | None = None,
        query: str | Mapping[str, Any] | None = None,
    ) -> pd.DataFrame:
        """Values by time, of tags that are watched or in a recording in use; long, by tag and time.

        Raw values have the columns of `Watch.frame` and `origin` (memory, or the recording's folder). Steps
        have `tag`, `timestamp` (the beginning of the step, UTC), `value`, and for the mean `percent_good`.
        `attrs["gaps"]` has the times without a connection or with missing values, with their cause.

        Args:
            tags: As in `read`; a glob means known tags. None: all known tags.
            start: `"2026-05-04 06:00"` (UTC if it has no zone), or `"-2h"`. Default: all that is known. The
                first value of a tag is the one that it had at this time.
            end: The same. Default: now.
            every: The step, for all but raw: `"1min"`, or seconds.
            how: raw, held (the value at the beginning of a step), mean (weighted by how long each value held,
                good quality only), min, max, first, last, count (good quality only), or percent_good.
            template: As in `read`.
            attribute: As in `read`.
            query: As in `watch`; of what it finds, the tags that are known.

        Raises:
            ConfigurationError: There are no values of a tag, or a time, step or form is not valid.
        """
        self._check()
        past = self._past()
        wanted = self._named_in(past, tags, template, attribute, query_given(query))
        start_ns, end_ns = span_ns(start, end, self._hub.gateway_now)
        frame = WholeTable(in_form(past.frame(wanted, start_ns, end_ns), how, every))
        frame.attrs["endpoint"] = self.endpoint
        return frame

    def sql(self, query: str, *, start: Any = "-24h", end: Any = None, **parameters: Any) -> pd.DataFrame:
        """The result of a query over the values seen here, and the earlier ones of recordings in use.

        The views are those of `Recording.sql`: `samples` (of watched tags; it has `origin`, but not `kind`
        and `sequence`), `alarms` (of open reviews), `gaps`, `writes` and `acknowledges` (made from here),
        `notes`, `objects`, `attributes`. `$name` in the query is a parameter. Needs
        `mxgw-notebook[history]`.

        Args:
            query: In DuckDB's SQL.
            start: The beginning of samples, alarms and gaps, as in `history`; `None` for all.
            end: The same. Default: now.
            parameters: By the names in the query.

        Raises:
            ConfigurationError: The query or a time is not valid, or DuckDB is not installed.
        """
        self._check()
        start_ns, end_ns = span_ns(start, end, self._hub.gateway_now)
        # What came counts to its last, also by a clock that is ahead of the gateway's.
        span = (start_ns, LATEST_NS if end is None else end_ns)
        galaxy = self.runner.run(self._model.load())
        others = {
            "writes": self._actions.frame(), "acknowledges": self._acknowledgements.frame(),
            "notes": self._notes.frame().rename(columns={"who": "by"}),
            "objects": galaxy.objects, "attributes": galaxy.attributes,
        }  # fmt: skip
        return plant_table(query_past(self._past(), span, others, query, parameters))

    def remember(self, recording: Recording | HistorySource) -> None:
        """Adds a recording as the past of watched tags: for `history`, frames, trends and their notes.

        It also takes any other keeper of values that has the methods of `HistorySource`.
        """
        source = recording.source if isinstance(recording, Recording) else recording
        self._recorders.sources.insert(0, source)
        self._notes.load()

    def _past(self) -> Past:
        """All that is known, the watched tags first."""
        memory = MemorySource(self._hub, lambda: self._hub.subscriptions, self._boards.account)
        return Past([memory, *self._recorders.sources])

    def _named_in(
        self,
        past: Past,
        given: Sequence[Any],
        template: str | None = None,
        attribute: str | Sequence[str] | None = None,
        query: GalaxyQuery | None = None,
    ) -> list[str]:
        """The tags that are meant, globs of those that are known; a saved list's as they are meant today."""
        if query is None and (template is not None or attribute is not None or list_named(given) is not None):
            return self._meant(given, template, attribute, "looked up")
        known = past.tags()
        if query is not None:
            found = set(self._meant(given, template, attribute, "looked up", query))
            wanted = [tag for tag in known if tag in found]
            if not wanted:
                raise ConfigurationError("Nothing was seen of what the query finds", hint="Watch it first.")
            return wanted
        if not known:
            raise ConfigurationError("There are no values so far", hint="Watch tags, or open a recording.")
        wanted = tags_given(given) if given else known
        return resolve(wanted, known, "tag that was seen", hint="See {find}.")
