"""What a table of values asks of the layer that writes for it: plain data, no gateway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class WriteOutcome:
    """What came of a write: `state` is `done`, `refused` (certainly not written) or `unknown`; and why."""

    state: str
    words: str


Told = Callable[[WriteOutcome], None]


@dataclass(frozen=True)
class PlannedValue:
    """The line of a plan as a person reads it; `verdict` and `reason` say what speaks against it."""

    now: str
    new: str
    units: str
    verdict: str
    reason: str
    # Applies it once; returns at once, and tells the outcome on any thread.
    apply: Callable[[Told], None]


class ValueWrites(Protocol):
    """Who plans the writes of a table; every call is cheap and safe on any thread."""

    def propose(self, tag: str, text: str, done: Callable[[PlannedValue | WriteOutcome], None]) -> None:
        """Plans to write what was typed; returns at once. Nothing is written.

        `done` hears of the plan, or why there is none that can be applied, on any thread.
        """
