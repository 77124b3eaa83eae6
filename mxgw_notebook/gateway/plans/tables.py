"""A plan as tables: its lines before it is applied, and what became of them, judged by what was read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from mxgw_notebook.client import Written
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.frames import aware
from mxgw_notebook.gateway.plans.line import Facts, Line, is_missing_time, same
from mxgw_notebook.gateway.whole_table import WholeTable

NOT_READ_BACK = GatewayError("It was not read back")
NEVER = 'a time that means "never" was to be written, and all of them read alike'
AS_WANTED, DIFFERS, NOT_WRITTEN, UNKNOWN = "as wanted", "differs", "not written", "unknown"


def table_of(plant: str, lines: Sequence[Line]) -> pd.DataFrame:
    """One row a line, in their order."""
    columns = {
        "plant": [plant for _ in lines],
        "tag": [line.tag for line in lines],
        "now": pd.Series([aware(line.facts.value) for line in lines], dtype=object),
        "quality": [line.facts.quality for line in lines],
        "new": pd.Series([aware(line.new) for line in lines], dtype=object),
        "change": pd.Series([line.change for line in lines], dtype="float64"),
        "units": [line.facts.units for line in lines],
        "type": [kind_of(line.facts) for line in lines],
        "security": [line.facts.security for line in lines],
        "bounds": [", ".join(map(str, line.facts.bounds)) for line in lines],
        "verdict": [str(line.verdict) for line in lines],
        "reason": [line.reason for line in lines],
    }
    frame = WholeTable(columns)
    frame.attrs = {"plant": plant}
    return frame


def outcomes_of(
    plant: str, going: Sequence[Line], written: Sequence[Written], back: Mapping[str, Any]
) -> pd.DataFrame:
    """Was, wanted, is: one row a line."""
    rows = []
    for line, one in zip(going, written, strict=True):
        value = back[line.tag]
        is_known = not isinstance(value, GatewayError)
        untold = value.reason if not is_known else NEVER if is_untold_time(line, value) else ""
        reason = "; ".join(filter(None, (one.failure, untold)))
        rows.append(
            {
                "plant": plant,
                "tag": line.tag,
                "was": aware(line.facts.value),
                "wanted": aware(line.new),
                "is": aware(value) if is_known else None,
                "outcome": one.outcome,
                "verdict": judged(one, line, value) if is_known else UNKNOWN,
                "reason": reason,
            }
        )
    frame = WholeTable(rows, dtype=object)
    frame.attrs = {"plant": plant}
    return frame


def is_untold_time(line: Line, value: Any) -> bool:
    """Whether a "never" was to be written and one was read: nobody can say that it is the same one."""
    return is_missing_time(line.new) and is_missing_time(value)


def judged(one: Written, line: Line, value: Any) -> str:
    """What the value that was read back says of the write."""
    if one.outcome == "refused":
        return NOT_WRITTEN
    if is_untold_time(line, value):
        return UNKNOWN
    if same(value, line.new):
        return AS_WANTED
    return DIFFERS if one.outcome == "completed" else UNKNOWN


def kind_of(facts: Facts) -> str:
    """A type in a word: Double, or Double[] of an array."""
    kind = facts.kind
    if kind is None:
        return ""
    name = kind.data_type or kind.name or ""
    return f"{name.title() if name.isupper() else name}{'[]' if kind.is_array else ''}"
