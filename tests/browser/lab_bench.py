"""A notebook of live widgets in JupyterLab: what it shows, against what its kernel has."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.kernel_traffic import KernelTraffic
from tests.browser.lab_page import LabPage
from tests.browser.shown_values import LISTED, last_ms, legend, rows, same

# Of the 1,000 a second at which jupyter_server begins to throw messages away.
WELL_UNDER = 500
NEWEST = """
import json

def newest(watch):
    health = watch.health()
    return {
        "last_ms": health["timestamp"].max().value / 1e6,
        "values": dict(zip(health["tag"], health["value"])),
    }

standing = alarms.frame() if alarms else None
print(json.dumps({
    "trends": [newest(one) for one in trends],
    "tables": [newest(one) for one in tables],
    "alarms": dict(zip(standing["reference"], standing["state"])) if alarms else {},
}))
"""


@dataclass
class LabBench:
    """A notebook in JupyterLab, what its kernel sent, and where its server writes its log."""

    lab: LabPage
    traffic: KernelTraffic
    log: Path

    def complaints(self) -> list[str]:
        """The log's lines on messages that were thrown away."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if "rate exceeded" in line]

    def newest(self) -> dict[str, Any]:
        """Runs the last cell: what the kernel has."""
        found: dict[str, Any] = json.loads(self.lab.run_last())
        return found


def dropped_nothing(bench: LabBench, widgets: int = 2) -> None:
    """The server's log, the numbers on the wire, the widgets' own count and the rate all say so."""
    rate, kinds = bench.traffic.most_a_second(), bench.traffic.kinds()
    print(f"at most {rate:.0f} messages a second; {kinds.most_common(5)}")  # noqa: T201
    assert bench.complaints() == []
    assert len(bench.traffic.numbered()) >= widgets
    assert bench.traffic.holes() == 0
    assert holes_seen(bench.lab) == 0
    assert 0 < rate < WELL_UNDER
    assert bench.lab.errors() == []
    assert bench.lab.failures == []


def statuses(lab: LabPage) -> list[Locator]:
    """The line of each live widget that says how its feed is."""
    return lab.page.locator("[data-mxgw-widget] .mxgw-status").all()


def holes_seen(lab: LabPage) -> int:
    """How often any widget found a message missing."""
    return sum(int(status.get_attribute("data-holes") or 0) for status in statuses(lab))


def shows_what_the_kernel_has(bench: LabBench) -> None:
    """Each trend shows at least what the kernel had a moment ago; tables and tree have rows."""
    newest = bench.newest()
    trends = bench.lab.widget("trend")
    expect(trends).to_have_count(len(newest["trends"]))
    for place, known in enumerate(newest["trends"]):
        trends.nth(place).scroll_into_view_if_needed()
        bench.lab.until(lambda at=place, ms=known["last_ms"]: last_ms(trends.nth(at)) >= ms - 1)  # type: ignore[misc]
    for place, known in enumerate(newest["tables"]):
        table = bench.lab.widget("values").nth(place)
        expect(table).to_have_attribute("data-rows", str(len(known["values"])))
    for table in bench.lab.widget("alarm-table").all():
        bench.lab.until(lambda of=table: int(of.get_attribute("data-rows") or 0) > 0)  # type: ignore[misc]
    for tree in bench.lab.widget("galaxy-tree").all():
        bench.lab.until(lambda of=tree: int(of.get_attribute("data-rows") or 0) > 0)  # type: ignore[misc]


def shows_exactly_what_the_kernel_has(bench: LabBench) -> None:
    """Every value and every alarm in sight is the kernel's newest. The plant has to stand still."""
    newest = bench.newest()
    bench.lab.page.mouse.move(1, 1)  # over a plot the legend would tell what was read at that time
    for place, known in enumerate(newest["trends"]):
        trend = bench.lab.widget("trend").nth(place)
        trend.scroll_into_view_if_needed()
        bench.lab.until(lambda of=trend, values=known["values"]: same(legend(of), values))  # type: ignore[misc]
        assert abs(last_ms(trend) - known["last_ms"]) < 1
    (table,) = bench.lab.widget("values").all()
    table.scroll_into_view_if_needed()
    values = newest["tables"][0]["values"]
    bench.lab.until(lambda: same(rows(table, "[data-tag]", LISTED), values, some=True))
    alarms = bench.lab.widget("alarm-table").first
    alarms.scroll_into_view_if_needed()
    expect(alarms).to_have_attribute("data-rows", str(len(newest["alarms"])))
    states = rows(alarms, "[data-reference]", "row => [row.dataset.reference, row.dataset.state]")
    assert states.items() <= newest["alarms"].items()
    assert states
