"""A review as a notebook shows it: the table, and below it a trend."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import pandas as pd

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.gateway.alarms.alarm_trends import AlarmTrends
from mxgw_notebook.gateway.alarms.reviewed_board import ReviewedBoard
from mxgw_notebook.gateway.alarms.services import AlarmServices
from mxgw_notebook.gateway.alarms.table_source import BoardRows
from mxgw_notebook.gateway.display import Shown, tell_plant
from mxgw_notebook.gateway.tags import Watch

if TYPE_CHECKING:
    from mxgw_notebook.widgets import AlarmPanel, AlarmTable


class ReviewPanel:
    """The live table, made when it is wanted first, and below it the trend that was asked for last.

    `in_words` is what a terminal shows, `look` finds the alarms that are out of service.
    """

    def __init__(
        self,
        reviewed: ReviewedBoard,
        services: AlarmServices,
        trends: AlarmTrends,
        *,
        look: Callable[[], Awaitable[pd.DataFrame]],
        in_words: Callable[[], str],
    ) -> None:
        self._reviewed, self._services, self._trends = reviewed, services, trends
        self._look, self._in_words = look, in_words
        self._panel: AlarmPanel | None = None
        self._below: Watch | None = None
        self._shown = Shown()

    @property
    def table(self) -> AlarmTable:
        """The table; the same widget each time."""
        return self._make().table

    def show(self) -> None:
        """Displays it in the cell that runs now."""
        self._shown.show(self._make())

    def become_picture(self, words: str) -> None:
        """Stops the table, and leaves a static one wherever it is shown; the words where no HTML is."""
        if self._panel is not None:
            self._panel.table.stop()
            self._shown.replace(self._panel.snapshot_html(), words)

    def _make(self) -> AlarmPanel:
        if self._panel is None:
            from mxgw_notebook.widgets import AlarmPanel, AlarmTable

            table = AlarmTable(
                self._rows(),
                self._services.runner,
                operator=self._reviewed.operator,
                show_trend=self._show_trend,
                has_service=True,
                comment_required=self._reviewed.comment_required,
            )
            table.in_words = self._in_words
            tell_plant(table, self._services.profile)
            self._panel = AlarmPanel(table)
        return self._panel

    def _rows(self) -> BoardRows:
        services = self._services
        start, now_ns = services.runner.start, services.gateway_now
        return BoardRows(self._reviewed, services.acknowledger, start, now_ns, self._look)

    def _show_trend(self, reference: str) -> None:
        """Below the table; called on whatever thread a click arrives, so it waits for nothing."""
        self._services.runner.start(self._put_trend(reference))

    async def _put_trend(self, reference: str) -> None:
        panel = self._make()
        try:
            watch = await self._trends.begin(reference)
        except GatewayError as error:
            panel.table.refuse(reference, f"No trend: {error.reason}")
            return
        panel.show_trend(watch.views.panel)
        # After the new one is shown: a trend that could not be had must not take the old one away.
        before, self._below = self._below, watch
        if before is not None:
            await self._trends.end(before)
