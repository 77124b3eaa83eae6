"""`Watch.between`: measures between two times, as the trend's cursors show them."""

from __future__ import annotations

import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway


def test_each_tag_is_measured_between_two_times(gateway: Gateway) -> None:
    levels = gateway.watch("Tank001.Level", "FIC101.PV")
    frame = levels.collect(1)
    start, end = frame["timestamp"].max() - pd.Timedelta("500ms"), frame["timestamp"].max()
    found = levels.between(start, end).set_index("tag")
    assert found["units"].to_dict() == {"Tank001.Level": "%", "FIC101.PV": "m3/h"}
    within = levels.frame(start=start, end=end)
    values = within.loc[within["tag"] == "FIC101.PV", "value"]
    row = found.loc["FIC101.PV"]
    assert (row["first"], row["last"]) == (values.iloc[0], values.iloc[-1])
    assert (row["min"], row["max"]) == (values.min(), values.max())
    assert row["min"] <= row["mean"] <= row["max"]
    assert row["slope"] == pytest.approx(row["difference"] / 0.5)
    assert row["percent_good"] == 100.0


def test_what_is_still_to_come_is_not_measured(gateway: Gateway) -> None:
    levels = gateway.watch("Tank001.Level")
    levels.collect(0.3)
    now = pd.Timestamp(levels.watched.now_ns, tz="UTC")
    assert levels.between("-100ms", now + pd.Timedelta("1h"))["percent_good"].tolist() == [100.0]
    ahead = levels.between(now + pd.Timedelta("1h"), now + pd.Timedelta("2h"))
    assert ahead["mean"].isna().all()


def test_a_time_and_itself_are_refused(gateway: Gateway) -> None:
    levels = gateway.watch("Tank001.Level")
    with pytest.raises(ConfigurationError, match="nothing to measure"):
        levels.between("2026-01-01", "2026-01-01")
