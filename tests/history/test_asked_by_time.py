"""Values asked by time, as a person does: a watch's frame, a gateway's history."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway
from mxgw_notebook.history import in_form, open_recording
from tests.conftest import Eventually
from tests.history.conftest import LEVEL, SETPOINT, SPEED


def test_a_frame_from_a_time_on_begins_with_what_held_then(gateway: Gateway, eventually: Eventually) -> None:
    watch = gateway.watch(SPEED, SETPOINT)
    eventually(lambda: len(watch.frame()) > 8)
    whole = watch.frame()
    speeds = whole[whole["tag"] == SPEED]
    start, end = speeds["timestamp"].iloc[2] + pd.Timedelta("1ms"), speeds["timestamp"].iloc[5]
    part = watch.frame(start=start, end=end)
    assert part.columns.tolist() == whole.columns.tolist()
    own = part[part["tag"] == SPEED]
    assert own["timestamp"].tolist() == [start, *speeds["timestamp"].iloc[3:6]]
    assert own["value"].tolist() == speeds["value"].iloc[2:6].tolist()
    assert part[part["tag"] == SETPOINT]["timestamp"].tolist() == [start]
    assert part.attrs["units"][SPEED] == "rpm"
    assert part.attrs["gaps"] == []


@pytest.mark.parametrize("start", ["-1h", timedelta(hours=-1), "2020-01-01", pd.Timestamp("2020-01-01")])
def test_a_start_before_all_gives_everything(gateway: Gateway, start: Any) -> None:
    watch = gateway.watch(LEVEL)
    found = watch.frame(start=start, end="now")
    assert len(found) >= 1
    assert found["timestamp"].iloc[0] == watch.frame()["timestamp"].iloc[0]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"start": "soon"}, "not a time"),
        ({"start": 5}, "not a time"),
        ({"start": "-2 lightyears"}, "not a length of time"),
        ({"start": "now", "end": "-1h"}, "is before now"),
        ({"start": "-1h", "last": "5min"}, "do not go with"),
        ({"end": "9999-12-31"}, "is not within 1678 to 2261"),
        ({"start": timedelta(hours=1)}, "^now .* is before 1:00:00"),
        ({"start": pd.NaT}, "not a time"),
    ],
)
def test_what_is_no_time_is_one_line(gateway: Gateway, settings: dict[str, Any], said: str) -> None:
    watch = gateway.watch(LEVEL)
    with pytest.raises(ConfigurationError, match=said):
        watch.frame(**settings)


def test_a_stopped_watch_has_its_values_by_time(gateway: Gateway, eventually: Eventually) -> None:
    watch = gateway.watch(SPEED)
    eventually(lambda: len(watch.frame()) > 3)
    watch.stop()
    assert watch.frame(start="-1h").equals(watch.frame())


def test_history_is_of_all_tags_that_are_watched_and_says_where_from(
    gateway: Gateway, eventually: Eventually
) -> None:
    watch = gateway.watch(SPEED, LEVEL)
    eventually(lambda: len(watch.frame()) > 6)
    found = gateway.history()
    assert {SPEED, LEVEL} <= set(found["tag"])
    assert set(found["origin"]) == {"memory"}
    assert set(gateway.history("*.level")["tag"]) == {LEVEL}
    with pytest.raises(ConfigurationError, match=r"No tag that was seen matches \*Nope"):
        gateway.history("*Nope*")
    with pytest.raises(ConfigurationError, match="Nothing was seen of FIC101"):
        gateway.history("FIC101.PV")


@pytest.mark.parametrize("how", ["held", "mean", "min", "max", "first", "last", "count", "percent_good"])
def test_history_in_steps_has_a_row_a_tag_and_step(
    gateway: Gateway, eventually: Eventually, how: Any
) -> None:
    watch = gateway.watch(SPEED)
    eventually(lambda: len(watch.frame()) > 6)
    found = gateway.history(SPEED, every="1s", how=how)
    raw = watch.frame()
    assert found["timestamp"].is_unique
    assert (found["timestamp"].dt.floor("1s") == found["timestamp"]).all()
    if how not in ("count", "percent_good"):
        assert found["value"].dropna().between(raw["value"].min(), raw["value"].max()).all()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"how": "avarage"}, "how is one of raw"),
        ({"how": "mean"}, "mean is of steps"),
        ({"every": "1s"}, "Raw values have no steps"),
        ({"every": "1 furlong", "how": "mean"}, "not a length of time"),
    ],
)
def test_a_form_that_there_is_not_is_one_line(gateway: Gateway, settings: dict[str, Any], said: str) -> None:
    gateway.watch(LEVEL)
    with pytest.raises(ConfigurationError, match=said):
        gateway.history(LEVEL, **settings)


def test_history_takes_a_query_and_a_saved_list(
    gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    gateway.watch(LEVEL).save("feed.toml")
    gateway.watch(SPEED)
    assert set(gateway.history(query="*.Level")["tag"]) == {LEVEL}, "of what is found, what was seen"
    assert set(gateway.history(query={"find": "level", "historized": True})["tag"]) == {LEVEL}
    assert set(gateway.history("@feed")["tag"]) == {LEVEL}
    with pytest.raises(ConfigurationError, match="Nothing was seen of what the query finds"):
        gateway.history(query="FIC101.*")
    with pytest.raises(ConfigurationError, match=r"no watch list nothing\.toml"):
        gateway.history("@nothing")


def test_what_memory_does_not_reach_comes_from_a_recording_with_the_gap_between(
    gateway: Gateway, folder: Path, eventually: Eventually
) -> None:
    first = gateway.watch(SPEED)
    recorder = first.record(folder)
    eventually(lambda: recorder.acknowledged > 4)
    first.stop()
    recorded = open_recording(folder)
    gateway.remember(recorded)
    watch = gateway.watch(SPEED)
    eventually(lambda: len(watch.frame()) > 2)
    watch.stop()
    found = watch.frame(start="-1h")
    assert found["origin"].cat.categories.tolist() == sorted(["memory", str(folder)])
    assert not found.duplicated(["tag", "timestamp"]).any()
    # The present value, with which a watch begins, may be the last that was recorded.
    each = [frame[["tag", "timestamp"]] for frame in (recorded.frame(), watch.frame())]
    assert len(found) == len(pd.concat(each).drop_duplicates())
    (gap,) = found.attrs["gaps"]
    assert gap["cause"] == "not recorded"
    held = in_form(found, "held", "100ms")
    inside = held["timestamp"].between(
        pd.Timestamp(gap["start"]), pd.Timestamp(gap["end"]), inclusive="neither"
    )
    assert held[inside]["value"].isna().all()
    # A trend that is moved to before memory draws the same.
    drawn = watch.views.lines.between(0.0, 1e15)[0]
    assert len(drawn.time_ms) == len(found)


def test_sql_asks_what_memory_and_recordings_have(
    gateway: Gateway, folder: Path, eventually: Eventually
) -> None:
    earlier = gateway.watch(SPEED)
    recorder = earlier.record(folder)
    eventually(lambda: recorder.acknowledged > 5)
    earlier.stop()
    gateway.remember(open_recording(folder))
    watch, review = gateway.watch(SPEED, LEVEL), gateway.alarms()
    gateway.write(SETPOINT, 40.0)
    eventually(lambda: len(watch.frame()) > 8)
    found = gateway.sql(
        "select origin, count(*) as n from samples where tag = $tag group by origin order by n", tag=SPEED
    )
    assert set(found["origin"]) == {"memory", str(folder)}
    assert gateway.sql("select value from writes")["value"].tolist() == ["40.0"]
    known = set(review.frame()["reference"])
    assert known <= set(gateway.sql("select distinct reference from alarms", start=None)["reference"])
    named = gateway.sql("select o.template from objects o where o.tag_name = 'Pump001'")
    assert named["template"].tolist() == ["$Pump"]
    with pytest.raises(ConfigurationError, match="The query was refused") as refused:
        gateway.sql("select nothing from nowhere")
    assert "runs" not in str(refused.value), "nobody knows of recorders here"
