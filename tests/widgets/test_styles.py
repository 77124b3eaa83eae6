"""The widgets' style sheets: several kinds of widgets stand on one page."""

from __future__ import annotations

import re

import pytest

from mxgw_notebook.widgets.bundle import HERE

ROOTS = {"alarms": ".mxgw-alarms", "galaxy": ".mxgw-galaxy", "trend": ".mxgw-trend", "values": ".mxgw-values"}
IGNORED = re.compile(r"/\*.*?\*/|@keyframes[^{]*\{[^}]*\}\s*\}|@(?:media|container)[^{]*\{", re.DOTALL)
GROUPS = re.compile(r"\([^()]*\)")


def selectors(sheet: str) -> list[str]:
    """Every selector of a style sheet, one by one."""
    heads = re.findall(r"([^{}]+)\{", IGNORED.sub("", sheet))
    return [part.strip() for head in heads for part in without_groups(head).split(",")]


def without_groups(head: str) -> str:
    """Without what stands in :is() and its like, whose commas part no selectors."""
    shorter = GROUPS.sub("", head)
    return head if shorter == head else without_groups(shorter)


@pytest.mark.parametrize("name", ROOTS)
def test_no_style_of_a_widget_reaches_into_another(name: str) -> None:
    found = selectors((HERE / "src" / name / f"{name}.css").read_text(encoding="utf-8"))
    assert len(found) > 10
    assert [selector for selector in found if not selector.startswith(ROOTS[name])] == []
