"""A board of alarms as one review sees it."""

from __future__ import annotations

from dataclasses import dataclass

from mxgw_notebook.gateway.alarms.filter import AlarmFilter
from mxgw_notebook.live import ActiveAlarm, AlarmBoard, Standing
from mxgw_notebook.words import Phase


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
    def standing(self) -> Standing:
        """How it stands: stopped, or as the board's feed does."""
        return Standing(Phase.STOPPED) if self.stopped else self.board.standing

    @property
    def status(self) -> str:
        """live, stopped, or in words why the alarms do not come."""
        return str(self.standing)

    def active(self) -> list[ActiveAlarm]:
        """The alarms now that the filter lets through, those that changed last at the end."""
        return [alarm for alarm in self.board.active() if self.chosen.accepts(alarm)]
