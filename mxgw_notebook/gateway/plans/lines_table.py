"""A plan's lines as a table, as they are before anything is written."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mxgw_notebook.frames import aware
from mxgw_notebook.gateway.plans.line import Facts, Line
from mxgw_notebook.gateway.whole_table import WholeTable


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


def kind_of(facts: Facts) -> str:
    """A type in a word: Double, or Double[] of an array."""
    kind = facts.kind
    if kind is None:
        return ""
    name = kind.data_type or kind.name or ""
    return f"{name.title() if name.isupper() else name}{'[]' if kind.is_array else ''}"
