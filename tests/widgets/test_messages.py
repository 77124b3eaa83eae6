"""What the browser's code says of the kernel's messages is what Python sends."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import mxgw_notebook.widgets
from mxgw_notebook.widgets import AlarmRow, AlarmTable, Trend, TrendTag, ValueRow, ValueTable
from mxgw_notebook.widgets.live_widget import LiveWidget
from mxgw_notebook.widgets.page_widget import PageWidget
from tests.widgets.doubles import HandTicker, ListedAlarms, ListedTrend, ListedValues, comm_of

SOURCES = Path(mxgw_notebook.widgets.__file__).parent / "src"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
INTERFACE = re.compile(
    r"^(?:export )?interface (\w+)(?: extends ([\w, ]+))? \{\n(.*?)^\}", re.MULTILINE | re.DOTALL
)


def declared(folder: str, name: str) -> dict[str, bool]:
    """The fields of an interface, those of what it extends too, and whether each always has to be there."""
    files = [SOURCES / "shared" / "model.d.ts", SOURCES / folder / "messages.d.ts"]
    code = COMMENT.sub("", "\n".join(file.read_text("utf-8") for file in files))
    interfaces = {found[0]: found[1:] for found in INTERFACE.findall(code)}
    bases, body = interfaces[name]
    own = {field: not optional for field, optional in re.findall(r"^  (\w+)(\??):", body, re.MULTILINE)}
    inherited = [declared(folder, base) for base in re.findall(r"\w+", bases)]
    return {field: needed for part in [*inherited, own] for field, needed in part.items()}


def test_a_row_of_an_alarm_and_a_pen_have_the_fields_that_python_gives_them() -> None:
    assert set(declared("alarms", "AlarmRow")) == {field.name for field in fields(AlarmRow)}
    assert set(declared("trend", "TrendTag")) == {field.name for field in fields(TrendTag)}


def test_of_a_value_only_the_tag_is_always_there() -> None:
    row = declared("values", "ValueRow")
    assert set(row) == {field.name for field in fields(ValueRow)}
    assert [field for field, needed in row.items() if needed] == ["tag"]


@pytest.mark.parametrize(
    ("folder", "traits", "widget"),
    [
        ("alarms", "AlarmTraits", AlarmTable),
        ("trend", "TrendTraits", Trend),
        ("values", "ValueTraits", ValueTable),
    ],
)
def test_a_page_knows_the_traits_that_are_synchronised_with_it(
    folder: str, traits: str, widget: type[PageWidget]
) -> None:
    traits_of = {**vars(PageWidget), **vars(widget)}
    own = {
        name
        for name, trait in traits_of.items()
        if getattr(trait, "metadata", {}).get("sync") and not name.startswith("_")
    }
    assert set(declared(folder, traits)) == own


@pytest.mark.parametrize(
    ("folder", "message", "make"),
    [
        ("alarms", "RowsMessage", lambda ticker: AlarmTable(ListedAlarms(), ticker)),
        ("trend", "SamplesMessage", lambda ticker: Trend(ListedTrend([TrendTag("a")]), ticker)),
        ("values", "ValuesMessage", lambda ticker: ValueTable(ListedValues(), ticker)),
    ],
)
def test_a_message_carries_what_the_page_takes_for_given(
    folder: str, message: str, make: Callable[[HandTicker], LiveWidget[Any]], ticker: HandTicker
) -> None:
    widget = make(ticker)
    widget.stop()
    content, known = comm_of(widget).custom()[-1].content, declared(folder, message)
    assert {field for field, needed in known.items() if needed} <= set(content) <= set(known)
