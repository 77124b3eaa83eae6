"""Alarms under review: what a notebook holds after `gateway.alarms()`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd
from IPython.display import HTML

from mxgw_notebook.frames import active_alarms_frame, transitions_frame
from mxgw_notebook.gateway.alarm_source import BoardRows
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.display import Shown
from mxgw_notebook.live import AlarmBoard

if TYPE_CHECKING:
    from mxgw_notebook.widgets import AlarmTable


class AlarmReview:
    """Live alarms. Displayed in a notebook it is a table; `frame()` and `history()` are its contents."""

    def __init__(
        self,
        runner: Runner,
        board: AlarmBoard,
        source: BoardRows,
        operator: str,
        acknowledge: Callable[..., pd.DataFrame],
        end: Callable[[], None],
    ) -> None:
        self.runner = runner
        self._board, self._source, self._operator = board, source, operator
        self._acknowledge, self._end = acknowledge, end
        self._table: AlarmTable | None = None
        self._shown = Shown()

    def __repr__(self) -> str:
        return f"<AlarmReview of {len(self._board.active())} alarms: {self.status}>"

    @property
    def stopped(self) -> bool:
        """Whether the following has ended."""
        return self._source.stopped

    @property
    def status(self) -> str:
        """live, stopped, or in words why the alarms do not come."""
        return "stopped" if self._source.stopped else self._board.status

    def frame(self) -> pd.DataFrame:
        """The alarms now, one row each: unacknowledged first, then the most urgent (severity 1 to 999)."""
        rows = [(alarm.record, alarm.state, alarm.raised_ns) for alarm in self._board.active()]
        return active_alarms_frame(rows)

    def history(self) -> pd.DataFrame:
        """Every transition since the review began, one row each, in the order they came."""
        return transitions_frame(list(self._board.transitions))

    def acknowledge(self, *references: str, comment: str = "") -> pd.DataFrame:
        """Acknowledges alarms by reference or glob; one row each with the outcome in `result`."""
        return self._acknowledge(*references, comment=comment, operator=self._operator)

    def table(self) -> AlarmTable:
        """The live table of these alarms; the same widget each time."""
        if self._table is None:
            from mxgw_notebook.widgets import AlarmTable

            self._table = AlarmTable(self._source, self.runner, operator=self._operator)
        return self._table

    def snapshot(self) -> HTML:
        """The table as it is now, as one that stays in the notebook."""
        return HTML(self.table().snapshot_html())

    def stop(self) -> None:
        """Ends the following; what is known stays, and the table becomes static. Harmless the second time."""
        if self._source.stopped:
            return
        self._source.stopped = True
        if self._table is not None:
            self._table.stop()
            self._shown.replace(self._table.snapshot_html(), repr(self))
        self._end()

    def _ipython_display_(self) -> None:
        self._shown.show(self.table())
