"""What a trend's views ask for: checked, bounded, and served by the ticker."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ANSWERED = {"window", "save", "measure", "overlay"}
KINDS = {*ANSWERED, "brush", "clear", "add", "remove", "scale", "note", "lay", "xy"}
# Of these only the last one counts: the earlier are outdated before they are served.
OVERTAKEN = ("window", "measure", "overlay")
# A view asks as fast as a person moves the mouse; older wishes for a window are outdated anyway.
MOST_WISHES = 32
LONGEST_TAG = 329  # generously
LONGEST_NOTE = 1_000
# Of the two names of an XY view: in no tag is there a line's end.
XY_BETWEEN = "\n"
LONGEST_ZONE = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish. Times are epoch milliseconds, `number` comes back with the answer, `zone` is the page's."""

    kind: str
    start_ms: float = 0.0
    end_ms: float = 0.0
    text: str = ""
    number: int = 0
    zone: str = ""


class Wishes:
    """The wishes not served yet. A page can send anything: what makes no sense is not noted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Wish] = deque(maxlen=MOST_WISHES)

    def note(self, content: Mapping[Any, Any]) -> bool:
        """Whether a message is a wish."""
        kind = content.get("kind")
        if not isinstance(kind, str) or kind not in KINDS:
            return False
        text = content.get("text", "")
        longest = LONGEST_NOTE if kind in ("note", "xy") else LONGEST_TAG
        text = text.strip()[:longest] if isinstance(text, str) else ""
        start, end, number = (moment(content.get(name)) for name in ("from_ms", "to_ms", "request"))
        zone = content.get("zone", "")
        told = zone[:LONGEST_ZONE] if isinstance(zone, str) else ""
        wish = Wish(kind, start, end, text, int(number), told)
        if kind in ("add", "remove", "note") and not text:
            return False
        with self._lock:
            self._waiting.append(wish)
        return True

    def take(self) -> list[Wish]:
        """The wishes since the last call; of each kind that is overtaken only the last."""
        with self._lock:
            taken = list(self._waiting)
            self._waiting.clear()
        newest = {wish.kind: wish for wish in taken}
        return [wish for wish in taken if wish.kind not in OVERTAKEN or wish is newest[wish.kind]]


def moment(value: object) -> float:
    """A finite number, 0 for anything else."""
    plain = isinstance(value, int | float) and math.isfinite(value)
    return float(value) if plain else 0.0  # type: ignore[arg-type]
