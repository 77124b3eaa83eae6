"""What the widgets of a notebook are fed with where no gateway can be fast enough, and the same for peers.

Cells import this: a trend of so many points, a table of so many alarms that goes on changing.
"""

from __future__ import annotations

import threading
import time
from dataclasses import asdict
from itertools import count
from typing import Any

import numpy as np

from mxgw_notebook.live import LoopThread
from mxgw_notebook.widgets import AlarmRow, AlarmTable, Trend, TrendTag
from tests.widgets.doubles import ListedAlarms, ListedTrend

PENS = 10
STEP_MS = 30.0
STATES = ("unacknowledged", "acknowledged", "cleared unacknowledged")
BATCH, BATCHES_A_SECOND = 100, 10  # a thousand transitions a second


def trend_of(points: int) -> Trend:
    """Ten pens of so many points each, up to now."""
    source = ListedTrend([TrendTag(f"Tank{pen:03}.Level", units="m") for pen in range(PENS)])
    times, values = waves(points)
    now = time.time() * 1000
    for pen in range(PENS):
        source.put(pen, (times + now - times[-1]).tolist(), values[pen].tolist())
    return Trend(source, LoopThread(), window_seconds=points * STEP_MS / 1000)


def plotly_of(points: int) -> Any:
    """The same as a FigureWidget that WebGL draws; a drag pans."""
    import plotly.graph_objects as go

    times, values = waves(points)
    pens = [go.Scattergl(x=times, y=values[pen], name=f"Tank{pen:03}.Level") for pen in range(PENS)]
    figure = go.FigureWidget(pens)
    figure.update_layout(dragmode="pan", width=900, height=400)
    return figure


def waves(points: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """The times in milliseconds, and values of each pen."""
    times = np.arange(float(points)) * STEP_MS
    return times, [np.sin(times / 50_000 + pen) for pen in range(PENS)]


def alarms_of(rows: int) -> AlarmTable:
    """So many alarms, of which a thousand a second change from now on."""
    source = ListedAlarms([alarm(number, 0) for number in range(rows)])
    table = AlarmTable(source, LoopThread(), operator="jdoe")

    def change(turn: int) -> None:
        for number in changed(rows, turn):
            source.put(alarm(number, turn))

    changing(change)
    return table


def itable_of(rows: int) -> Any:
    """The same rows as an ITable, which takes whole tables only; it does not change."""
    from itables.widget import ITable

    return ITable(table_of(rows, range(rows), 0), maxBytes=0)


def perspective_of(rows: int) -> Any:
    """The same rows in Perspective's datagrid, with as many changes."""
    from perspective.widget import PerspectiveWidget

    shown = PerspectiveWidget(table_of(rows, range(rows), 0), index="reference")
    changing(lambda turn: shown.table.update(table_of(rows, changed(rows, turn), turn)))
    return shown


def table_of(rows: int, numbers: Any, turn: int) -> Any:
    """Alarms by number as a DataFrame."""
    import pandas as pd

    return pd.DataFrame([asdict(alarm(number, turn)) for number in numbers])


def changed(rows: int, turn: int) -> list[int]:
    """Which alarms change at a turn: a batch, spread over all of them."""
    return [(turn * BATCH + place * 7) % rows for place in range(BATCH)]


def alarm(number: int, turn: int) -> AlarmRow:
    """An alarm as it is at a turn."""
    now = time.time() * 1000
    return AlarmRow(
        reference=f"Galaxy!Area{number % 7}.Pump{number:05}.Speed.Hi",
        tag=f"Pump{number:05}.Speed.Hi",
        area=f"Area{number % 7}",
        description="High speed",
        severity=number % 999 + 1,
        state=STATES[(number + turn) % 3],  # type: ignore[arg-type]
        raised_ms=now - number * 1000,
        changed_ms=now,
        value=str(turn),
    )


def changing(change: Any) -> None:
    """Calls with each turn's number, ten times a second, until the kernel ends."""

    def go_on() -> None:
        for turn in count(1):
            change(turn)
            time.sleep(1 / BATCHES_A_SECOND)

    threading.Thread(target=go_on, daemon=True).start()
