"""Ignition's alarm journal: alarm_events, a row a transition, and alarm_event_data, what was captured.

By Inductive Automation's documentation (8.1, "Alarm Journal"): eventtype 0 is active, 1 clear, 2 acknowledge;
priority 0 is diagnostic, 1 low, 2 medium, 3 high, 4 critical; eventflags is a mask in which 1 is an event of
the system itself and 2 one of a shelved alarm; the data of a row have its `id`, and are in `intvalue`,
`floatvalue` or `strvalue` by `dtype`. Second-hand: eventtype 4 is enabled and 5 disabled (from 8.1.8), and
the names eventValue, setpointA, ackUser and ackNotes among the data. The alarm is told by its source, as
"prov:default:/tag:Area1/Tank/Level:/alm:High". Whether eventtime is local is the database's matter; `tz` says
it.

What happened to an alarm while it was shelved nobody was shown, so it is left out, and counted.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from mxgw_notebook.analysis.other_logs.layout import Layout, Theirs

# AVEVA's severities, of which each priority gets the first of its range.
SEVERITIES = {
    "4": 1, "critical": 1, "3": 250, "high": 250, "2": 500, "medium": 500, "1": 750, "low": 750,
    "0": 999, "diagnostic": 999,
}  # fmt: skip
SYSTEM, SHELVED = 1, 2
LEFT_OUT = "left out"  # no word of an alarm's, so nothing else can be called so
COLUMN_OF_TYPE = {0: "intvalue", 1: "floatvalue", 2: "strvalue"}


def finished(log: pd.DataFrame, theirs: Theirs) -> pd.DataFrame:
    """Tag, area and type from the source; events of the system and of shelved alarms are none."""
    source = theirs.texts("source")
    path = source.str.extract(r"(?:^|:/)tag:(.*?)(?::/alm:|$)", expand=False).fillna("")
    flags = pd.to_numeric(theirs.texts("eventflags").replace("", "0"), errors="coerce").fillna(0).astype(int)
    unseen = (flags & (SYSTEM | SHELVED) != 0) | source.str.startswith("evt:")
    severity = theirs.texts("priority").str.lower().map(SEVERITIES).fillna(0)
    operator = theirs.texts("ackUser").str.replace(r"^.*usr:", "", regex=True)
    return log.assign(
        tag=path.where(path != "", source),
        area=path.str.extract(r"^(?:\[.*?\])?([^/]+)/", expand=False).fillna(""),
        alarm_type=source.str.extract(r":/alm:(.*)$", expand=False).fillna(""),
        severity=severity.astype("int32"),
        operator=operator,
        transition=log["transition"].where(~unseen, LEFT_OUT),
    )


def with_data(events: pd.DataFrame, data: pd.DataFrame) -> pd.DataFrame:
    """The events with a column for each of the properties in alarm_event_data, by the row's `id`."""
    own, captured = Theirs(events), Theirs(data)
    ids, names = captured.get("id"), captured.get("propname")
    if ids is None or names is None or own.get("id") is None or data.empty:
        return events
    kinds = pd.to_numeric(captured.texts("dtype"), errors="coerce").fillna(2).astype(int).tolist()
    cells = {kind: captured.get(name) for kind, name in COLUMN_OF_TYPE.items()}
    values = [value_of(cells.get(kind), place) for place, kind in enumerate(kinds)]
    table = pd.DataFrame({"id": ids.to_numpy(), "name": names.to_numpy()})
    table["value"] = pd.Series(values, dtype=object)
    table = table.drop_duplicates(["id", "name"], keep="last")
    wide = table.pivot(index="id", columns="name", values="value")
    wide = wide[[name for name in wide if str(name) not in own]]
    key = own.get("id")
    return events.assign(**{str(name): wide[name].reindex(key).to_numpy() for name in wide})


def value_of(column: pd.Series[Any] | None, place: int) -> Any:
    """One captured value."""
    return None if column is None else column.iloc[place]


JOURNAL = Layout(
    name="ignition",
    columns={
        "reference": ("source",), "time": ("eventtime",), "transition": ("eventtype", "EventState"),
        "description": ("displaypath",), "value": ("eventValue",), "limit": ("setpointA",),
        "comment": ("ackNotes",),
    },
    marks=(("eventid",), ("source",), ("eventtime",), ("eventtype", "EventState")),
    events={
        "0": "raise", "ACTIVE": "raise", "1": "clear", "CLEAR": "clear", "2": "acknowledge",
        "ACK": "acknowledge",
        "4": "enabled", "ENABLED": "enabled", "5": "disabled", "DISABLED": "disabled", "LEFT_OUT": None,
    },
    tables=("alarm_events",),
    finish=finished,
)  # fmt: skip
