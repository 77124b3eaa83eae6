"""The rows of an alarm table and their acknowledging, in Chromium without a notebook."""

from __future__ import annotations

import csv
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from mxgw_notebook.widgets import AlarmRow, AlarmTable
from tests.browser.widget_page import WIDTHS, Bench, WidgetPage, data_of, overflows, row_of
from tests.widgets.doubles import ListedAlarms

pytestmark = pytest.mark.browser


def _alarms(count: int) -> list[AlarmRow]:
    now = time.time() * 1000
    return [
        AlarmRow(
            reference=f"Galaxy!Production{k % 3 + 1}.Tank{k:03}.Level.Hi",
            tag=f"Tank{k:03}.Level.Hi",
            area=f"Production{k % 3 + 1}",
            description="High level <b>not bold</b>",
            severity=(50, 300, 500, 800)[k % 4] + k,
            state=("unacknowledged", "acknowledged", "cleared unacknowledged")[k % 3],
            raised_ms=now - k * 65_000 if k else None,
            changed_ms=now,
            operator="jdoe" if k % 3 == 1 else "",
            comment="valve sticks" if k % 3 == 1 else "",
            value=f"{80 + k / 7:.2f}",
            limit="80.0",
            kind="Hi",
        )
        for k in range(count)
    ]


def _open_alarms(
    bench: Bench, source: ListedAlarms, *, theme: str = "light", width: int = 1200
) -> tuple[WidgetPage, Locator]:
    table = AlarmTable(source, bench.ticker, operator="jdoe")
    shown = bench.open(table, "alarm_table", theme=theme, width=width)
    root = shown.page.locator("[data-mxgw-widget=alarm-table]")
    wanted = str(len(source.rows))
    bench.pump(shown, lambda: data_of(root, "rows") == wanted)
    return shown, root


@pytest.mark.parametrize("theme", ["light", "dark", "none"])
@pytest.mark.parametrize("size", WIDTHS)
def test_an_alarm_table_shows_its_rows_in_every_theme_and_width(
    bench: Bench, screenshots: Path, theme: str, size: str
) -> None:
    source = ListedAlarms(_alarms(40))
    shown, root = _open_alarms(bench, source, theme=theme, width=WIDTHS[size])
    assert data_of(root, "unacknowledged") == "27"
    rows = root.locator("[data-reference]")
    expect(rows.first).to_have_attribute("data-state", "unacknowledged")
    expect(rows.first).to_contain_text("50")
    assert not overflows(shown.page)
    assert root.locator("b", has_text="not bold").count() == 0
    shown.page.screenshot(path=screenshots / f"alarm-table-{theme}-{size}.png")


def test_an_acknowledged_row_waits_for_the_plant_to_say_so(bench: Bench, screenshots: Path) -> None:
    source = ListedAlarms(_alarms(6))
    shown, root = _open_alarms(bench, source)
    reference = "Galaxy!Production1.Tank000.Level.Hi"
    row = row_of(root, reference)
    root.get_by_placeholder("Comment").fill("seen")
    row.get_by_role("button", name=f"Acknowledge {reference}").click()
    expect(row).to_contain_text("sending")
    assert source.asked == [([reference], "seen")]
    bench.pump(shown, lambda: "sent" in row.inner_text())
    expect(row).to_have_attribute("data-state", "unacknowledged")
    source.transit(reference, state="acknowledged", operator="jdoe", comment="seen")
    bench.pump(shown, lambda: data_of(row, "state") == "acknowledged")
    expect(row).to_contain_text("done")
    expect(root).to_have_attribute("data-unacknowledged", "3")
    shown.page.screenshot(path=screenshots / "alarm-table-acknowledged.png")


def test_several_selected_rows_are_acknowledged_and_a_refusal_says_why(
    bench: Bench, screenshots: Path
) -> None:
    source = ListedAlarms(_alarms(6))
    first, second = "Galaxy!Production1.Tank000.Level.Hi", "Galaxy!Production3.Tank002.Level.Hi"
    source.refusals[second] = "the key lacks the scope"
    shown, root = _open_alarms(bench, source)
    for reference in (first, second):
        row_of(root, reference).get_by_role("checkbox").check()
    root.get_by_role("button", name="Acknowledge selected (2)").click()
    assert sorted(source.asked[0][0]) == [first, second]
    notice = root.get_by_role("alert")
    bench.pump(shown, lambda: "the key lacks the scope" in notice.inner_text())
    expect(row_of(root, second)).to_contain_text("✗")
    expect(row_of(root, first)).to_contain_text("sent")
    shown.page.screenshot(path=screenshots / "alarm-table-refused.png")


def test_search_and_counts_narrow_the_rows(bench: Bench) -> None:
    _, root = _open_alarms(bench, ListedAlarms(_alarms(9)))
    rows = root.locator("[data-reference]")
    root.get_by_placeholder("Search").fill("production2 VALVE")
    expect(rows).to_have_count(3)
    root.get_by_placeholder("Search").fill("tank004")
    expect(rows).to_have_count(1)
    root.get_by_placeholder("Search").fill("")
    root.get_by_role("button", name="3 cleared unacknowledged").click()
    expect(rows).to_have_count(3)
    root.get_by_placeholder("Search").fill("nothing such")
    expect(root.get_by_text("No alarm matches the search.")).to_be_visible()


def test_rows_that_leave_the_board_leave_the_table(bench: Bench) -> None:
    source = ListedAlarms(_alarms(3))
    shown, root = _open_alarms(bench, source)
    for reference in list(source.rows):
        source.drop(reference)
    bench.pump(shown, lambda: data_of(root, "rows") == "0")
    expect(root.get_by_text("No active alarms.")).to_be_visible()


def test_a_new_and_more_urgent_alarm_goes_to_the_top(bench: Bench) -> None:
    source = ListedAlarms(_alarms(6))
    shown, root = _open_alarms(bench, source)
    source.put(AlarmRow("Galaxy!A.Trip", "Pump001.Trip", "A", "Trip", 1, "unacknowledged"))
    bench.pump(shown, lambda: data_of(root, "rows") == "7")
    expect(root.locator("[data-reference]").first).to_have_attribute("data-reference", "Galaxy!A.Trip")


def test_a_stopped_table_acknowledges_nothing(bench: Bench) -> None:
    source = ListedAlarms(_alarms(1))
    table = AlarmTable(source, bench.ticker)
    shown = bench.open(table, "alarm_table")
    root = shown.page.locator("[data-mxgw-widget=alarm-table]")
    bench.pump(shown, lambda: data_of(root, "rows") == "1")
    table.stop()
    shown.deliver()
    expect(shown.page.get_by_role("status")).to_have_text("stopped")
    row_of(root, "Galaxy!Production1.Tank000.Level.Hi").get_by_role("button").click()
    assert source.asked == []


@pytest.mark.parametrize("width", [500, 620, 760, 900])
def test_whether_it_is_live_stands_beside_the_counts_at_any_width(bench: Bench, width: int) -> None:
    _, root = _open_alarms(bench, ListedAlarms(_alarms(40)), width=width)
    count = root.locator(".mxgw-count").first.bounding_box()
    status = root.get_by_role("status").filter(has_text="live").bounding_box()
    assert count is not None
    assert status is not None
    assert count["y"] <= status["y"] + status["height"] / 2 <= count["y"] + count["height"]


def test_a_comment_is_used_up_by_the_acknowledge_that_carried_it(bench: Bench) -> None:
    source = ListedAlarms(_alarms(6))
    _, root = _open_alarms(bench, source)
    comment = root.get_by_placeholder("Comment")
    comment.fill("valve sticks, crew informed")
    button = row_of(root, "Galaxy!Production1.Tank000.Level.Hi").get_by_role("button", name="Acknowledge")
    button.hover()
    expect(button).to_have_attribute("title", re.compile("with the comment “valve sticks, crew informed”"))
    shown = button.evaluate("node => getComputedStyle(node, '::after').content")
    assert "valve" in shown
    button.click()
    expect(comment).to_have_value("")
    other = row_of(root, "Galaxy!Production1.Tank003.Level.Hi").get_by_role("button", name="Acknowledge")
    other.hover()
    expect(other).to_have_attribute("title", re.compile("without a comment"))
    other.click()
    assert [words for _, words in source.asked] == ["valve sticks, crew informed", ""]


def test_more_than_a_handful_are_asked_about_once(bench: Bench, screenshots: Path) -> None:
    source = ListedAlarms(_alarms(30))
    shown, root = _open_alarms(bench, source, width=700)
    root.get_by_role("button", name=re.compile("Select all")).click()
    root.get_by_role("button", name=re.compile("Acknowledge selected")).click()
    question = root.get_by_role("alertdialog")
    expect(question).to_contain_text("Acknowledge 20 alarms without a comment?")
    shown.page.screenshot(path=screenshots / "alarm-question.png")
    assert source.asked == []
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_be_hidden()
    root.get_by_role("button", name=re.compile("Acknowledge selected")).click()
    question.get_by_role("button", name="Acknowledge them").click()
    assert [len(references) for references, _ in source.asked] == [20]


def test_where_a_comment_is_required_there_is_no_acknowledge_without(bench: Bench) -> None:
    source = ListedAlarms(_alarms(3))
    table = AlarmTable(source, bench.ticker, comment_required=True)
    shown = bench.open(table, "alarm_table")
    root = shown.page.locator("[data-mxgw-widget=alarm-table]")
    bench.pump(shown, lambda: data_of(root, "rows") == "3")
    row = row_of(root, "Galaxy!Production1.Tank000.Level.Hi")
    row.get_by_role("button", name="Acknowledge").click()
    expect(root.get_by_role("alert")).to_contain_text("A comment is required")
    assert source.asked == []
    root.get_by_placeholder("Comment").fill("seen")
    row.get_by_role("button", name="Acknowledge").click()
    assert source.asked == [(["Galaxy!Production1.Tank000.Level.Hi"], "seen")]


def test_a_severity_that_is_no_range_says_so(bench: Bench) -> None:
    _, root = _open_alarms(bench, ListedAlarms(_alarms(3)))
    severity = root.get_by_label("Filter Sev.")
    for wrong in ("abc", "<=", "1-", "-5", "=500", "1e2", "100,200"):
        severity.fill(wrong)
        expect(severity).to_have_attribute("aria-invalid", "true")
        expect(severity).to_have_attribute("title", re.compile("not a range"))
        expect(root.get_by_role("alert")).to_contain_text("not a range")
        severity.fill("<=300")
        expect(severity).to_have_attribute("aria-invalid", "false")
        expect(root.get_by_role("alert")).to_be_hidden()
        expect(severity).to_be_focused()


def test_what_is_shown_is_saved_as_csv_without_formulas(bench: Bench) -> None:
    rows = _alarms(6)
    rows[0] = replace(rows[0], comment="=1+1", value="-5")
    shown, root = _open_alarms(bench, ListedAlarms(rows))
    root.get_by_label("Filter Tag").fill("Tank00")
    with shown.page.expect_download() as saving:
        root.get_by_role("button", name="CSV").click()
    text = Path(saving.value.path()).read_text("utf-8-sig")
    table = list(csv.DictReader(text.splitlines()))
    assert len(table) == 6
    first = next(line for line in table if line["tag"] == rows[0].tag)
    assert (first["comment"], first["value"]) == ("'=1+1", "-5")


def test_a_column_is_dragged_wider_and_what_has_no_room_is_told(bench: Bench) -> None:
    shown, root = _open_alarms(bench, ListedAlarms(_alarms(6)), width=700)
    heading = root.locator(".mxgw-title-tag")
    before = heading.evaluate("node => node.offsetWidth")
    box = heading.locator(".mxgw-grip").bounding_box()
    assert box is not None
    mouse = shown.page.mouse
    mouse.move(box["x"] + 4, box["y"] + 10)
    mouse.down()
    mouse.move(box["x"] + 64, box["y"] + 10, steps=6)
    mouse.up()
    assert heading.evaluate("node => node.offsetWidth") >= before + 50
    expect(root.locator("summary")).to_have_text(re.compile(r"Columns \(\d hidden\)"))
    expect(root.locator("summary")).to_have_attribute("title", re.compile("No room for"))
