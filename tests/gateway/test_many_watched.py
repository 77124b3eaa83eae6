"""A watch of more tags than anybody draws or reads."""

from __future__ import annotations

from typing import Any

import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway
from mxgw_notebook.gateway.display import MOST_DRAWN
from tests.gateway.conftest import display_as_ipython

TAGS = 30


def test_only_the_first_tags_are_named(gateway: Gateway) -> None:
    found = gateway.attributes("*", array=False)["tag"].tolist()[:TAGS]
    watch = gateway.watch(found)
    assert repr(watch) == f"<Watch of {', '.join(found[:10])} and 20 more: live>"
    watch.stop()


def test_a_watch_of_many_is_displayed_as_a_table(gateway: Gateway, displayed: list[Any]) -> None:
    found = gateway.attributes("*", array=False)["tag"].tolist()
    few, many = gateway.watch(found[:MOST_DRAWN]), gateway.watch(found[: MOST_DRAWN + 1])
    display_as_ipython(few)
    display_as_ipython(many)
    assert [type(widget).__name__ for widget in displayed] == ["TrendPanel", "ValueTable"]
    assert "<table" in str(many.snapshot().data)
    with pytest.raises(ConfigurationError, match=r"A trend of 201 tags .* \.table\(\)"):
        many.trend()
    few.stop()
    many.stop()


def test_a_frame_says_nothing_of_tags_of_which_nothing_is_known(gateway: Gateway) -> None:
    watch = gateway.watch("Tank001.Level", "Tank001.Level.EngUnits")
    attrs = watch.frame().attrs
    assert list(attrs["units"]) == list(attrs["limits"]) == ["Tank001.Level"]
    assert watch.units == {"Tank001.Level": attrs["units"]["Tank001.Level"], "Tank001.Level.EngUnits": ""}
    watch.stop()
