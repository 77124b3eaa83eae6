"""Generated logs with their occurrences as a plain loop finds them, in seconds since 1970."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import strategies as st

from mxgw_notebook.analysis.alarm_episodes import alarm_episodes
from tests.analysis.logs import at, log
from tests.analysis.occurrences import ROW, slowly, state_of

Made = dict[str, Any]
AREAS = {"A": "North", "B": "South", "C": "North"}
FURTHER = st.fixed_dictionaries(
    {
        "severity": st.sampled_from([0, 1, 249, 250, 499, 500, 749, 750, 999, 5000]),
        "origin": st.sampled_from(["", "", "", "snapshot", "reconciled"]),
    }
)


@dataclass
class Case:
    """A log with its occurrences, by the toolkit and by hand, and the window that is asked for."""

    episodes: pd.DataFrame
    made: list[Made]
    span: dict[str, Any]
    scale: int

    @property
    def window(self) -> tuple[int, int]:
        """From the first raise seen to the last event, unless told; a told end is outside."""
        names = ("raised", "acknowledged", "cleared")
        events = [one[name] for one in self.made for name in names if one[name] is not None]
        seen = [
            one["raised"] for one in self.made if one["raised"] is not None and one["origin"] != "snapshot"
        ]
        start, end = (second_of(self.span[name]) for name in ("start", "end"))
        others = [
            one[name]
            for one in self.made
            for name in names[1:]
            if one[name] is not None and one["origin"] != "snapshot"
        ]
        if start is None:
            start = min(seen or others, default=max(events, default=0))
        if start == 0:
            return 0, 0
        if end is None:
            end = max(events, default=start)
        return start, max(start, end)

    @property
    def seen(self) -> list[int]:
        """When anything happened that the log was there to tell of, by time."""
        return sorted(
            one[name]
            for one in self.made
            for name in ("raised", "acknowledged", "cleared")
            if one[name] is not None and (name != "raised" or one["origin"] != "snapshot")
        )

    @property
    def seen_until(self) -> int:
        """The end of the window, or of what the log's own events bear out of it."""
        begin, stop = self.window
        if not self.is_unseen(stop - 1, stop):
            return stop
        reaches = bool(self.seen) and self.seen[0] < stop and self.span["end"] is not None
        return max(self.seen[-1], begin) if reaches else begin

    def is_unseen(self, start: int, end: int) -> bool:
        """Whether a stretch reaches into what the log's own events do not bear out of the window."""
        (begin, stop), seen = self.window, self.seen
        if stop <= begin or not seen:
            return stop - begin > 86_400
        quiet = max([86_400, *(2 * (after - before) for before, after in pairwise(seen))])
        before = seen[0] - begin > quiet and start < min(seen[0], stop)
        told = self.span["end"] is not None  # else it is the last event's own
        return bool(before or (told and stop - seen[-1] > quiet and end > max(seen[-1], begin)))

    @property
    def raised(self) -> list[Made]:
        """What was raised in the window, by time."""
        start, end = self.window
        open_end = self.span["end"] is not None and end > start
        inside = [
            one for one in self.made if one["raised"] is not None and start <= one["raised"] <= end - open_end
        ]
        return sorted(inside, key=lambda one: int(one["raised"]))


def case(rows: list[tuple[Any, Any]], scale: int, start: int | None, length: int | None) -> Case:
    """Seconds are stretched, so that minutes and days pass between transitions."""
    stretched = [
        (None if time is None else time * scale, name, kind,
         {**known, **more, "tag": f"{name}.Hi", "area": AREAS[name]})
        for (time, name, kind, known), more in rows
    ]  # fmt: skip
    frame = log(*stretched)
    begin = None if start is None else at(start * scale)
    end = None if length is None else at(((start or 0) + length) * scale)
    return Case(alarm_episodes(frame), occurrences(frame), {"start": begin, "end": end}, scale)


def orderly(lives: list[tuple[str, int, int | None, int | None, Any]]) -> list[tuple[Any, Any]]:
    """The rows of alarms that are raised, acknowledged and cleared so much later, in the order of time."""
    rows = []
    for name, begin, answered, lasted, more in lives:
        told = {"raised": pd.NaT, "operator": "jdoe"}
        for kind, after in (("raise", 0), ("acknowledge", answered), ("clear", lasted)):
            if after is not None:
                rows.append(((begin + after, name, kind, told), more))
    return sorted(rows, key=lambda row: row[0][0])


LATER = st.one_of(st.none(), st.integers(0, 20))
LIVES = st.lists(
    st.tuples(st.sampled_from("ABC"), st.integers(-50, 50), LATER, LATER, FURTHER), min_size=1, max_size=8
)
CASES = st.builds(
    case,
    # As they come from a calm plant, and as they never should.
    st.one_of(LIVES.map(orderly), st.lists(st.tuples(ROW, FURTHER), max_size=30)),
    st.sampled_from([1, 30, 600, 7200]),
    st.one_of(st.none(), st.integers(-60, 30)),
    st.one_of(st.none(), st.integers(0, 60)),
)
MOMENTS = st.one_of(st.none(), st.integers(-100, 60))


def second_of(moment: Any) -> int | None:
    return None if moment is None or pd.isna(moment) else int(moment.timestamp())


def occurrences(frame: pd.DataFrame) -> list[Made]:
    """The plain loop's occurrences with their times as seconds since 1970, None where unknown."""
    made = slowly(frame)
    for one in made:
        one["state"] = state_of(one)
        one.update({name: second_of(one[name]) for name in ("raised", "acknowledged", "cleared")})
        one.update({name: one["first"][name] for name in ("tag", "area", "severity", "origin")})
        one["answered_after"] = lapse(one["raised"], one["acknowledged"])
        one["lasted"] = lapse(one["raised"], one["cleared"])
    return made


def lapse(begin: int | None, end: int | None) -> int | None:
    return None if begin is None or end is None or end < begin else end - begin


def grouped(made: list[Made], name: str) -> dict[str, list[Made]]:
    groups: dict[str, list[Made]] = {}
    for one in made:
        groups.setdefault(one[name], []).append(one)
    return groups


def column(frame: pd.DataFrame, name: str) -> list[Any]:
    """A column with times as seconds since 1970, lengths as seconds, and None for what is not known."""
    plain: list[Any] = []
    for value in frame[name]:
        if pd.isna(value):
            plain.append(None)
        elif isinstance(value, pd.Timestamp):
            plain.append(second_of(value))
        elif isinstance(value, pd.Timedelta):
            plain.append(pytest.approx(value.total_seconds(), abs=1e-6))
        else:
            plain.append(value)
    return plain
