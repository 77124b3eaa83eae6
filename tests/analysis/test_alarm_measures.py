"""The measures of generated logs against plain loops over the transitions, written from their definitions."""

from __future__ import annotations

import statistics
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.analysis.alarm_contributors import top_contributors
from mxgw_notebook.analysis.alarm_nuisance import fleeting_alarms
from mxgw_notebook.analysis.alarm_priorities import priority_distribution
from mxgw_notebook.analysis.alarm_rates import alarm_rate, daily_alarm_rate
from mxgw_notebook.analysis.alarm_responses import acknowledged_without_action, times_to_acknowledge
from mxgw_notebook.analysis.alarm_standing import stale_alarms, standing_alarms
from tests.analysis.cases import CASES, MOMENTS, Case, Made, column, grouped
from tests.analysis.logs import at

DAY = 86_400
PRIORITIES = {"critical": 249, "high": 499, "medium": 749, "low": 999}


def priority(severity: int) -> str:
    if severity < 1:
        return "unknown"
    return next((word for word, last in PRIORITIES.items() if severity <= last), "unknown")


# ------------------------------------------------------------------ load


@pytest.mark.parametrize(
    ("rate", "width", "bands"), [(alarm_rate, 600, (1, 2, 10)), (daily_alarm_rate, DAY, (150, 300, 1500))]
)
@given(CASES, st.sampled_from([0.05, 0.5, 1, 2]))
def test_rates(rate: Any, width: int, bands: tuple[int, ...], case: Case, operators: float) -> None:
    frame = rate(case.episodes, operators=operators, **case.span)
    (start, end), times = case.window, [one["raised"] for one in case.raised]
    words = ["very likely acceptable", "manageable", "likely over-demanding", "very likely unacceptable"]
    expected = []
    if start:
        outside = case.span["end"] is not None and end > start
        for begin in range(start - start % width, end + 1 - outside, width):
            count = sum(begin <= time < begin + width for time in times)
            judged: str | None = words[sum(count / operators > most for most in bands)]
            if judged != words[-1] and case.is_unseen(begin, begin + width):
                judged = None
            expected.append((begin, count, count / operators, judged))
    found = [column(frame, name) for name in ("start", "alarms", "per_operator", "band")]
    assert list(zip(*found, strict=True)) == expected


@given(CASES, st.sampled_from(["reference", "area", "tag"]), st.integers(1, 4))
def test_top_contributors(case: Case, by: str, most: int) -> None:
    frame = top_contributors(case.episodes, most, by=by, **case.span)
    # Sorting keeps the order of the first raise among equals.
    groups = sorted(grouped(case.raised, by).items(), key=lambda group: -len(group[1]))[:most]
    counts = [len(group) for _, group in groups]
    assert column(frame, by) == [name for name, _ in groups]
    assert column(frame, "alarms") == counts
    shares = [count / len(case.raised) for count in counts]
    assert column(frame, "share") == pytest.approx(shares)
    assert column(frame, "cumulative") == pytest.approx([sum(shares[: k + 1]) for k in range(len(shares))])
    if by == "reference":
        assert column(frame, "tag") == [group[0]["tag"] for _, group in groups]
        assert column(frame, "area") == [group[0]["area"] for _, group in groups]


@given(CASES)
def test_priority_distribution(case: Case) -> None:
    frame = priority_distribution(case.episodes, **case.span)
    counts = dict.fromkeys(PRIORITIES, 0)
    for one in case.raised:
        word = priority(one["severity"])
        counts[word] = counts.get(word, 0) + 1
    assert dict(zip(frame["priority"], frame["alarms"], strict=True)) == counts
    total = len(case.raised)
    assert column(frame, "share") == [count / total if total else None for count in counts.values()]


# ------------------------------------------------------------------ nuisance


@given(CASES, st.sampled_from([0, 10, 1000]))
def test_fleeting_alarms(case: Case, seconds: int) -> None:
    frame = fleeting_alarms(case.episodes, shorter_than=f"{seconds}s", **case.span)
    groups = grouped(case.raised, "reference")
    fleeting: dict[str, list[int]] = {}
    for one in case.raised:
        group = groups[one["reference"]]
        runs = [group[k : k + 3] for k in range(len(group) - 2)]
        chattering = any(
            run[2]["raised"] - run[0]["raised"] <= 60 and any(one is other for other in run) for run in runs
        )
        if not chattering and one["lasted"] is not None and one["lasted"] <= seconds:
            fleeting.setdefault(one["reference"], []).append(one["lasted"])
    expected = [
        (name, groups[name][0]["tag"], groups[name][0]["area"], len(lasted), len(groups[name]),
         len(lasted) / len(groups[name]), statistics.median(lasted))
        for name, lasted in sorted(fleeting.items(), key=lambda found: -len(found[1]))
    ]  # fmt: skip
    names = ("reference", "tag", "area", "fleeting", "alarms", "share", "median")
    assert list(zip(*(column(frame, name) for name in names), strict=True)) == expected


# ------------------------------------------------------------------ standing


def known_to_stand(one: Made, moment: int) -> bool:
    """Not cleared, or later, or listed since; whose clear nobody saw, or not when, counts as gone."""
    if one["state"] == "state unknown":
        return True
    if one["is_cleared"]:
        return one["cleared"] is not None and one["cleared"] > moment
    return not one["lost"]


@given(CASES, MOMENTS)
def test_standing_alarms(case: Case, moment: int | None) -> None:
    asked = None if moment is None else at(moment * case.scale)
    frame = standing_alarms(case.episodes, at=asked)
    case.span = {"start": None, "end": None}
    now = case.window[1] if asked is None else int(asked.timestamp())
    stood: dict[str, int | None] = {}
    for name, group in grouped(case.made, "reference").items():
        standing = [
            one
            for one in group
            if known_to_stand(one, now) and (one["raised"] is None or one["raised"] <= now)
        ]
        if standing:
            ages = [now - one["raised"] for one in standing if one["raised"] is not None]
            stood[name] = max(ages, default=None)
    assert dict(zip(frame["reference"], column(frame, "age"), strict=True)) == stood
    assert len(frame) == len(stood)
    oldest = [age for age in column(frame, "age") if age is not None]
    assert [float(age.expected) for age in oldest] == sorted(
        (float(age.expected) for age in oldest), reverse=True
    )
    assert all(frame["age"].isna()[len(oldest) :])


@given(CASES, MOMENTS)
def test_stale_alarms(case: Case, moment: int | None) -> None:
    asked = None if moment is None else at(moment * case.scale)
    frame = stale_alarms(case.episodes, at=asked)
    case.span = {"start": None, "end": None}
    now = case.window[1] if asked is None else int(asked.timestamp())
    stale = []
    for one in case.made:
        listed = one["state"] == "state unknown"
        unseen = one["lost"] or (one["is_cleared"] and one["cleared"] is None and not listed)
        if one["raised"] is None or unseen:
            continue
        until = min(one["cleared"], now) if one["cleared"] is not None else now
        if until - one["raised"] > DAY:
            stale.append((one["reference"], one["raised"], until - one["raised"]))
    stale.sort(key=lambda found: -found[2])
    names = ("reference", "raised", "age")
    assert list(zip(*(column(frame, name) for name in names), strict=True)) == stale


# ------------------------------------------------------------------ answers


@given(CASES, st.sampled_from(["priority", "area"]))
def test_times_to_acknowledge(case: Case, by: str) -> None:
    frame = times_to_acknowledge(case.episodes, by=by, **case.span)
    for one in case.raised:
        one["priority"] = priority(one["severity"])
    groups = grouped(case.raised, by)
    expected = []
    for name in [name for name in (*PRIORITIES, "unknown", "North", "South") if name in groups]:
        group = groups[name]
        times = sorted(one["answered_after"] for one in group if one["answered_after"] is not None)
        answered = sum(
            one["acknowledged"] is not None or one["state"] in ("acknowledged", "over") for one in group
        )
        waiting = sum(one["state"] in ("unacknowledged", "cleared unacknowledged") for one in group)
        figures: list[float | None] = [None, None, None]
        if times:
            p90 = statistics.quantiles(times * (1 if len(times) > 1 else 2), n=10, method="inclusive")[8]
            figures = [statistics.median(times), p90, times[-1]]
        expected.append((name, len(group), answered, waiting, *figures))
    names = (by, "alarms", "acknowledged", "waiting", "median", "p90", "longest")
    assert list(zip(*(column(frame, name) for name in names), strict=True)) == expected


# Which occurrence an action is near, how many steps after its raise, to what, and whether it was taken.
ACTIONS = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.one_of(st.integers(0, 2), st.integers(-3, 25)),
        st.sampled_from(["{}.Cmd", "{}.Cmd.Low", "{}.Hi.AckMsg", "A{}.Cmd"]),
        st.booleans(),
    ),
    max_size=6,
)


@given(CASES, ACTIONS)
def test_acknowledged_without_action(case: Case, drawn: list[tuple[int, int, str, bool]]) -> None:
    done = []
    for place, steps, tag, taken in drawn if case.raised else []:
        near = case.raised[place % len(case.raised)]
        done.append((near["raised"] + steps * case.scale, tag.format(near["reference"]), taken))
    actions = pd.DataFrame(
        {
            "time": pd.to_datetime([time for time, _, _ in done], unit="s", utc=True),
            "tag": pd.Series([tag for _, tag, _ in done], dtype="str"),
            "taken": pd.Series([taken for _, _, taken in done], dtype="bool"),
        }
    )
    frame = acknowledged_without_action(case.episodes, actions, **case.span)
    alone = acknowledged_without_action(case.episodes, **case.span)
    idle, kept = [], []
    for one in case.raised:
        if one["acknowledged"] is None or one["acknowledged"] + 600 > case.window[1]:
            continue
        due, object_name = one["acknowledged"] + 600, one["reference"]
        acted = any(
            taken and tag in (f"{object_name}.Cmd", f"{object_name}.Cmd.Low") and one["raised"] <= time <= due
            for time, tag, taken in done
        )
        if known_to_stand(one, due):
            row = (one["reference"], one["raised"], one["acknowledged"], one["cleared"], one["operator"])
            idle.append(row)
            kept += [] if acted else [row]
    names = ("reference", "raised", "acknowledged", "cleared", "operator")
    assert list(zip(*(column(alone, name) for name in names), strict=True)) == idle
    assert list(zip(*(column(frame, name) for name in names), strict=True)) == kept
