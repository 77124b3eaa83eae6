"""%mxgw when in a shell, where nothing runs between cells."""

from __future__ import annotations

from mxgw_notebook.gateway import EventWatch
from tests.magics.conftest import Notebook


def test_events_are_collected_without_a_body(connected: Notebook) -> None:
    cell = connected.run("%mxgw when Tank001.Level > 1e9 for 5s --before 5s --as high")
    assert isinstance(cell.value, EventWatch)
    assert connected["high"] is cell.value
    assert cell.value.condition == "Tank001.Level > 1e9 for 5s"
    assert cell.out.endswith("<EventWatch Tank001.Level > 1e9 for 5s: 0 events, waiting>\n")
    assert cell.err == ""
    connected.run("high.stop()")


def test_a_misspelt_tag_of_a_condition_is_named(connected: Notebook) -> None:
    cell = connected.run("events = %mxgw when Tank001.Level > 1e9 or Nope.Nope > 1")
    assert cell.out.startswith("Unknown until it comes: Nope.Nope: invalid reference")
    connected.run("events.stop()")


def test_a_body_needs_a_kernel_and_nothing_is_watched_without(connected: Notebook) -> None:
    cell = connected.run("%%mxgw when Tank001.Level > 1e9\nprint(event)")
    assert cell.err.startswith("UsageError: A cell's body can be run on events in a Jupyter kernel only")
    assert connected.run("%mxgw status").value.loc["tags watched", "value"] == 0
