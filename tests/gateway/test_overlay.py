"""`Watch.overlay`: an earlier period of the same tags beside the present."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway, Watch
from mxgw_notebook.gateway.tags.overlay import bad_stretches
from mxgw_notebook.history import open_recording
from mxgw_notebook.widgets import EarlierPeriod
from tests.conftest import Eventually
from tests.widgets.doubles import RecordingComm, comm_of

SPEED, LEVEL = "Pump001.Speed", "Tank001.Level"
SECOND_MS = 1000.0


def earlier(watch: Watch, back_seconds: float = 0.0, seconds: float = 600.0) -> EarlierPeriod:
    """What is laid onto the window that ends so long before now."""
    end = watch.watched.now_ns / 1e6 - back_seconds * SECOND_MS
    return watch.views.lines.earlier(end - seconds * SECOND_MS, end)


def told(comm: RecordingComm) -> list[dict[str, Any]]:
    """What a page heard."""
    return [message.content for message in comm.custom()]


def test_what_was_a_second_ago_is_drawn_a_second_later(gateway: Gateway, eventually: Eventually) -> None:
    levels = gateway.watch(SPEED)
    eventually(lambda: len(levels.frame()) > 5)
    levels.overlay("-1s")
    kept = levels.frame()
    (drawn,) = earlier(levels).samples
    times = pd.to_datetime((drawn.time_ms - SECOND_MS) * 1e6, utc=True).round("ms")
    known = kept[kept["timestamp"].dt.round("ms").isin(times)]
    assert len(known) == len(drawn.time_ms) > 0
    assert drawn.value.tolist() == known["value"].tolist()


def test_nothing_is_drawn_of_what_is_still_to_come(gateway: Gateway, eventually: Eventually) -> None:
    levels = gateway.watch(SPEED)
    eventually(lambda: len(levels.frame()) > 3)
    levels.overlay(1)
    period = earlier(levels, back_seconds=-3600)
    assert period.until_ms == pytest.approx(levels.watched.now_ns / 1e6 + SECOND_MS, abs=500)
    assert [end for _, _, end in period.gaps] == [None]


def test_an_earlier_period_comes_from_a_recording_with_its_gap(
    gateway: Gateway, tmp_path: Path, eventually: Eventually
) -> None:
    first = gateway.watch(SPEED)
    recorder = first.record(tmp_path / "values")
    eventually(lambda: recorder.acknowledged > 4)
    first.stop()
    recorded = open_recording(tmp_path / "values")
    gateway.remember(recorded)
    levels = gateway.watch(SPEED)
    eventually(lambda: len(levels.frame()) > 2)
    levels.overlay(timedelta(hours=-1))
    period = earlier(levels, back_seconds=-3600)
    times = set(np.round(period.samples[0].time_ms - 3600 * SECOND_MS).tolist())
    assert set(np.round(recorded.frame()["timestamp"].astype("int64") / 1e6).tolist()) <= times
    assert len([gap for gap in period.gaps if gap[2] is not None]) == 1  # not recorded


def test_an_earlier_period_of_a_calculated_pen_is_made_of_recorded_tags(
    gateway: Gateway, tmp_path: Path, eventually: Eventually
) -> None:
    first = gateway.watch(SPEED, LEVEL)
    recorder = first.record(tmp_path / "values")
    eventually(lambda: recorder.acknowledged > 8)
    first.stop()
    recorded = open_recording(tmp_path / "values")
    gateway.remember(recorded)
    levels = gateway.watch(SPEED)
    levels.pen("double", "Pump001.Speed + Tank001.Level")
    levels.overlay("1h")
    period = earlier(levels, back_seconds=-3600)
    (pen,) = (part for part in period.samples if part.index == 1)
    kept = recorded.frame(SPEED, LEVEL)
    until = kept["timestamp"].max().value / 1e6 + 3600 * SECOND_MS
    drawn = pen.value[pen.time_ms < until]
    sums = kept.pivot_table(index="timestamp", columns="tag", values="value", observed=True)
    known = sums.ffill().dropna().sum(axis=1)
    assert len(drawn) > 3
    assert set(drawn.round(6)) <= set(known.round(6))
    assert {gap[1] for gap in period.gaps if gap[0] == 1 and gap[2] is not None}  # not recorded


def test_bad_quality_is_a_hole_and_uncertain_none(gateway: Gateway) -> None:
    levels = gateway.watch(LEVEL)
    history = levels.subscriptions[0].history
    levels.stop()
    for second, quality in enumerate((192, 0, 4, 64)):
        history.add((10**9 + second) * 10**9, 1.0, quality)
    part = history.newest(4)
    first = 10**18
    assert bad_stretches(part) == [(first + 10**9, first + 2 * 10**9), (first + 2 * 10**9, first + 3 * 10**9)]


def test_the_picture_and_the_page_say_by_how_much_and_where_nothing_is_known(
    gateway: Gateway, eventually: Eventually
) -> None:
    levels = gateway.watch(SPEED, LEVEL)
    eventually(lambda: len(levels.frame()) > 3)
    levels.overlay("24h")
    picture = levels.trend().snapshot_svg()
    assert picture.count("24 h earlier   nothing is known of that time") == 2
    levels.overlay("-100ms")
    assert "0.1 s earlier" in levels.trend().snapshot_svg()
    assert "nothing is known" not in levels.trend().snapshot_svg()
    levels.overlay(None)
    assert "earlier" not in levels.trend().snapshot_svg()


@pytest.mark.usefixtures("page")
def test_a_page_asks_for_the_period_and_tables_know_nothing_of_it(
    gateway: Gateway, eventually: Eventually
) -> None:
    levels = gateway.watch(SPEED)
    eventually(lambda: len(levels.frame()) > 5)
    levels.overlay("1s")
    comm = comm_of(levels.trend())
    comm.say({"kind": "opened"})
    comm.say({"kind": "resync"})
    eventually(lambda: any(news.get("overlay") == [1000.0, "1 s earlier"] for news in told(comm)))
    end = levels.watched.now_ns / 1e6
    comm.say({"kind": "overlay", "from_ms": end - 600_000, "to_ms": end, "request": 1})
    eventually(lambda: any(news["kind"] == "overlay" and news["parts"] for news in told(comm)))
    assert set(levels.frame()["tag"]) == set(levels.between("-1s")["tag"]) == {SPEED}


def test_a_start_stands_where_the_trend_begins(gateway: Gateway, eventually: Eventually) -> None:
    levels = gateway.watch(SPEED)
    eventually(lambda: len(levels.frame()) > 5)
    window = levels.trend().on_view()
    assert window is not None
    start = pd.Timestamp(window[0] - 3600 * SECOND_MS, unit="ms", tz="UTC")
    levels.overlay(start=start)
    assert levels.views.lines.shift_ns / 1e9 == pytest.approx(3600, abs=5)


@pytest.mark.parametrize("said", ["24h", "2026-05-04T06:00:00+00:00"])
def test_a_watch_list_keeps_it(
    gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    levels = gateway.watch(SPEED)
    levels.overlay(**({"by": "-24h"} if said == "24h" else {"start": "2026-05-04 06:00"}))
    levels.save("feed.toml")
    assert f"overlay = {json.dumps(said)}\n" in Path("feed.toml").read_text("utf-8")
    again = gateway.watch("@feed")
    assert again.views.lines.shift_ns == pytest.approx(levels.views.lines.shift_ns, rel=1e-5)
    again.overlay(None)
    again.save("feed.toml")
    assert "overlay" not in Path("feed.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"by": "soon"}, "not a length of time"),
        ({"by": 0}, "not a length of time"),
        ({"by": True}, "True is no stretch of time"),
        ({"start": "yesterday"}, "not a time"),
        ({"start": "2100-01-01"}, "not before the trend"),
        ({"by": "-1h", "start": "-2h"}, "not both"),
    ],
)
def test_what_cannot_be_laid_on_is_one_line(gateway: Gateway, settings: dict[str, Any], said: str) -> None:
    levels = gateway.watch(LEVEL)
    with pytest.raises(ConfigurationError, match=said):
        levels.overlay(**settings)
