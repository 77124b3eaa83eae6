"""Alarms under review: what a notebook holds after `gateway.alarms()`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from IPython.display import HTML

from mxgw_notebook.analysis import (
    AlarmReport,
    alarm_episodes,
    alarm_report,
    save_alarm_log,
)
from mxgw_notebook.client import ACKNOWLEDGE_SECONDS, AlarmRecord, checks_all_arguments
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import PlantTable, active_alarms_frame, plant_table, transitions_frame
from mxgw_notebook.gateway.alarms.acknowledging import ACKNOWLEDGED, named
from mxgw_notebook.gateway.alarms.alarm_trends import AlarmTrends
from mxgw_notebook.gateway.alarms.marks import AlarmMarks
from mxgw_notebook.gateway.alarms.review_panel import ReviewPanel
from mxgw_notebook.gateway.alarms.reviewed_board import ReviewedBoard
from mxgw_notebook.gateway.alarms.services import AlarmServices
from mxgw_notebook.gateway.alarms.suppressed import ServiceLog, look_for_suppressed
from mxgw_notebook.gateway.blocking import blocking
from mxgw_notebook.gateway.plant_named import names_its_plant
from mxgw_notebook.gateway.tags import Watch
from mxgw_notebook.history import Recorder, alarm_feed
from mxgw_notebook.svg import as_written

if TYPE_CHECKING:
    from mxgw_notebook.widgets import AlarmTable

SUPPRESSED_SECONDS = 5.0

# Rows on a terminal.
MOST_TOLD = 20


@names_its_plant
@checks_all_arguments
class AlarmReview:
    """Live alarms. In a notebook it shows as a table; the methods return its contents as DataFrames."""

    def __init__(self, reviewed: ReviewedBoard, services: AlarmServices) -> None:
        self.runner = services.runner
        self._reviewed, self._services = reviewed, services
        self._board, self._chosen = reviewed.board, reviewed.chosen
        self._trends = AlarmTrends(self._board, services)
        self._service = ServiceLog()
        self._look = partial(look_for_suppressed, reviewed, services, self._service)
        self._recorders: list[Recorder] = []
        look = partial(self._look, SUPPRESSED_SECONDS)
        self._panel = ReviewPanel(reviewed, services, self._trends, look=look, in_words=self._in_words)

    def __repr__(self) -> str:
        return f"<AlarmReview of {self._reviewed.counted}: {self.status}>"

    @property
    def plant(self) -> str:
        """The name of the alarms' plant."""
        return self._services.changes.gate.plant

    @property
    def stopped(self) -> bool:
        """Whether the review has ended."""
        return self._reviewed.stopped

    @property
    def status(self) -> str:
        """live, stopped, or in words why the alarms do not come."""
        return self._reviewed.status

    @property
    def provider(self) -> str:
        """The gateway's source of alarms: ALARMMGR, or SUBTAG with the reason if it is degraded."""
        provider = self._board.provider
        if provider is None:
            return "not told yet"
        return f"{provider.mode} (degraded: {provider.reason})" if provider.degraded else provider.mode

    # -------------------------------------------------------------- as DataFrames

    def frame(self) -> pd.DataFrame:
        """The alarms now, one row each: unacknowledged first, then the most urgent (severity 1 to 999).

        Columns: `reference`, `tag`, `area`, `description`, `severity`, `state`, `raised`, `changed` (UTC),
        `alarm_type`, `value`, `limit`, `operator`, `comment`, `degraded`, `provider`. `attrs` has `status`
        and `as_of`: the time of the gateway's last message, by its own clock (ISO 8601 in UTC; None before
        the first). If values or limits are of several kinds, these columns have the numbers, and `value_text`
        and `limit_text` have the rest.
        """
        alarms = self._reviewed.active()
        frame = PlantTable(
            active_alarms_frame([(alarm.record, alarm.state, alarm.raised_ns) for alarm in alarms])
        )
        heard_ns = self._board.heard_ns
        # As text: attributes that are no JSON keep a frame from being written as Parquet.
        heard = pd.Timestamp(heard_ns, unit="ns", tz="UTC").isoformat() if heard_ns else None
        frame.attrs |= {"status": self.status, "as_of": heard}
        return frame

    def history(self) -> pd.DataFrame:
        """Every transition since the review began, one row each, in the order they came.

        Transitions during an outage of the gateway are concluded from the next snapshot: `origin` is then
        "reconciled", and `time` is NaT if it is not known. The newest 100,000 transitions are kept.
        `attrs["reviewed"]` is the time that they cover: from the start of the review until now, or until its
        stop. `attrs["not_connected"]` has the parts of it without news of alarms, as pairs of times.
        """
        return plant_table(self._chosen.narrowed(self._framed(self._board.log())))

    def episodes(self) -> pd.DataFrame:
        """One row per occurrence: raised, acknowledged, cleared, durations, operator, comment, peak.

        The columns are those of `mxgw_notebook.analysis.alarm_episodes`. Alarms that stood before the review
        began have the facts that the gateway sent; a time that is not known is NaT.
        """
        return plant_table(self._chosen.narrowed(alarm_episodes(self._account())))

    def filtered(self) -> pd.DataFrame:
        """The alarms that pass the table's filters now, in the table's order; columns as `frame()`."""
        return self._rows([row.reference for row in self.table().filtered()])

    def selection(self) -> pd.DataFrame:
        """The alarms selected in the table, in the order of selection; columns as `frame()`."""
        return self._rows([row.reference for row in self.table().selection()])

    def report(self, *, operators: float = 1, **settings: Any) -> AlarmReport:
        """The ISA-18.2 and EEMUA 191 measures of this review, with plots; `save("review.html")` exports it.

        The default time is from the start of the review until now, or until its stop. The settings are those
        of `mxgw_notebook.analysis.alarm_report`: `start`, `end`, `title`, `actions` ... The default of
        `actions` is `Gateway.actions()`; with None only clears count.
        """
        settings = {"actions": self._services.actions(), **settings}
        log = self._account()
        if self._chosen:
            # All transitions of the alarms in question: an occurrence is not to be torn apart.
            log = log[log["reference"].isin(self.episodes()["reference"])]
        log.attrs |= self._reviewed.told_of(self._services.endpoint)
        return alarm_report(self._service.added_to(log), operators=operators, **settings)

    def save(self, path: str | Path) -> Path:
        """Writes the history as Parquet or CSV, with the known facts of alarms that stood before it.

        `mxgw_notebook.analysis.read_alarm_log` reads it again, for any of the measures.
        """
        return save_alarm_log(self._service.added_to(self._account()), path)

    # -------------------------------------------------------------- out of service

    @blocking
    async def suppressed(self, *, timeout: float = SUPPRESSED_SECONDS) -> pd.DataFrame:
        """The alarms that are shelved, silenced, disabled, inhibited or suppressed, a row per alarm and way.

        The alarm feed does not contain them. This reads four alarm attributes of the galaxy for each alarm
        that passes the review's prefix, area and text, in at most `timeout` seconds.

        Columns: `reference` (if this review has seen the alarm, else empty), `tag`, `area`, `description`,
        `severity` (0 if not known), `how` (shelved, silenced, disabled, inhibited, suppressed; unknown, at
        the end, if the plant does not tell, with the cause in `reason`), `since` and `until` (UTC; NaT if not
        known or without end), `operator`, `node` and `reason` (only a shelving has them, else empty). `since`
        of a shelving is its beginning. For the other ways it is when the attribute got its value; the alarm
        may have been in that state before, because an engine sets the attribute again when it starts. `attrs`
        has `alarms` (how many were asked) and `not_known` (by attribute, how many did not answer): an alarm
        that is not listed may still be out of service in that way.

        `report()` and `save()` use what was found. An alarm that is back at the next call was out of service
        until that call, or until the end of its shelving.

        Raises:
            GatewayError: The attributes cannot be read.
        """
        return await self._look(timeout)

    def record(self, folder: str | Path) -> Recorder:
        """Records these alarms to a folder from now on, as `Watch.record` records values.

        It records each transition as it comes, and the past of the alarms that stand already. The filters of
        this review do not matter. It ends with the review, or by `stop()`.
        `mxgw_notebook.open_recording(folder)` reads it.

        Raises:
            ConfigurationError: The folder cannot be used for a recording.
        """
        recorder = self._services.recorders.begin(folder, lambda: (), [alarm_feed(self._board)])
        self._recorders.append(recorder)
        return recorder

    # -------------------------------------------------------------- acting

    def acknowledge(
        self, *references: Any, comment: str = "", timeout: float = ACKNOWLEDGE_SECONDS
    ) -> pd.DataFrame:
        """Acknowledges alarms by reference or glob, as `Gateway.acknowledge`; one row each with `result`.

        Also raises ConfigurationError if the review requires a comment and there is none.
        """
        if self._reviewed.comment_required and not comment.strip():
            raise ConfigurationError("A comment is required", hint='Give one: comment="...".')
        with self._services.changes.of(named(references), ACKNOWLEDGED):
            return self.runner.run(
                self._services.acknowledger.acknowledge(
                    references, comment=comment, operator=self._reviewed.operator, timeout=timeout
                )
            )

    @blocking
    async def trend(self, reference: str) -> Watch:
        """A live trend of the tag that raised an alarm, with its limits and its transitions as markers.

        It begins at the raise, at most one hour back. It has earlier values only if the tag was watched
        already.

        Raises:
            ConfigurationError: The review has not seen such an alarm.
            TagError: The tag cannot be watched.
        """
        return await self._trends.begin(reference)

    def marks(self, tags: Callable[[], Sequence[str]], *, everything: bool = False) -> AlarmMarks:
        """These alarms for a trend of these tags; see `Watch.mark`."""
        return self._trends.marks(tags, everything=everything)

    # -------------------------------------------------------------- the table

    def table(self) -> AlarmTable:
        """The live table of these alarms; the same widget each time."""
        return self._panel.table

    def snapshot(self) -> HTML:
        """A static picture of the table as it is now; it stays in the notebook."""
        return HTML(as_written(self.table().snapshot_html()))

    def stop(self) -> None:
        """Ends the review; its data stays, and the table becomes static. A second call does nothing."""
        if self._reviewed.stopped:
            return
        self._reviewed.closed_ns = self._services.gateway_now()
        with ExitStack() as ending:  # each step whatever becomes of the others, the last one first
            # After the feed: all that the board has seen is then recorded.
            for recorder in self._recorders:
                ending.callback(recorder.stop)
            ending.callback(lambda: self.runner.run(self._services.unfollow(self._board)))
            ending.callback(lambda: self._panel.become_picture(repr(self)))
            for trend in self._trends.begun:
                ending.callback(trend.stop)

    def _account(self) -> pd.DataFrame:
        """All transitions, with how the alarms came to be that stood before, and what they cover."""
        return self._framed(self._board.account())

    def _framed(self, records: Sequence[AlarmRecord]) -> pd.DataFrame:
        now_ns = self._services.gateway_now()
        return transitions_frame(records, self._reviewed.covered(now_ns), self._reviewed.gaps(now_ns))

    def _in_words(self) -> str:
        """How it stands and the most urgent alarms, for a terminal."""
        alarms = self.frame()
        shown = alarms[["severity", "state", "tag", "raised"]].head(MOST_TOLD)
        shown = shown.assign(raised=shown["raised"].dt.strftime("%Y-%m-%d %H:%M:%SZ"))
        more = f"\nand {len(alarms) - len(shown):,} more" if len(alarms) > len(shown) else ""
        return f"{self!r}\n{shown.to_string(index=False)}{more}" if len(alarms) else repr(self)

    def _rows(self, references: list[str]) -> pd.DataFrame:
        frame = self.frame().set_index("reference", drop=False)
        found = frame.loc[[reference for reference in references if reference in frame.index]]
        return found.reset_index(drop=True)

    def _ipython_display_(self) -> None:
        self._panel.show()
