"""What a recording holds beside samples: small tables, as JSON in a journal and as columns in Parquet.

Why: DECISIONS.md, "Gaps of a recorder are treated like outages".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import pyarrow as pa

from mxgw_notebook.client import AlarmRecord
from mxgw_notebook.history.rows import array_text

# Gives what is new since it was asked last.
Feed = Callable[[], list[dict[str, Any]]]
TIME = pa.timestamp("ns", tz="UTC")
TEXT, WHOLE, TRUTH = pa.string(), pa.int64(), pa.bool_()
# By table: its columns. A time is `NAME_ns` in the journal, nanoseconds since 1970 UTC, and a column NAME
# here.
TABLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "runs": {
        "run": TEXT, "begin": TIME, "until": TIME, "ended": TRUTH, "host": TEXT, "pid": WHOLE,
        "tags": pa.list_(TEXT),
    },
    "gaps": {
        "run": TEXT, "number": WHOLE, "start": TIME, "end": TIME, "cause": TEXT, "events": WHOLE,
        "filled": TRUTH, "why": TEXT,
    },
    "alarms": {
        "run": TEXT, "time": TIME, "transition": TEXT, "reference": TEXT, "tag": TEXT, "area": TEXT,
        "description": TEXT, "severity": WHOLE, "alarm_type": TEXT, "state": TEXT, "raised": TIME,
        "operator": TEXT, "comment": TEXT, "value": TEXT, "limit": TEXT, "degraded": TRUTH, "provider": TEXT,
        "origin": TEXT,
    },
    "writes": {
        "run": TEXT, "time": TIME, "tag": TEXT, "object": TEXT, "value": TEXT, "operator": TEXT,
        "taken": TRUTH, "outcome": TEXT,
    },
    "acknowledges": {
        "run": TEXT, "time": TIME, "reference": TEXT, "operator": TEXT, "comment": TEXT,
        "acknowledged": TRUTH, "result": TEXT, "asked_by": TEXT,
    },
    "notes": {"run": TEXT, "time": TIME, "text": TEXT, "by": TEXT, "tags": TEXT},
    "descriptions": {
        "run": TEXT, "time": TIME, "tag": TEXT, "units": TEXT, "description": TEXT, "limits": TEXT,
    },
}  # fmt: skip
# One file a run, written anew with each segment: what is told again there is the same thing, changed.
BY_RUN: Final[Mapping[str, tuple[str, ...]]] = {
    "runs": ("run", "begin_ns"),
    "gaps": ("run", "number"),
    "descriptions": ("run", "tag"),
}
# What was done beside a recording: each recorder of the process that did it tells of it.
BESIDE: Final = ("writes", "acknowledges", "notes")
ALARM_FIELDS: Final = (
    "reference", "tag", "area", "description", "severity", "alarm_type", "state", "raised_ns", "operator",
    "comment", "degraded", "provider", "origin",
)  # fmt: skip


def schema_of(table: str) -> Any:
    """The Arrow schema of a table."""
    return pa.schema(list(TABLES[table].items()))


def fact_table(table: str, facts: Iterable[Mapping[str, Any]]) -> Any:
    """Facts as a table; a field that one lacks is null."""
    rows = [{column: cell(fact, column, kind) for column, kind in TABLES[table].items()} for fact in facts]
    return pa.Table.from_pylist(rows, schema=schema_of(table))


def told_once(table: str, facts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The facts of a table without those that another recorder has told already."""
    columns = {column: kind for column, kind in TABLES[table].items() if column != "run"}
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for fact in facts:
        found.setdefault(tuple(cell(fact, column, kind) for column, kind in columns.items()), fact)
    return list(found.values())


def cell(fact: Mapping[str, Any], column: str, kind: Any) -> Any:
    """One value of a fact; a time of 0 is not known."""
    return (fact.get(f"{column}_ns") or None) if kind == TIME else fact.get(column)


def facts_in(table: str, columns: Any) -> list[dict[str, Any]]:
    """The facts of a table that was read, as the journal has them."""
    kinds = TABLES[table]
    for name in kinds.keys() - set(columns.column_names):  # of a version that did not have it
        columns = columns.append_column(name, pa.nulls(len(columns), kinds[name]))
    plain = columns.select(list(kinds))
    for place, (name, kind) in enumerate(kinds.items()):
        if kind == TIME:
            plain = plain.set_column(place, f"{name}_ns", plain[name].cast(pa.int64()))
    return list(plain.to_pylist())


def folded(facts: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """A journal's facts by table: what was told of one thing again and again once, as it was told last."""
    found: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    listening: dict[str, Any] | None = None
    for fact in facts:
        table = fact["table"]
        if table == "begin" or (table == "tags" and listening is not None):
            known = {} if listening is None else {**listening, "tags": None}
            listening = {**known, **fact, "until_ns": fact["begin_ns"], "ended": False}
            found["runs"].append(listening)
        elif table in ("alive", "end") and listening is not None:
            listening["until_ns"] = max(listening["until_ns"], fact["until_ns"])
            listening["ended"] = table == "end"
        elif table in found:
            found[table].append(dict(fact))
    for table, key in BY_RUN.items():
        found[table] = newest(found[table], key)
    return found


def newest(facts: Iterable[Mapping[str, Any]], key: Sequence[str]) -> list[dict[str, Any]]:
    """Of facts with the same key the last, in the order of the first."""
    kept: dict[tuple[Any, ...], dict[str, Any]] = {}
    for fact in facts:
        kept[tuple(fact.get(part) for part in key)] = dict(fact)
    return list(kept.values())


def joined_runs(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Of one run the stretches with the same tags that follow on one another, as one."""
    joined: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: (row["run"], row["begin_ns"])):
        last = joined[-1] if joined else None
        follows = last is not None and last["run"] == row["run"] and last["until_ns"] >= row["begin_ns"]
        if last is not None and follows and last["tags"] == row["tags"]:
            last["until_ns"] = max(last["until_ns"], row["until_ns"])
            last["ended"] = row["ended"]
        else:
            joined.append(dict(row))
    return joined


def alarm_fact(record: AlarmRecord) -> dict[str, Any]:
    """A transition, as a fact."""
    told = asdict(record)
    return {
        "table": "alarms",
        "time_ns": record.changed_ns,
        "transition": record.kind,
        **{name: told[name] for name in ALARM_FIELDS},
        "value": value_text(record.value),
        "limit": value_text(record.limit),
    }


def alarm_of(fact: Mapping[str, Any]) -> AlarmRecord:
    """The transition that a fact tells of."""
    told = {name: fact[name] for name in ALARM_FIELDS}
    told["raised_ns"] = fact["raised_ns"] or 0
    return AlarmRecord(
        kind=fact["transition"],
        changed_ns=fact["time_ns"] or 0,
        value=value_in(fact["value"]),
        limit=value_in(fact["limit"]),
        **told,
    )


def value_text(value: Any) -> str | None:
    """A value of any kind as JSON; None for none."""
    if value is None:
        return None
    if isinstance(value, np.datetime64):
        return json.dumps({"time": str(value)})
    if isinstance(value, np.ndarray):
        return json.dumps({"array": array_text(value)})
    if isinstance(value, np.generic):
        value = value.item()
    return json.dumps(value, default=str)


def value_in(text: str | None) -> Any:
    """The value that stands in JSON; an array as its list of elements."""
    value = None if text is None else json.loads(text)
    if isinstance(value, dict) and "time" in value:
        return np.datetime64(value["time"], "ns")
    return json.loads(value["array"])["elements"] if isinstance(value, dict) and "array" in value else value
