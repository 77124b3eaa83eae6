"""Occurrences as a plain loop finds them in generated logs: slow, and easily seen to be right."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import strategies as st

from tests.analysis.logs import at

KINDS = ["raise", "acknowledge", "clear", "retrigger", "91"]
ROW = st.tuples(
    st.one_of(st.none(), st.integers(-50, 50)),
    st.sampled_from("ABC"),
    st.sampled_from(KINDS),
    st.fixed_dictionaries(
        {
            "raised": st.one_of(st.just(pd.NaT), st.integers(-90, -60).map(at)),
            "value": st.one_of(st.none(), st.integers(0, 9), st.just("text"), st.booleans()),
            "limit": st.one_of(st.none(), st.integers(3, 6)),
            "operator": st.sampled_from(["", "jdoe", "asmith"]),
        }
    ),
)


def slowly(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The same occurrences, one transition after the other, as one would do it by hand."""
    times = [time for time in frame["time"] if not pd.isna(time)]
    if times == sorted(times, reverse=True) and len(set(times)) > 1:
        frame = frame.iloc[::-1]
    latest: dict[str, dict[str, Any]] = {}
    made: list[dict[str, Any]] = []
    for row in frame.to_dict("records"):
        kind, name = row["transition"], row["reference"]
        now = latest.get(name)
        if kind not in KINDS[:4]:
            if now is not None and row["origin"] in ("snapshot", "reconciled"):
                now["listed_unknown"] = True
            continue
        if kind == "acknowledge":
            for earlier in made:
                if earlier["reference"] == name:
                    earlier["seen_by_operator"] = True
        over = now is not None and now["is_cleared"]
        if now is None or kind == "raise" or (over and kind in ("retrigger", "clear")):
            if now is not None:
                now["lost"] = not now["is_cleared"]
                now["listed_unknown"] = False  # what was listed is over, or another raise would not come
            rising = kind in ("raise", "retrigger")
            own = row["time"] if rising and not pd.isna(row["time"]) else row["raised"]
            now = {
                "reference": name, "raised": own, "acknowledged": pd.NaT, "cleared": pd.NaT, "operator": "",
                "retriggers": 0, "transitions": 0, "values": [], "limit": row["limit"], "value": row["value"],
                "is_cleared": False, "was_acknowledged": False, "seen_by_operator": False, "lost": False,
                "listed_unknown": False, "first": row,
            }  # fmt: skip
            latest[name] = now
            made.append(now)
        elif kind == "retrigger":
            now["retriggers"] += 1
            now["seen_by_operator"] = False
        now["transitions"] += 1
        now["listed_unknown"] = False
        if is_number(row["value"]):
            now["values"].append(float(row["value"]))
        if kind == "acknowledge":
            now["seen_by_operator"] = True
            if not now["was_acknowledged"]:
                now.update(acknowledged=row["time"], operator=row["operator"], was_acknowledged=True)
        if kind == "clear":
            now.update(cleared=row["time"], is_cleared=True)
    return made


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not pd.isna(value)


def state_of(episode: dict[str, Any]) -> str:
    if episode["lost"]:
        return "clear not seen"
    if episode["listed_unknown"]:
        return "state unknown"
    if episode["seen_by_operator"]:
        return "over" if episode["is_cleared"] else "acknowledged"
    return "cleared unacknowledged" if episode["is_cleared"] else "unacknowledged"


def peak_of(episode: dict[str, Any]) -> float | None:
    """The logs' alarms are high ones."""
    return max(episode["values"], default=None)
