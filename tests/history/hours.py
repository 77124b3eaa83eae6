"""A recording of some hours that no gateway sent: tags of several kinds, gaps, and alarms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from mxgw_notebook.client import AlarmRecord, Value
from mxgw_notebook.history.facts import alarm_fact
from mxgw_notebook.history.folder import HOUR_NS, prepare
from mxgw_notebook.history.journal import SUFFIX, Journal
from mxgw_notebook.history.month import MONTH_BEGIN_NS
from mxgw_notebook.history.rolling import roll
from mxgw_notebook.history.rows import PRESENT, sample_rows

BEGIN_NS = MONTH_BEGIN_NS
HOURS = 5
SECOND = 1_000_000_000
LEVEL, FLOW, RUNNING, STATE, SELDOM = "Tank.Level", "Tank.Flow", "Pump.Running", "Pump.State", "Tank.Seldom"
NUMBERS = [LEVEL, FLOW, SELDOM]
TAGS = [*NUMBERS, RUNNING, STATE]
KINDS = {LEVEL: 4, FLOW: 3, RUNNING: 0, STATE: -1, SELDOM: 4}
# An outage over the edge of an hour, and lost events within one.
GAPS = (
    (BEGIN_NS + HOUR_NS - 300 * SECOND, BEGIN_NS + HOUR_NS + 400 * SECOND, "outage"),
    (BEGIN_NS + 3 * HOUR_NS + 9 * SECOND, BEGIN_NS + 3 * HOUR_NS + 60 * SECOND, "dropped"),
)
REFERENCES = [f"Tank{number}.Level.{kind}" for number in range(4) for kind in ("Hi", "Lo")]


def record_hours(folder: Path, *, left_open: bool = False, turned_round: bool = False) -> None:
    """Records five hours, or with `turned_round` one whose alarms come the newest first.

    `left_open`: of the last hour the journal stands there, as while it is recorded.
    """
    prepare(folder, "ours")
    random = np.random.default_rng(7)
    for hour in range(1 if turned_round else HOURS):
        begin_ns = BEGIN_NS + hour * HOUR_NS
        journal = Journal(folder / "journal" / "plant=ours" / f"run.{hour:06d}{SUFFIX}")
        begin = {"table": "begin", "begin_ns": begin_ns, "run": "run", "plant": "ours", "tags": TAGS}
        alarms = alarms_of(random, begin_ns)
        told = [begin, *gaps_of(begin_ns), *(alarms[::-1] if turned_round else alarms)]
        if hour == 0:
            journal.append(present_rows(begin_ns), [])
        journal.append(rows_of(random, begin_ns), [*told, {"table": "alive", "until_ns": begin_ns + HOUR_NS}])
        journal.close()
        if hour + 1 < HOURS or not left_open:
            roll(folder, journal.path)


def rows_of(random: Any, begin_ns: int) -> Any:
    """An hour's samples; one tag changes in the first one alone."""
    tags, others = list[str](), dict[int, Value]()
    times, numbers, qualities = [], [], []
    for tag in TAGS:
        count = 3 if tag == SELDOM else 400
        if tag == SELDOM and begin_ns != BEGIN_NS:
            continue
        moments = np.sort(random.integers(0, HOUR_NS // 1_000_000, count)) * 1_000_000
        values = random.integers(0, 2, count) if tag == RUNNING else np.round(random.normal(50, 9, count), 2)
        if tag == STATE:
            words = random.choice(["open", "shut", "moving"], count)
            others |= {len(tags) + row: str(word) for row, word in enumerate(words)}
            values = np.full(count, np.nan)
        tags += [tag] * count
        times.append(begin_ns + moments)
        numbers.append(values.astype(float))
        qualities.append(random.choice([192, 64, 0], count, p=[0.9, 0.05, 0.05]))
    return rows(tags, np.concatenate(times), np.concatenate(numbers), np.concatenate(qualities), others, 0)


def present_rows(begin_ns: int) -> Any:
    """What two tags read as the recording began, since longer ago."""
    since = np.array([begin_ns - 90 * SECOND, begin_ns - 2 * HOUR_NS])
    return rows([LEVEL, SELDOM], since, np.array([51.0, 7.5]), np.array([192, 192]), {}, PRESENT)


def rows(
    tags: list[str], times: Any, numbers: Any, qualities: Any, others: dict[int, Value], flag: int
) -> Any:
    """Recorded rows, in the order of time."""
    kinds = np.array([KINDS[tag] for tag in tags], np.int8)
    order = np.argsort(times, kind="stable")
    place = {int(row): at for at, row in enumerate(order)}
    return sample_rows(
        pa.array(tags).take(pa.array(order)),
        times[order].astype(np.int64),
        numbers[order],
        qualities[order].astype(np.uint8),
        kinds[order],
        {place[row]: value for row, value in others.items()},
        np.full(len(tags), flag, np.uint8),
        np.arange(1, len(tags) + 1),
    )


def gaps_of(begin_ns: int) -> list[dict[str, Any]]:
    """The gaps that began in an hour."""
    return [
        {
            **{"table": "gaps", "number": number, "events": 3, "filled": False, "why": ""},
            **{"start_ns": start_ns, "end_ns": end_ns, "cause": cause},
        }
        for number, (start_ns, end_ns, cause) in enumerate(GAPS, 1)
        if begin_ns <= start_ns < begin_ns + HOUR_NS
    ]


def alarms_of(random: Any, begin_ns: int) -> list[dict[str, Any]]:
    """An hour's transitions: of any kind in any order, for an alarm may be missed or stand for hours."""
    moments = np.sort(random.integers(0, HOUR_NS // SECOND, 60)) * SECOND + begin_ns
    return [alarm_fact(record_of(random, int(moment))) for moment in moments]


def record_of(random: Any, time_ns: int) -> AlarmRecord:
    """One transition."""
    reference = str(random.choice(REFERENCES))
    return AlarmRecord(
        reference=reference,
        tag=reference,
        area=str(random.choice(["North", "South"])),
        description="level",
        severity=int(random.integers(1, 900)),
        alarm_type="AnalogLimitAlarm.Hi" if reference.endswith("Hi") else "AnalogLimitAlarm.Lo",
        state="",
        raised_ns=0,
        operator=str(random.choice(["", "jdoe"])),
        comment="",
        degraded=False,
        provider="ours",
        kind=str(random.choice(["Raise", "Clear", "Acknowledge", "Retrigger"])),
        changed_ns=time_ns,
        value=float(np.round(random.normal(50, 9), 2)),
        limit=60.0,
        origin="feed",
    )
