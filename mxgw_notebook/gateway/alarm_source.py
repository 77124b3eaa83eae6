"""The alarm board as an alarm table wants it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live import ActiveAlarm, AlarmBoard
from mxgw_notebook.widgets import AlarmDelta, AlarmRow

NANOSECONDS_A_MILLISECOND = 1e6


class BoardRows:
    """An alarm table's source: the board's changes as rows, and acknowledging through the gateway."""

    def __init__(
        self,
        client: GatewayClient,
        board: AlarmBoard,
        operator: str,
        start: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self.stopped = False
        self._client, self._board, self._operator, self._start = client, board, operator, start

    def since(self, cursor: int) -> AlarmDelta:
        """Everything after `cursor`; after 0, the whole active set with `reset`."""
        changes = self._board.since(cursor)
        return AlarmDelta(
            cursor=changes.version,
            reset=changes.reset,
            upsert=[row_of(alarm) for alarm in changes.changed],
            removed=changes.removed,
            status="stopped" if self.stopped else self._status(),
        )

    def acknowledge(
        self, references: Sequence[str], comment: str, done: Callable[[str, str | None], None]
    ) -> None:
        """Asks the gateway, one alarm after the other, and returns at once."""
        self._start(self._acknowledge(references, comment, done))

    async def _acknowledge(
        self, references: Sequence[str], comment: str, done: Callable[[str, str | None], None]
    ) -> None:
        for reference in references:
            reason: str | None = None
            try:
                await self._client.acknowledge_alarm(reference, comment=comment, operator_user=self._operator)
            except GatewayError as error:
                reason = str(error)
            done(reference, reason)

    def _status(self) -> str:
        provider = self._board.provider
        if self._board.status == "live" and provider is not None and provider.degraded:
            return f"degraded ({provider.mode}): {provider.reason}"
        return self._board.status


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
    )


def milliseconds(nanoseconds: int) -> float | None:
    """Epoch milliseconds; None for a time that was not sent."""
    return nanoseconds / NANOSECONDS_A_MILLISECOND if nanoseconds else None


def shown(value: object) -> str:
    """A value in a cell's width."""
    if value is None:
        return ""
    return f"{value:.5g}" if isinstance(value, float) else str(value)
