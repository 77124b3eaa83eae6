"""Buffered tags through the facade."""

from __future__ import annotations

import pytest

from mxgw_notebook.errors import ConfigurationError, TagError
from mxgw_notebook.gateway import Gateway
from tests.conftest import Eventually

SPEED, LEVEL = "Pump001.Speed", "Tank001.Level"


def test_a_buffered_watch_has_every_value_in_its_frames(gateway: Gateway, eventually: Eventually) -> None:
    watch = gateway.watch(SPEED, buffered="300ms")
    assert "buffered 300 ms" in repr(watch)
    eventually(lambda: len(watch.frame()) > 3)
    frame = watch.frame()
    assert frame["timestamp"].is_monotonic_increasing
    assert set(frame["quality"]) == {"good"}
    assert watch.units == {SPEED: "rpm"}
    watch.add(LEVEL)
    eventually(lambda: watch.frame()["tag"].nunique() == 2)
    watch.remove(LEVEL)
    watch.stop()
    assert gateway.status().loc["tags watched", "value"] == 0


@pytest.mark.parametrize("buffered", ["soon", 0, -1, float("inf"), float("nan"), "2h"])
def test_what_is_no_interval_is_one_line(gateway: Gateway, buffered: str | float) -> None:
    with pytest.raises(ConfigurationError, match="not a length of time|too long"):  # noqa: RUF043
        gateway.watch(SPEED, buffered=buffered)


def test_only_arrays_buffered_is_an_error_that_says_why(gateway: Gateway) -> None:
    with pytest.raises(TagError, match="an array cannot be buffered"):
        gateway.watch("Recipe_101.StepLimits[]", buffered="500ms")
