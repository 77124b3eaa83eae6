"""A board of alarms as one review sees it."""

from __future__ import annotations

from dataclasses import dataclass

from mxgw_notebook.gateway.alarms.filter import AlarmFilter
from mxgw_notebook.live import ActiveAlarm, AlarmBoard, Standing
from mxgw_notebook.words import NO_ALARMS, Phase, counted


@dataclass(slots=True)
class ReviewedBoard:
    """A board, the filter in front of it, the operator whose name acknowledges carry, and whether it ended.

    The review and its table both look at it, so they cannot disagree.
    """

    board: AlarmBoard
    chosen: AlarmFilter
    operator: str
    opened_ns: int
    closed_ns: int = 0
    comment_required: bool = False

    @property
    def stopped(self) -> bool:
        """Whether the review has ended."""
        return self.closed_ns != 0

    def covered(self, now_ns: int) -> tuple[int, int]:
        """What the review's transitions cover, from and to, by the gateway's clock in nanoseconds.

        From the moment it was opened, or from the first transition that is still kept, until it was closed,
        or now. What came meanwhile lies inside, also where the gateway's clock was not known yet.
        """
        log = self.board.log()
        came = [record.changed_ns for record in log if record.changed_ns and not record.origin]
        forgotten = self.board.seen > len(log)
        begin = min([came[0]] if forgotten and came else [self.opened_ns, *came])
        return begin, max([self.closed_ns or now_ns, *came])

    def gaps(self, now_ns: int) -> list[tuple[int, int]]:
        """The parts of what is covered in which nobody told of alarms; each begins before it ends."""
        begin, end = self.covered(now_ns)
        gaps = [(max(since, begin), min(until or end, end)) for since, until in self.board.gaps]
        return [(since, until) for since, until in gaps if since < until]

    @property
    def standing(self) -> Standing:
        """How it stands: stopped, or as the board's feed does."""
        if not self.stopped:
            return self.board.standing
        return Standing(Phase.STOPPED, "" if self.board.listed else "no complete list of alarms came")

    @property
    def status(self) -> str:
        """live, stopped, or in words why the alarms do not come."""
        return str(self.standing)

    @property
    def only(self) -> str:
        """Which alarms its transitions are of, in words; empty for all of the plant."""
        prefix = f"references that begin with {self.board.prefix}" if self.board.prefix else ""
        return ", ".join(filter(None, (prefix, self.chosen.in_words)))

    def told_of(self, endpoint: str) -> dict[str, str]:
        """What a report says of where its alarms are from, and of which of them it is."""
        return {"source": f"alarms of {endpoint}, as they came", "only": self.only}

    @property
    def nothing(self) -> str:
        """What it means that no alarm is shown: of those that are not let through nothing is said by it."""
        prefix, active = self.board.prefix, self.board.count
        if self.chosen and active:
            return f"No alarm matches the filter ({active:,} active{beginning_with(prefix)})."
        return f"No active alarm begins with {prefix}." if prefix else NO_ALARMS

    @property
    def counted(self) -> str:
        """How many alarms there are, in words; "0 alarms" would be a quiet plant where it is not known."""
        shown, active = len(self.active()), self.board.count
        if not active and not self.board.listed:
            return "no list yet"
        number = f"{shown:,} of {counted(active, 'alarm')}" if self.chosen else counted(shown, "alarm")
        return number + beginning_with(self.board.prefix, one=not self.chosen and shown == 1)

    def active(self) -> list[ActiveAlarm]:
        """The alarms now that the filter lets through, those that changed last at the end."""
        return [alarm for alarm in self.board.active() if self.chosen.accepts(alarm)]


def beginning_with(prefix: str, *, one: bool = False) -> str:
    """The words for what the gateway was asked to send alone."""
    return f" that begin{'s' if one else ''} with {prefix}" if prefix else ""
