"""Alarms that are out of service, asked of the alarm attributes themselves: no feed tells of them.

By AVEVA's documentation of the alarm extension (second-hand) every alarm attribute has `AlarmShelved` and
`AlarmInhibit` (Boolean), `AlarmMode` (Enable, Silence or Disable), and of a shelving its `AlarmShelveUser`,
`AlarmShelveNode`, `AlarmShelveReason`, `AlarmShelveStartTime` and `AlarmShelveStopTime`. What a galaxy does
not have of these, or does not answer, is unknown; it is never taken for "in service".

Why: DECISIONS.md, "Out of service is read from the alarm attributes".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.client import GatewayClock, Reading
from mxgw_notebook.frames import utc
from mxgw_notebook.gateway.alarms.reviewed_board import ReviewedBoard
from mxgw_notebook.gateway.alarms.services import AlarmServices
from mxgw_notebook.words import counted, quality_word

Read = Callable[..., Awaitable[Sequence[Reading]]]
Found = Mapping[str, Reading]

SWITCHES = {"AlarmShelved": "shelved", "AlarmInhibit": "inhibited", "Suppressed": "suppressed"}
MODE, MODES = "AlarmMode", {"enable": "", "silence": "silenced", "disable": "disabled"}
ASKED = (*SWITCHES, MODE)
START, STOP = "AlarmShelveStartTime", "AlarmShelveStopTime"
SHELVING = (START, STOP, "AlarmShelveUser", "AlarmShelveNode", "AlarmShelveReason")
TOLD = ("DescAttrName", "Priority")
UNKNOWN = "unknown"
TEXTS = ("reference", "tag", "area", "description", "how", "operator", "node", "reason")
COLUMNS = (
    "reference", "tag", "area", "description", "severity", "how", "since", "until", "operator", "node",
    "reason",
)  # fmt: skip
# What a log calls the end of each, and what it has of one.
BACK = {
    "shelved": "unshelved", "inhibited": "uninhibited", "suppressed": "unsuppressed",
    "silenced": "unsilenced", "disabled": "enabled",
}  # fmt: skip
LOGGED = ("reference", "tag", "area", "description", "severity", "operator")


async def look_for_suppressed(
    reviewed: ReviewedBoard, services: AlarmServices, log: ServiceLog, timeout: float
) -> pd.DataFrame:
    """What `read_suppressed` finds of the alarms that a review lets through; it is noted in the log."""
    board, chosen = reviewed.board, reviewed.chosen
    alarms = await services.attributes()
    alarms = alarms.assign(area=alarms["area"].astype(object).fillna("").astype("str"))
    alarms = with_prefix(alarms, board.prefix)
    alarms = alarms[[chosen.in_area(area) for area in alarms["area"]]]
    found = await read_suppressed(services.read, alarms, timeout=timeout)
    references = {record.tag: record.reference for record in board.account()}
    found["reference"] = pd.Series([references.get(tag, "") for tag in found["tag"]], dtype="str")
    facts = found.attrs
    # The filter's text is sought in a comment, which a reason is here.
    found = chosen.narrowed(found.rename(columns={"reason": "comment"})).rename(columns={"comment": "reason"})
    found.attrs = facts
    log.note(found, pd.Timestamp(services.gateway_now(), tz="UTC"))
    # Nothing tells a table that an alarm on it was put out of service: its list is asked.
    hidden = found.loc[found["how"] != UNKNOWN, "reference"]
    board.ask_of([reference for reference in hidden if board.find(reference)])
    return found


async def read_suppressed(read: Read, alarms: pd.DataFrame, *, timeout: float) -> pd.DataFrame:
    """One row an alarm and way in which it is out of service; see `AlarmReview.suppressed`.

    `alarms` are the galaxy's alarm attributes, with `tag` and `area`.
    """
    tags = alarms["tag"].astype(object).tolist()
    areas = dict(zip(tags, alarms["area"].tolist(), strict=True))
    found = by_tag(await read([f"{tag}.{name}" for tag in tags for name in ASKED], timeout=timeout))
    rows = [row for tag in tags for row in ways_of(tag, found)]
    details = dict.fromkeys(f"{row['tag']}.{name}" for row in rows for name in more_of(row["how"]))
    told = by_tag(await read(list(details), timeout=timeout))
    frame = framed([described(row, areas[row["tag"]], told) for row in rows])
    unanswered = Counter(name for tag in tags for name in ASKED if value_of(found, tag, name) is None)
    frame.attrs = {"alarms": len(tags), "not_known": dict(unanswered)}
    return frame


def by_tag(readings: Sequence[Reading]) -> dict[str, Reading]:
    """The readings by the tag that was asked for."""
    return {reading.tag: reading for reading in readings}


def value_of(found: Found, tag: str, name: str) -> Any:
    """A sub-attribute's value; None where it is not known, or not good."""
    reading = found.get(f"{tag}.{name}")
    if reading is None or reading.failure or quality_word(reading.quality) == "bad":
        return None
    return reading.value


def ways_of(tag: str, found: Found) -> Iterator[dict[str, Any]]:
    """In which ways an alarm is out of service; one row "unknown" where nothing can be said of it."""
    known = False
    for name, how in SWITCHES.items():
        value = value_of(found, tag, name)
        known |= isinstance(value, bool)
        if value is True:
            yield {"tag": tag, "how": how, "since": found[f"{tag}.{name}"].time_ns}
    mode = value_of(found, tag, MODE)
    how = MODES.get(str(mode).lower(), UNKNOWN)
    if mode is not None and how:
        told = f"{MODE} is {mode}" if how == UNKNOWN else ""
        yield {"tag": tag, "how": how, "since": found[f"{tag}.{MODE}"].time_ns, "reason": told}
    if not known and mode is None:
        yield {"tag": tag, "how": UNKNOWN, "since": 0, "reason": why_not(tag, found)}


def why_not(tag: str, found: Found) -> str:
    """Why nothing is known of an alarm, by the first of what was asked."""
    reading = found.get(f"{tag}.{ASKED[0]}")
    if reading is None or not reading.failure:
        return "its attributes have no good value"
    return reading.failure


def more_of(how: str) -> Sequence[str]:
    """The attributes that tell more of an alarm that is out of service in this way."""
    return (*TOLD, *SHELVING) if how == SWITCHES["AlarmShelved"] else TOLD


def described(row: dict[str, Any], area: str, told: Found) -> dict[str, Any]:
    """A row with who, why and until when, as far as the plant tells."""
    tag = row["tag"]
    severity = value_of(told, tag, "Priority")
    filled = {
        "reference": "", "until": 0, "operator": "", "node": "", "reason": "", **row,
        "area": area,
        "description": str(value_of(told, tag, "DescAttrName") or ""),
        "severity": severity if type(severity) is int else 0,
    }  # fmt: skip
    if row["how"] != SWITCHES["AlarmShelved"]:
        return filled
    texts = {"operator": "AlarmShelveUser", "node": "AlarmShelveNode", "reason": "AlarmShelveReason"}
    return {
        **filled,
        "since": moment_of(told, tag, START),
        "until": moment_of(told, tag, STOP),
        **{column: str(value_of(told, tag, name) or "") for column, name in texts.items()},
    }


def moment_of(found: Found, tag: str, name: str) -> int:
    """A time in nanoseconds since 1970; 0 where it is not known."""
    value = value_of(found, tag, name)
    if not isinstance(value, np.datetime64) or np.isnat(value):
        return 0
    return int(value.astype("datetime64[ns]").astype(np.int64))


def framed(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The rows as a table: what is unknown at the end, the rest by its begin."""
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in COLUMNS}
    earliest_ns = GatewayClock().earliest_ns
    for name in ("since", "until"):
        sent = np.array(columns[name], np.int64)
        # A shelving ends in the future: only what is before all reason is not a time.
        columns[name] = utc(np.where(sent < earliest_ns, 0, sent))
    frame = pd.DataFrame(columns).astype(dict.fromkeys(TEXTS, "str") | {"severity": "int32"})
    unknown = frame["how"] == UNKNOWN
    order = frame.assign(unknown=unknown).sort_values(["unknown", "since", "tag"], kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def with_prefix(alarms: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """The alarm attributes whose references begin with a prefix, as far as it can be told.

    Only what stands behind the galaxy's name is compared: area, object and attribute. What the gateway
    calls the galaxy, the attributes do not say.
    """
    *galaxy, rest = re.split(r"[!\\]", prefix)
    if not galaxy or not rest:
        return alarms
    names = alarms["area"] + "." + alarms["tag"].astype("str")
    return alarms[names.str.startswith(rest)]


class ServiceLog:
    """What looks at the plant have shown to be out of service, as rows of a log of transitions.

    When an alarm came back is not seen, only the look that no longer had it: that one's time is its end,
    unless a shelving said that it would be over before.
    """

    def __init__(self) -> None:
        self._out: dict[tuple[str, str], dict[str, Any]] = {}
        self._rows: list[dict[str, Any]] = []
        self._until: dict[tuple[str, str], pd.Timestamp] = {}
        self.looked = False

    def note(self, suppressed: pd.DataFrame, now: pd.Timestamp) -> None:
        """Takes in one look at all alarms."""
        self.looked = True
        known = suppressed[suppressed["how"] != UNKNOWN]
        unknown = set(suppressed.loc[suppressed["how"] == UNKNOWN, "tag"])
        seen = {(row["tag"], row["how"]): row for row in rows_of(known)}
        for key in [key for key in self._out if key not in seen and key[0] not in unknown]:
            self._end(key, now)
        self._until |= {key: row["until"] for key, row in seen.items() if pd.notna(row["until"])}
        for key, row in seen.items():
            if key not in self._out and row["how"] in BACK:
                kept = {name: row[name] for name in LOGGED}
                self._out[key] = out = {**kept, "reference": row["reference"] or row["tag"]}
                since = now if pd.isna(row["since"]) else row["since"]
                self._rows.append({**out, "time": since, "transition": row["how"], "comment": row["reason"]})

    def _end(self, key: tuple[str, str], now: pd.Timestamp) -> None:
        """An alarm is not out of service any more; a shelving was over when it had said."""
        row, end = self._out.pop(key), min(now, self._until.pop(key, now))
        self._rows.append({**row, "time": end, "transition": BACK[key[1]], "comment": ""})

    def added_to(self, log: pd.DataFrame) -> pd.DataFrame:
        """The log with these rows at its end, where anybody looked."""
        if not self.looked:
            return log
        found = log
        if self._rows:
            rows = pd.DataFrame(self._rows)
            found = pd.concat([log.astype({"transition": "str"}), rows], ignore_index=True)
        found.attrs = {**log.attrs, "service_known": True}
        return found


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table by the names of its columns."""
    return [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False)]


def summary_of(suppressed: pd.DataFrame) -> str:
    """How many alarms are out of service, of how many, in one line."""
    unknown = suppressed["how"] == UNKNOWN
    out = suppressed.loc[~unknown, "tag"].nunique()
    line = f"{counted(out, 'alarm')} of {suppressed.attrs['alarms']:,} out of service"
    return f"{line}; of {int(unknown.sum()):,} it is not known" if unknown.any() else line
