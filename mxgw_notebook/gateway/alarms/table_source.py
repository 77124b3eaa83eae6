"""The alarm board as an alarm table wants it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import pandas as pd

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.frames import MILLISECOND_NS
from mxgw_notebook.gateway.alarms.acknowledging import Acknowledger
from mxgw_notebook.gateway.alarms.reviewed_board import ReviewedBoard
from mxgw_notebook.gateway.alarms.suppressed import UNKNOWN, rows_of, summary_of
from mxgw_notebook.live import ActiveAlarm
from mxgw_notebook.widgets import AlarmDelta, AlarmRow, ServiceFound, ServiceRow
from mxgw_notebook.words import figures


class BoardRows:
    """An alarm table's source: the board's changes as rows, and acknowledging through the gateway."""

    def __init__(
        self,
        reviewed: ReviewedBoard,
        acknowledger: Acknowledger,
        start: Callable[[Coroutine[Any, Any, None]], None],
        now_ns: Callable[[], int],
        look: Callable[[], Awaitable[pd.DataFrame]],
    ) -> None:
        self._reviewed, self._acknowledger, self._start = reviewed, acknowledger, start
        self._now_ns, self._look = now_ns, look

    def since(self, cursor: int) -> AlarmDelta:
        """Everything after `cursor`; after 0, the whole active set with `reset`."""
        board, chosen = self._reviewed.board, self._reviewed.chosen
        changes, provider, standing = board.since(cursor), board.provider, self._reviewed.standing
        shown = [alarm for alarm in changes.changed if chosen.accepts(alarm)]
        kept = {alarm.record.reference for alarm in shown}
        # One that the filter no longer lets through leaves the table as if it left the board.
        left = [alarm.record.reference for alarm in changes.changed if alarm.record.reference not in kept]
        return AlarmDelta(
            cursor=changes.version,
            reset=changes.reset,
            upsert=[row_of(alarm) for alarm in shown],
            removed=[*changes.removed, *([] if changes.reset else left)],
            phase=standing.phase,
            status=str(standing),
            provider=provider.mode if provider else "",
            degraded=(provider.reason or "reason not told") if provider and provider.degraded else "",
            listed=board.listed,
            nothing=self._reviewed.nothing,
            # By the clock that gave the alarms their times: the kernel's may be another.
            now_ms=milliseconds(self._reviewed.closed_ns or self._now_ns()),
            as_of_ms=milliseconds(board.heard_ns),
        )

    def acknowledge(
        self, references: Sequence[str], comment: str, done: Callable[[str, str | None], None]
    ) -> None:
        """Asks the gateway, some alarms at a time, and returns at once."""

        def tell(reference: str, error: GatewayError | None) -> None:
            # A row has room for the fewest words; the audit has them all.
            done(reference, None if error is None else error.reason)

        self._start(
            self._acknowledger.acknowledge_many(
                references,
                comment=comment,
                operator=self._reviewed.operator,
                done=tell,
                # Looked up at the time of each call, not when they were chosen: in a flood an alarm may be
                # over before its turn comes.
                over=lambda reference: self._reviewed.board.find(reference) is None,
            )
        )

    def look_for_service(self, done: Callable[[ServiceFound], None]) -> None:
        """Reads the alarms' attributes, and returns at once."""

        async def look() -> None:
            try:
                found = await self._look()
            except GatewayError as error:
                done(ServiceFound(failure=error.reason))
            else:
                done(service_found(found, milliseconds(self._now_ns())))

        self._start(look())


def service_found(suppressed: pd.DataFrame, at_ms: float | None) -> ServiceFound:
    """What `AlarmReview.suppressed` found, as the table shows it."""
    told = ("tag", "area", "description", "how", "operator", "node", "reason")
    rows = [
        ServiceRow(
            **{name: row[name] for name in told},
            severity=int(row["severity"]),
            since_ms=moment_ms(row["since"]),
            until_ms=moment_ms(row["until"]),
        )
        for row in rows_of(suppressed)
    ]
    count = len({row.tag for row in rows if row.how != UNKNOWN})
    return ServiceFound(rows, count, summary_of(suppressed), "", at_ms)


def moment_ms(time: pd.Timestamp) -> float | None:
    """Epoch milliseconds; None for a time that is not known."""
    return None if pd.isna(time) else time.timestamp() * 1e3


def row_of(alarm: ActiveAlarm) -> AlarmRow:
    """One alarm as a row of the table."""
    record = alarm.record
    return AlarmRow(
        reference=record.reference,
        tag=record.tag,
        area=record.area,
        description=record.description,
        severity=record.severity,
        state=alarm.state,
        raised_ms=milliseconds(alarm.raised_ns),
        changed_ms=milliseconds(record.changed_ns),
        operator=record.operator,
        comment=record.comment,
        value=shown(record.value),
        limit=shown(record.limit),
        kind=record.alarm_type,
        degraded=record.degraded,
    )


def milliseconds(nanoseconds: int) -> float | None:
    """Epoch milliseconds; None for a time that was not sent."""
    return nanoseconds / MILLISECOND_NS if nanoseconds else None


def shown(value: object) -> str:
    """A value in a cell's width."""
    if value is None:
        return ""
    return figures(value) if isinstance(value, float) else str(value)
