"""The alarms that are active now, in the order of their changes, and what changed since a look at them."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field

from mxgw_notebook.live.alarms.active_alarm import ActiveAlarm

REMOVALS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class BoardChanges:
    """What changed after a version; `reset` means that `changed` is all there is."""

    version: int
    reset: bool
    changed: list[ActiveAlarm] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


class ActiveSet:
    """The active alarms by reference. Not safe between threads: whoever owns it has a lock.

    Each change has a number, the version. Whoever looks again names the one it has seen, and is given what
    came after it: the set keeps no list of who looks.
    """

    def __init__(self) -> None:
        self._version = 0
        self._alarms: OrderedDict[str, tuple[int, ActiveAlarm]] = OrderedDict()
        self._removed: deque[tuple[int, str]] = deque(maxlen=REMOVALS_KEPT)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._alarms)

    def all(self) -> list[ActiveAlarm]:
        """The alarms now, those that changed last at the end."""
        return [alarm for _, alarm in self._alarms.values()]

    def find(self, reference: str) -> ActiveAlarm | None:
        """One alarm; None when it is not active."""
        entry = self._alarms.get(reference)
        return entry[1] if entry else None

    def show(self, reference: str, alarm: ActiveAlarm | None) -> None:
        """The alarm is in the set as it is now; or it is not, being over."""
        if alarm is None:
            self._remove(reference)
        else:
            self._put(reference, alarm)

    def replace(self, snapshot: dict[str, ActiveAlarm]) -> None:
        """From now on the snapshot's alarms are all that there are."""
        for reference in self._alarms.keys() - snapshot.keys():
            self._remove(reference)
        for reference, alarm in snapshot.items():
            # Only what differs: an alarm that is put counts as changed, and every table would draw a thousand
            # rows anew after each reconnection.
            if self.find(reference) != alarm:
                self._put(reference, alarm)

    def since(self, version: int) -> BoardChanges:
        """What changed after a version; 0, or one too old to tell, gives everything."""
        # A full list may have lost a removal: an alarm that is over would stay on this caller's table.
        forgotten = len(self._removed) == REMOVALS_KEPT and self._removed[0][0] > version
        if version == 0 or forgotten:
            return BoardChanges(self._version, True, self.all())
        changed = []
        # What changed last stands at the end, so a look costs as much as has changed, not as much as stands:
        # of 5,000 alarms mostly two.
        for changed_at, alarm in reversed(self._alarms.values()):
            if changed_at <= version:
                break
            changed.append(alarm)
        # One that was removed and raised again is among the changed.
        removed = [name for at, name in self._removed if at > version and name not in self._alarms]
        return BoardChanges(self._version, False, changed[::-1], removed)

    def _put(self, reference: str, alarm: ActiveAlarm) -> None:
        self._version += 1
        self._alarms[reference] = (self._version, alarm)
        # Assigning to a key that is there keeps its place, and `since` relies on the order of change.
        self._alarms.move_to_end(reference)

    def _remove(self, reference: str) -> None:
        if self._alarms.pop(reference, None) is not None:
            self._version += 1
            self._removed.append((self._version, reference))
