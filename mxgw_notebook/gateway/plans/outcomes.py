"""What became of a plan's writes, each judged by the value that was read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from mxgw_notebook.client import Written
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.gateway.plans.line import Line, same
from mxgw_notebook.gateway.whole_table import WholeTable

NOT_READ_BACK = GatewayError("It was not read back")
AS_WANTED, DIFFERS, NOT_WRITTEN, UNKNOWN = "as wanted", "differs", "not written", "unknown"


def outcomes_of(
    plant: str, going: Sequence[Line], written: Sequence[Written], back: Mapping[str, Any]
) -> pd.DataFrame:
    """Was, wanted, is: one row a line."""
    rows = []
    for line, one in zip(going, written, strict=True):
        value = back[line.tag]
        is_known = not isinstance(value, GatewayError)
        reason = one.failure if is_known else "; ".join(filter(None, (one.failure, value.reason)))
        rows.append(
            {
                "plant": plant,
                "tag": line.tag,
                "was": line.facts.value,
                "wanted": line.new,
                "is": value if is_known else None,
                "outcome": one.outcome,
                "verdict": judged(one, line, value) if is_known else UNKNOWN,
                "reason": reason,
            }
        )
    frame = WholeTable(rows, dtype=object)
    frame.attrs = {"plant": plant}
    return frame


def judged(one: Written, line: Line, value: Any) -> str:
    """What the value that was read back says of the write."""
    if one.outcome == "refused":
        return NOT_WRITTEN
    if same(value, line.new):
        return AS_WANTED
    return DIFFERS if one.outcome == "completed" else UNKNOWN
