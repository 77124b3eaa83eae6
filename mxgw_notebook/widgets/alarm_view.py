"""What a person chose to see of an alarm table: filters and order, applied here as the browser does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mxgw_notebook.widgets.sources import AlarmRow
from mxgw_notebook.words import ACKNOWLEDGED, UNKNOWN_STATE, WAITING_STATES

TEXTS = ("reference", "tag", "area", "description", "kind", "operator", "comment")
SORTED = (
    *("severity", "state", "tag", "description", "value", "limit", "raised_ms", "changed_ms"),
    *("area", "kind", "comment"),
)
RANGE = re.compile(r"^\s*(?:(<=|>=|<|>)\s*(\d+)|(\d+)\s*-\s*(\d+)|(\d+))\s*$")
RANKS = dict.fromkeys(WAITING_STATES, 0) | {UNKNOWN_STATE: 1, ACKNOWLEDGED: 2}
LAST = float("inf")


@dataclass(frozen=True)
class AlarmView:
    """`search` are words that all occur somewhere in a row, `state` one state alone.

    `columns` maps a column to what is typed below its heading: a part of its text, and for `severity` a
    number or a range (`300`, `<=300`, `100-300`). `sort` is a column; by `state` is by urgency.
    """

    search: str = ""
    state: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    sort: str = "state"
    descending: bool = False

    @classmethod
    def of(cls, content: Mapping[str, object]) -> AlarmView:
        """The view that a browser tells of; whatever is not understood is left out."""
        columns, state, sort = content.get("columns"), content.get("state"), content.get("sort")
        known = columns.items() if isinstance(columns, Mapping) else ()
        return cls(
            search=text_of(content.get("search")),
            state=state if isinstance(state, str) else None,
            columns={name: text_of(words) for name, words in known if name in SORTED and text_of(words)},
            sort=sort if sort in SORTED else "state",
            descending=content.get("descending") is True,
        )

    def rows(self, rows: Iterable[AlarmRow]) -> list[AlarmRow]:
        """The rows that are let through, in the view's order."""
        # By urgency first, whatever the column: sorting is stable, so rows that are alike in it stay in this
        # order.
        found = sorted((row for row in rows if self.accepts(row)), key=urgency)
        if self.sort == "state":
            return found[::-1] if self.descending else found
        return sorted(found, key=sorter(self.sort), reverse=self.descending)

    def accepts(self, row: AlarmRow) -> bool:
        """Whether a row is let through."""
        if self.state and row.state != self.state:
            return False
        joined = "\n".join(getattr(row, name) for name in TEXTS).lower()
        if not all(word in joined for word in self.search.lower().split()):
            return False
        return all(fits(row, name, words) for name, words in self.columns.items())


def text_of(value: object) -> str:
    """A text, or none."""
    return value if isinstance(value, str) else ""


def fits(row: AlarmRow, name: str, words: str) -> bool:
    """Whether one column fits what is typed below its heading."""
    if name == "severity":
        return within(row.severity, words)
    if name == "comment":
        return words.lower() in f"{row.operator} {row.comment}".lower()
    return words.lower() in str(getattr(row, name)).lower()


def within(number: int, words: str) -> bool:
    """Whether a number lies in a range such as 300, <=300 or 100-300; a range that is none lets all
    through."""
    found = RANGE.match(words)
    if found is None:
        return True
    sign, bound, low, high, exact = found.groups()
    compare: dict[str, Callable[[int, int], bool]] = {
        "<=": int.__le__, ">=": int.__ge__, "<": int.__lt__, ">": int.__gt__,
    }  # fmt: skip
    if sign:
        return compare[sign](number, int(bound))
    return int(low) <= number <= int(high) if low else number == int(exact)


def urgency(row: AlarmRow) -> tuple[int, int, float, str]:
    """What waits for an acknowledgement first, then the most urgent, then the newest."""
    return RANKS.get(row.state, 3), row.severity, -(row.raised_ms or 0.0), row.reference


def sorter(name: str) -> Callable[[AlarmRow], Any]:
    """The key of one column: texts without regard to case, times that are not known last."""

    def key(row: AlarmRow) -> Any:
        value = getattr(row, name)
        if name.endswith("_ms"):
            return LAST if value is None else value
        return value.lower() if isinstance(value, str) else value

    return key
