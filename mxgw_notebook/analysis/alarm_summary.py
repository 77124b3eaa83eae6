"""A review's figures beside the benchmarks of EEMUA 191 and ISA-18.2."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mxgw_notebook.analysis.alarm_floods import share_in_flood
from mxgw_notebook.analysis.alarm_window import ReviewWindow


def summary_of(measures: Mapping[str, pd.DataFrame], window: ReviewWindow, operators: float) -> pd.DataFrame:
    """One row a figure: `measure`, `value`, `benchmark`, `met` (bool; None where none is asked for)."""
    rate, priorities = measures["rate"], measures["priorities"]
    alarms = int(rate["alarms"].sum())
    hours = window.length / pd.Timedelta(hours=1)
    per_10_minutes = alarms / operators / max(hours * 6, 1)
    over = float((rate["per_operator"] > 10).mean()) if len(rate) else 0.0
    flooded = share_in_flood(measures["floods"], window)
    top = float(measures["contributors"]["share"].sum())
    low, idle = float(priorities["share"].fillna(1.0).iloc[-1]), len(measures["without_action"])
    rows: list[tuple[str, str, str, bool | None]] = [
        ("alarms", f"{alarms:,}", "", None),
        ("hours reviewed", f"{hours:,.1f}", "", None),
        ("alarms per 10 minutes and operator", f"{per_10_minutes:.2f}", "about 1", per_10_minutes <= 1),
        ("most in 10 minutes", f"{most_of(rate):g}", "at most 10", most_of(rate) <= 10),
        ("10-minute intervals with more than 10", f"{over:.1%}", "less than 1 %", over < 0.01),
        ("floods", f"{len(measures['floods'])}", "", None),
        ("time in flood", f"{flooded:.1%}", "less than 1 %", flooded < 0.01),
        ("share of the ten most frequent", f"{top:.0%}", "at most 5 %", top <= 0.05),
        ("chattering alarms", f"{len(measures['chattering'])}", "none", len(measures["chattering"]) == 0),
        ("fleeting alarms", f"{len(measures['fleeting'])}", "none", len(measures["fleeting"]) == 0),
        ("stale alarms", f"{len(measures['stale'])}", "fewer than 5 a day", len(measures["stale"]) < 5),
        ("alarms standing at the end", f"{len(measures['standing'])}", "", None),
        ("low priority", f"{low:.0%}", "about 80 %", low >= 0.75),
        ("acknowledged without action", f"{idle}", "none", idle == 0),
    ]
    frame = pd.DataFrame(rows, columns=["measure", "value", "benchmark", "met"])
    return frame.astype({"measure": "str", "value": "str", "benchmark": "str", "met": object})


def most_of(rate: pd.DataFrame) -> float:
    """The most alarms an operator had in one interval."""
    return float(rate["per_operator"].max()) if len(rate) else 0.0
