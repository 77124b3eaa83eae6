"""A board of alarms as one review sees it."""

from __future__ import annotations

from dataclasses import dataclass

from mxgw_notebook.gateway.alarms.filter import AlarmFilter
from mxgw_notebook.live import ActiveAlarm, AlarmBoard
from mxgw_notebook.widgets import STOPPED


@dataclass(slots=True)
class ReviewedBoard:
    """A board, the filter in front of it, the operator whose name acknowledges carry, and whether it ended.

    The review and its table both look at it, so they cannot disagree.
    """

    board: AlarmBoard
    chosen: AlarmFilter
    operator: str
    stopped: bool = False

    @property
    def status(self) -> str:
        """live, stopped, or in words why the alarms do not come."""
        return STOPPED if self.stopped else self.board.status

    def active(self) -> list[ActiveAlarm]:
        """The alarms now that the filter lets through, those that changed last at the end."""
        return [alarm for alarm in self.board.active() if self.chosen.accepts(alarm)]
