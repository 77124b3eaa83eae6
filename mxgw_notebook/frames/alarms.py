"""Alarms: what is active, and what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from mxgw_notebook.client import AlarmRecord
from mxgw_notebook.frames.codes import categories
from mxgw_notebook.frames.mixed import apart
from mxgw_notebook.frames.times import aware, utc
from mxgw_notebook.words import ALARM_STATES

STATE = pd.CategoricalDtype(list(ALARM_STATES))


def active_alarms_frame(alarms: Sequence[tuple[AlarmRecord, str, int]]) -> pd.DataFrame:
    """One row an active alarm (record, state, raised in ns): unacknowledged first, then the most urgent.

    `reference`, `tag`, `area`, `description`, `severity` (1 to 999, 1 the most urgent), `state`, `raised` and
    `changed` (datetime64[ns, UTC]), `alarm_type`, `value`, `limit`, `operator`, `comment`, `degraded`,
    `provider`. A time that is not known is NaT. Values of several kinds (a number of one alarm, a truth of
    another) are numbers in `value`, and in `value_text` behind it what is not, as in `long_frame`; likewise
    `limit` and `limit_text`.
    """
    records = [record for record, _, _ in alarms]
    frame = common_columns(records)
    frame.insert(5, "state", pd.Series([state for _, state, _ in alarms], dtype=STATE))
    frame.insert(6, "raised", utc([raised for _, _, raised in alarms]))
    frame.insert(7, "changed", utc([record.changed_ns for record in records]))
    return frame.sort_values(["state", "severity", "raised"], kind="stable", ignore_index=True)


def transitions_frame(
    records: Sequence[AlarmRecord],
    reviewed: tuple[int, int] | None = None,
    not_connected: Sequence[tuple[int, int]] = (),
) -> pd.DataFrame:
    """One row a transition, in the order they came.

    `reference`, `tag`, `area`, `description`, `severity`, `time` (datetime64[ns, UTC]), `transition` (raise,
    acknowledge, clear, retrigger), `raised`, `alarm_type`, `value`, `limit`, `operator`, `comment`,
    `degraded`, `provider` and `origin`: feed, or how the transition was concluded: "reconciled" from the
    snapshot after an outage, "snapshot" from the first one. A time that is not known is NaT.

    `reviewed` is the stretch of time that the records cover, in nanoseconds; `attrs["reviewed"]` has it as
    two texts by ISO 8601, for a quiet time leaves no rows to tell it by. `attrs["not_connected"]` are the
    stretches of it in which nobody told of alarms, likewise.
    """
    frame = common_columns(records)
    if reviewed is not None:
        frame.attrs["reviewed"], *gaps = [
            [pd.Timestamp(at, tz="UTC").isoformat() for at in span] for span in (reviewed, *not_connected)
        ]
        frame.attrs["not_connected"] = gaps
    frame["origin"] = categories([record.origin or "feed" for record in records])
    frame.insert(5, "time", utc([record.changed_ns for record in records]))
    frame.insert(6, "transition", pd.Series(categories([record.kind.lower() for record in records])))
    frame.insert(7, "raised", utc([record.raised_ns for record in records]))
    return frame


def common_columns(records: Sequence[AlarmRecord]) -> pd.DataFrame:
    """What a snapshot and a transition both tell."""

    def strings(values: list[str]) -> Any:
        return pd.Series(values, dtype="str")

    return pd.DataFrame(
        {
            "reference": strings([record.reference for record in records]),
            "tag": strings([record.tag for record in records]),
            "area": categories([record.area for record in records]),
            "description": strings([record.description for record in records]),
            "severity": pd.Series([record.severity for record in records], dtype="int32"),
            "alarm_type": categories([record.alarm_type for record in records]),
            **apart({"value": [aware(r.value) for r in records], "limit": [aware(r.limit) for r in records]}),
            "operator": strings([record.operator for record in records]),
            "comment": strings([record.comment for record in records]),
            "degraded": pd.Series([record.degraded for record in records], dtype="bool"),
            "provider": categories([record.provider for record in records]),
        }
    )
