"""Alarms out of service: shelved, suppressed, silenced, disabled or inhibited; and what was written.

ISA-18.2 wants each of them known, with who did it and why, and none longer than it was allowed (second-hand:
ANSI/ISA-18.2-2016, clauses 11 and 16). A log of ours or of the Historian has them as rows of their own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.analysis.alarm_episodes import alarm_episodes
from mxgw_notebook.analysis.alarm_log import OUT_OF_SERVICE, SERVICE_KNOWN, UNKNOWN, WRITE, kind_word, stamps
from mxgw_notebook.analysis.alarm_window import Moment
from mxgw_notebook.analysis.review_period import ReviewPeriod, review_period
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.frames import gives_table, utc

TOLD = ["reference", "tag", "area"]
COLUMNS = [*TOLD, "how", "since", "until", "operator", "reason", "duration", "share"]
ENDS = {end: how for how, end in OUT_OF_SERVICE.items()}


@checks_arguments
@gives_table
def out_of_service(history: pd.DataFrame, *, start: Moment = None, end: Moment = None) -> pd.DataFrame:
    """One row per period in which an alarm was out of service within the window, by its beginning.

    Columns: `reference`, `tag`, `area`, `how` (shelved, suppressed, silenced, disabled, inhibited), `since`
    and `until` (datetime64[ns, UTC]; NaT if the log does not contain it: it began before the log, or still
    lasts), `operator` and `reason` of its beginning, `duration` and `share` (0 to 1) of the window. Some
    sources do not record this. Their log gives no rows, which says nothing about the plant
    (`attrs["recorded"]`).

    Args:
        history: A log of transitions, as from `read_alarm_log`.
        start: The start of the window. Default: the start of the log.
        end: The end of the window. Default: the end of the log.
    """
    return service_in(history, review_period(alarm_episodes(history), start, end))


def service_in(history: pd.DataFrame, period: ReviewPeriod) -> pd.DataFrame:
    """The same of a period; what is out of service is so up to where the log tells anything."""
    window, seen_until = period.window, period.seen_until_ns
    rows = rows_of(history, {*OUT_OF_SERVICE, *ENDS})
    rows["how"] = [ENDS.get(word, word) for word in rows["word"]]
    rows["out"] = rows["word"].isin(list(OUT_OF_SERVICE))
    found: list[dict[str, Any]] = []
    for _, part in rows.groupby(["reference", "how"], sort=False):
        found += stretches([dict(row) for row in part.to_dict("records")])
    frame = pd.DataFrame(found, columns=COLUMNS[:-2])
    since, until = (np.array([one[name] for one in found], np.int64) for name in ("since", "until"))
    begin = np.maximum(np.where(since == UNKNOWN, window.start_ns, since), window.start_ns)
    stop = np.minimum(np.where(until == UNKNOWN, seen_until, until), window.end_ns)
    length = window.end_ns - window.start_ns
    lasted = np.maximum(stop - begin, 0)
    frame = frame.assign(
        since=utc(np.where(since == UNKNOWN, 0, since)),
        until=utc(np.where(until == UNKNOWN, 0, until)),
        duration=lasted.view("timedelta64[ns]"),
        share=lasted / length if length else np.nan,
    )
    touched = (begin <= window.last_ns) & (stop >= window.start_ns)
    frame = frame.astype(dict.fromkeys([*TOLD, "how", "operator", "reason"], "str"))[touched]
    frame = frame.sort_values("since", kind="stable", na_position="first", ignore_index=True)[COLUMNS]
    frame.attrs = {"recorded": bool(len(rows)) or bool(history.attrs.get(SERVICE_KNOWN))}
    return frame


def stretches(rows: list[Any]) -> list[dict[str, Any]]:
    """The stretches of one alarm and one kind; put out of service twice over it is so from the first."""
    found: list[dict[str, Any]] = []
    for row in rows:
        going = bool(found) and found[-1]["until"] == UNKNOWN and not found[-1].get("over")
        if row["out"] and not going:
            found.append({**row, "since": row["at"], "until": UNKNOWN, "reason": row["comment"]})
        elif not row["out"] and going:
            found[-1].update(until=row["at"], over=True)
        elif not row["out"]:
            # Its begin is before the log, and so is whoever did it.
            told = {name: row[name] for name in (*TOLD, "how")}
            found.append(
                {**told, "since": UNKNOWN, "until": row["at"], "operator": "", "reason": "", "over": True}
            )
    return found


def written_in(history: pd.DataFrame) -> pd.DataFrame | None:
    """What operators wrote, by the log: `time`, `tag`, `operator`; None where it has no writes at all."""
    rows = rows_of(history, {WRITE})
    return rows[["time", "tag", "operator"]].reset_index(drop=True) if len(rows) else None


def rows_of(history: pd.DataFrame, words: set[str]) -> pd.DataFrame:
    """The rows of some words, with the word and the time in nanoseconds."""
    plain = history["transition"].map(kind_word).astype("str")
    rows = history[plain.isin(list(words)).to_numpy()]
    absent = {name: "" for name in ("tag", "area", "operator", "comment") if name not in rows}
    rows = rows.assign(**absent)[["time", *TOLD, "operator", "comment"]]
    return rows.assign(word=plain[rows.index], at=stamps(rows["time"])).reset_index(drop=True)
