"""The alarm board: what is active now, and every transition since it began."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field, replace
from typing import Literal

from mxgw_notebook.client import AlarmRecord, GatewayClient, ProviderStatus, SnapshotComplete
from mxgw_notebook.client.alarms import AlarmMessage
from mxgw_notebook.client.backoff import backoff
from mxgw_notebook.errors import AuthenticationError, GatewayError, PermissionDeniedError

log = logging.getLogger(__name__)

State = Literal["unacknowledged", "acknowledged", "cleared unacknowledged"]
SNAPSHOT_STATES: dict[str, State] = {
    "ACTIVE": "unacknowledged",
    "ACTIVE_ACKED": "acknowledged",
    "INACTIVE": "cleared unacknowledged",
}
TRANSITIONS_KEPT = 100_000
REMOVALS_KEPT = 10_000
FINAL = (AuthenticationError, PermissionDeniedError)


@dataclass(frozen=True, slots=True)
class ActiveAlarm:
    """One alarm that is active or waits for its acknowledgement, with the newest record of it."""

    record: AlarmRecord
    state: State
    raised_ns: int


@dataclass(frozen=True, slots=True)
class BoardChanges:
    """What changed after a version; `reset` means that `changed` is all there is."""

    version: int
    reset: bool
    changed: list[ActiveAlarm] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


class AlarmBoard:
    """Follows the alarm feed, survives its loss, keeps the active set and a bounded list of transitions.

    `follow` runs on the loop thread; the rest can be asked from any.
    """

    def __init__(self, client: GatewayClient, prefix: str = "") -> None:
        self.status = "waiting for the first snapshot"
        self.provider: ProviderStatus | None = None
        self.transitions: deque[AlarmRecord] = deque(maxlen=TRANSITIONS_KEPT)
        self.seen = 0
        self._client, self._prefix = client, prefix
        self._lock = threading.Lock()
        self._version = 0
        self._active: OrderedDict[str, tuple[int, ActiveAlarm]] = OrderedDict()
        self._removed: deque[tuple[int, str]] = deque(maxlen=REMOVALS_KEPT)
        self._snapshot: dict[str, ActiveAlarm] | None = {}
        self._complete = asyncio.Event()

    # -------------------------------------------------------------- asking

    def active(self) -> list[ActiveAlarm]:
        """The alarms now, those that changed last at the end."""
        with self._lock:
            return [alarm for _, alarm in self._active.values()]

    def find(self, reference: str) -> ActiveAlarm | None:
        """One alarm by its reference; None when it is not on the board."""
        with self._lock:
            entry = self._active.get(reference)
            return entry[1] if entry else None

    def since(self, version: int) -> BoardChanges:
        """What changed after a version; 0, or one too old to tell, gives everything."""
        with self._lock:
            forgotten = len(self._removed) == REMOVALS_KEPT and self._removed[0][0] > version
            if version == 0 or forgotten:
                return BoardChanges(self._version, True, [alarm for _, alarm in self._active.values()])
            changed = []
            for changed_at, alarm in reversed(self._active.values()):
                if changed_at <= version:
                    break
                changed.append(alarm)
            removed = [
                reference for at, reference in self._removed if at > version and reference not in self._active
            ]
            return BoardChanges(self._version, False, changed[::-1], removed)

    # -------------------------------------------------------------- following

    async def first_snapshot(self) -> None:
        """Returns once the board has seen every active alarm."""
        await self._complete.wait()

    async def follow(self) -> None:
        """Follows the feed until cancelled or refused for good."""
        waits = backoff()
        while True:
            try:
                async for message in self._client.watch_alarms(self._prefix):
                    self._take(message)
                    waits = backoff()
                reason = "the gateway closed the alarm stream"
            except FINAL as error:
                self.status = f"refused: {error.details}"
                return
            except GatewayError as error:
                reason = error.reason
            self.status = f"reconnecting: {reason}"
            log.warning("alarm feed ended: %s", reason)
            with self._lock:
                self._snapshot = {}
            await asyncio.sleep(next(waits))

    def _take(self, message: AlarmMessage) -> None:
        with self._lock:
            if isinstance(message, ProviderStatus):
                self.provider = message
            elif isinstance(message, SnapshotComplete):
                self._adopt()
            elif message.kind:
                self._change(message)
            elif self._snapshot is not None:
                state = SNAPSHOT_STATES.get(message.state, "unacknowledged")
                raised = message.raised_ns or message.changed_ns
                self._snapshot[message.reference] = ActiveAlarm(message, state, raised)

    def _adopt(self) -> None:
        """A snapshot is complete: it is the truth, whatever was missed while the feed was away."""
        snapshot, self._snapshot = self._snapshot or {}, None
        self.status = "live"
        self._complete.set()
        for reference in [known for known in self._active if known not in snapshot]:
            self._remove(reference)
        for reference, alarm in snapshot.items():
            known = self._active.get(reference)
            if known is None or known[1] != alarm:
                self._put(reference, alarm)

    def _change(self, record: AlarmRecord) -> None:
        """Applies one transition."""
        self.seen += 1
        self.transitions.append(record)
        known = self._active.get(record.reference)
        after = changed(known[1] if known else None, record)
        if after is None:
            self._remove(record.reference)
        else:
            self._put(record.reference, after)

    def _put(self, reference: str, alarm: ActiveAlarm) -> None:
        self._version += 1
        self._active[reference] = (self._version, alarm)
        self._active.move_to_end(reference)

    def _remove(self, reference: str) -> None:
        if self._active.pop(reference, None) is not None:
            self._version += 1
            self._removed.append((self._version, reference))


def changed(before: ActiveAlarm | None, record: AlarmRecord) -> ActiveAlarm | None:
    """The alarm after a transition; None when it is over: cleared and acknowledged."""
    if record.kind in ("RAISE", "RETRIGGER") or (before is None and record.kind != "CLEAR"):
        acknowledged = record.kind == "ACKNOWLEDGE"
        state: State = "acknowledged" if acknowledged else "unacknowledged"
        return ActiveAlarm(record, state, record.raised_ns or record.changed_ns)
    if before is None:
        return None
    merged = replace(record, operator=record.operator or before.record.operator)
    merged = replace(merged, comment=record.comment or before.record.comment)
    if record.kind == "ACKNOWLEDGE":
        over = before.state == "cleared unacknowledged"
        return None if over else ActiveAlarm(merged, "acknowledged", before.raised_ns)
    if record.kind == "CLEAR":
        over = before.state == "acknowledged"
        return None if over else ActiveAlarm(merged, "cleared unacknowledged", before.raised_ns)
    return ActiveAlarm(merged, before.state, before.raised_ns)
