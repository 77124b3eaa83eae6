"""What the alarm table, the table of values and the tree have in common: nodes for the rows in sight only."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Locator, expect

from mxgw_notebook.widgets import AlarmTable, ValueRow, ValueTable
from tests.browser.test_alarm_pages import alarm
from tests.browser.test_value_page import ListedValues
from tests.browser.widget_page import Bench, WidgetPage, data_of
from tests.widgets.doubles import ListedAlarms

pytestmark = pytest.mark.browser

# Whether a person sees a row at each place of the list, from top to bottom.
SEEN = """(scroller, rowHeight) => {
  const box = scroller.getBoundingClientRect();
  const seen = [];
  for (let y = box.top + scroller.clientHeight - 4; y > box.top; y -= rowHeight)
    seen.unshift(Boolean(document.elementFromPoint(box.left + 60, y)?.closest("[data-reference]")));
  return seen;
}"""


def _open_alarms(bench: Bench, count: int) -> tuple[ListedAlarms, WidgetPage, Locator]:
    source = ListedAlarms([alarm(number) for number in range(count)])
    shown = bench.open(AlarmTable(source, bench.ticker), "alarm_table")
    root = shown.page.locator("[data-mxgw-widget=alarm-table]")
    bench.pump(shown, lambda: data_of(root, "shown") == str(count))
    return source, shown, root


def _gaps(scroller: Locator, row_height: int) -> int:
    """How many places of the list show no row."""
    seen: list[bool] = scroller.evaluate(SEEN, row_height)
    assert len(seen) > 10
    return seen.count(False)


def _until_full(scroller: Locator, row_height: int) -> None:
    """Waits until every place of the list shows a row."""
    deadline = time.monotonic() + 10
    while _gaps(scroller, row_height):
        assert time.monotonic() < deadline, "a part of the list stayed empty for 10 s"
        scroller.page.wait_for_timeout(20)


def _hide(root: Locator, is_hidden: bool) -> None:
    root.evaluate("(node, hidden) => (node.parentNode.style.display = hidden ? 'none' : '')", is_hidden)


def _drawn(root: Locator) -> None:
    """Waits for the frame after the next."""
    root.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_a_table_that_gets_its_rows_out_of_sight_shows_all_of_them_when_it_comes_back(bench: Bench) -> None:
    source, shown, root = _open_alarms(bench, 0)
    _hide(root, True)
    for number in range(11):
        source.put(alarm(number))
    bench.pump(shown, lambda: data_of(root, "shown") == "11")
    _drawn(root)
    _hide(root, False)
    expect(root.locator("[data-reference]")).to_have_count(11)


def test_a_table_that_was_scrolled_and_redrawn_out_of_sight_has_no_gap_when_it_comes_back(
    bench: Bench,
) -> None:
    source, shown, root = _open_alarms(bench, 500)
    viewport = root.locator(".mxgw-viewport")
    viewport.evaluate("node => node.scrollTop = 9000")
    _until_full(viewport, 30)
    _hide(root, True)
    source.put(alarm(501))
    bench.pump(shown, lambda: data_of(root, "shown") == "501")
    _drawn(root)
    _hide(root, False)
    _until_full(viewport, 30)


def test_a_list_that_becomes_higher_is_filled(bench: Bench) -> None:
    _, _, root = _open_alarms(bench, 500)
    viewport = root.locator(".mxgw-viewport")
    viewport.evaluate("node => node.style.height = '2000px'")
    expect(root.locator("[data-reference]")).to_have_count(2000 // 30 + 1 + 12)


def test_a_list_that_becomes_short_while_it_is_scrolled_far_down_shows_what_is_left(bench: Bench) -> None:
    _, _, root = _open_alarms(bench, 500)
    root.locator(".mxgw-viewport").evaluate("node => node.scrollTop = 14000")
    root.get_by_placeholder("Search").fill("Pump00042")
    expect(root.locator("[data-reference]")).to_have_count(1)
    expect(root.locator("[data-reference]")).to_be_visible()


def test_the_node_of_a_row_stays_while_the_list_is_scrolled_and_its_row_is_the_same(bench: Bench) -> None:
    now = time.time() * 1000
    rows = [
        ValueRow(f"Tank{number:03}.Level", value="1", quality="good", time_ms=now) for number in range(300)
    ]
    shown = bench.open(ValueTable(ListedValues(rows), bench.ticker), "value_table")
    root = shown.page.locator("[data-mxgw-widget=values]")
    bench.pump(shown, lambda: root.get_attribute("data-rows") == "300")
    row = root.locator("tr[data-tag='Tank010.Level']")
    expect(row).to_be_visible()
    row.evaluate("node => node.mark = 'kept'")
    first_age = row.locator(".mxgw-age").inner_text()
    scroller = root.locator(".mxgw-list")
    scroller.evaluate("node => node.scrollTop = 250")
    expect(root.locator("tr[data-tag='Tank034.Level']")).to_have_count(1)
    expect(row.locator(".mxgw-age")).not_to_have_text(first_age)
    assert row.evaluate("node => node.mark") == "kept"
