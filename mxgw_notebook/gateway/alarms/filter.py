"""Which alarms a review is about.

Why: DECISIONS.md, "The alarm table sends its filters as rules, not as rows".
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.globs import folded, glob_matches, is_glob
from mxgw_notebook.live import ActiveAlarm
from mxgw_notebook.words import ACKNOWLEDGED, ALARM_STATES, CLEARED, UNACKNOWLEDGED, UNKNOWN_STATE

SHORT = {"unacked": UNACKNOWLEDGED, "acked": ACKNOWLEDGED, "cleared": CLEARED, "unknown": UNKNOWN_STATE}
LEAST, MOST = 1, 999


@dataclass(frozen=True, slots=True)
class AlarmFilter:
    """Conditions that all have to hold; an empty one always does.

    `area` is a glob or a part of the area's name. `min_severity` is the least urgent that is let through:
    severities run from 1, the most urgent, to 999, so 500 lets 1 to 500 through. `state` is unacknowledged,
    acknowledged, cleared unacknowledged or state unknown (unacked, acked, cleared, unknown for short). `text`
    are words that all stand in reference, description, operator or comment. Nothing goes by case.
    """

    area: str = ""
    min_severity: int | None = None
    state: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        if self.state and self.full_state not in ALARM_STATES:
            message = f"{self.state!r} is not a state of an alarm"
            raise ConfigurationError(message, hint=f"There are {', '.join(ALARM_STATES)}.")
        if self.min_severity is not None and not LEAST <= self.min_severity <= MOST:
            raise ConfigurationError(
                f"{self.min_severity} is not a severity", hint="They run from 1, the most urgent, to 999."
            )

    @property
    def full_state(self) -> str:
        """The state in full."""
        return SHORT.get(self.state.lower(), self.state.lower())

    def __bool__(self) -> bool:
        return bool(self.area or self.min_severity is not None or self.state or self.text)

    @property
    def in_words(self) -> str:
        """Which transitions it lets through, in words; empty for all."""
        urgent = "" if self.min_severity is None else f"severity 1 to {self.min_severity}"
        named = (f"area {self.area}" if self.area else "", urgent, f"text {self.text!r}" if self.text else "")
        return ", ".join(filter(None, named))

    def accepts(self, alarm: ActiveAlarm) -> bool:
        """Whether an alarm on the board is let through."""
        record = alarm.record
        if self.state and alarm.state != self.full_state:
            return False
        texts = (record.reference, record.description, record.operator, record.comment)
        return self._accepts(record.area, record.severity, texts)

    def narrowed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of a history or of occurrences that are let through; the state does not matter there."""
        if not self:
            return frame
        texts = zip(
            *(frame[name] for name in ("reference", "description", "operator", "comment")), strict=True
        )
        rows = zip(frame["area"], frame["severity"], texts, strict=True)
        chosen = [self._accepts(str(area), severity, words) for area, severity, words in rows]
        return frame[pd.Series(chosen, index=frame.index, dtype="bool")].reset_index(drop=True)

    def _accepts(self, area: str, severity: int, texts: tuple[str, ...]) -> bool:
        if self.min_severity is not None and severity > self.min_severity:
            return False
        if not self.in_area(area):
            return False
        joined = "\n".join(texts).lower()
        return all(word in joined for word in self.text.lower().split())

    def in_area(self, area: str) -> bool:
        """Whether the area is one of those that are let through."""
        if is_glob(self.area):
            return bool(glob_matches(self.area, [area]))
        return folded(self.area) in folded(area)
