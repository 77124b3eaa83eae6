"""How a trend is drawn, and that it never passes for live when it is not; in Chromium without a notebook."""

from __future__ import annotations

import re
import time
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from mxgw_notebook.widgets import AUTOMATIC, ChosenScale, TagSamples, Trend, TrendTag
from mxgw_notebook.words import Phase
from tests.browser.widget_page import WIDTHS, Bench, data_of, overflows
from tests.widgets.doubles import ListedTrend

pytestmark = pytest.mark.browser

TAGS = [
    TrendTag("Pump001.Speed", units="rpm", description="Speed of pump 1"),
    TrendTag("Tank001.Level", units="m"),
    TrendTag("Tank002.Level", units="m"),
    TrendTag("TIC101.PV", units="°C"),
]


def _two_minutes(source: ListedTrend) -> None:
    """Four pens that end now, one of them poor for a while, and a time without a connection."""
    now = time.time() * 1000
    times = np.arange(now - 120_000, now, 500.0)
    phase = (times - now) / 1000
    quality = np.full(len(times), 192)
    quality[-90:-70], quality[-60:-45] = 88, 8
    level = 3 + 1.2 * np.sin(phase / 40)
    level[-60:-45] = np.nan
    source.put(0, times.tolist(), (1450 + 30 * np.sin(phase / 9)).tolist())
    source.put(1, times.tolist(), level.tolist(), quality.tolist())
    source.put(2, times[::8].tolist(), (2.2 + np.cos(phase[::8] / 50)).tolist())
    source.put(3, times.tolist(), (81 + np.sin(phase / 5)).tolist())
    source.outages = [(now - 18_000, now - 9_000)]


def _a_day_before(source: ListedTrend) -> None:
    """Two lines and a state, laid onto the same time; of the other pens nothing is known."""
    now = time.time() * 1000
    times = np.arange(now - 180_000, now + 60_000, 500.0)
    good = np.full(len(times), 192, np.uint8)
    level = 7.5 + np.minimum(0, (times - now + 20_000) / 60_000)
    source.before = [
        TagSamples(0, times, 1440 + 25 * np.cos((times - now) / 9000), good),
        TagSamples(1, times, level, good),
        TagSamples(4, times[[0, 120, 300]], np.array([1.0, 0.0, 1.0]), good[:3]),
    ]
    source.put(4, [now - 120_000, now - 60_000], [0, 1])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_axis_is_dragged_and_may_be_logarithmic(bench: Bench, screenshots: Path, theme: str) -> None:
    source, scales = ListedTrend(TAGS), {"m": ChosenScale(0, 10)}
    shown = bench.open(Trend(source, bench.ticker, scales=scales), "trend", theme=theme)
    root, mouse = shown.page.locator("[data-mxgw-widget=trend]"), shown.page.mouse
    _two_minutes(source)
    bench.pump(shown, lambda: data_of(root, "series") == "4")
    box = root.locator('.mxgw-axis[data-units="rpm"]').bounding_box()
    assert box is not None
    x, top, height = box["x"] + box["width"] / 2, box["y"], box["height"]
    mouse.move(x, top + height / 2)
    mouse.down()
    mouse.move(x, top + height / 4, steps=5)
    mouse.up()
    bench.pump(shown, lambda: "rpm" in scales)
    moved = scales["rpm"]
    assert moved.low is not None
    assert moved.high is not None
    assert 1380 < moved.low < 1410  # moved down by a quarter
    assert moved.high - moved.low == pytest.approx(72, abs=10)  # and not stretched
    scales["rpm"] = ChosenScale(1, 10_000, log=True)
    bench.pump(shown, lambda: '"rpm",1,10000,true' in (data_of(root, "scales") or ""))
    shown.page.screenshot(path=screenshots / f"trend-scales-{theme}.png")
    root.locator('.mxgw-axis[data-units="m"]').dblclick()
    bench.pump(shown, lambda: scales["m"] == AUTOMATIC)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_two_cursors_measure_what_lies_between_them(bench: Bench, screenshots: Path, theme: str) -> None:
    source = ListedTrend(TAGS)
    trend = Trend(source, bench.ticker)
    shown = bench.open(trend, "trend", theme=theme)
    root = shown.page.locator("[data-mxgw-widget=trend]")
    _two_minutes(source)
    bench.pump(shown, lambda: data_of(root, "series") == "4")
    button, rows = root.get_by_role("button", name="Cursors"), root.locator(".mxgw-measures tbody tr")
    button.click()
    bench.pump(shown, lambda: rows.count() == 4)
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(rows.first).to_contain_text("Pump001.Speed (rpm)")
    assert not overflows(shown.page)
    shown.page.screenshot(path=screenshots / f"trend-cursors-{theme}.png")
    with shown.page.expect_download() as saving:
        root.get_by_label("Save as").select_option("png")
    saving.value.save_as(screenshots / f"trend-cursors-saved-{theme}.png")
    with shown.page.expect_download() as saving:
        root.get_by_label("Save as").select_option("svg")
        bench.pump(shown, lambda: any(sent.content["kind"] == "file" for sent in shown.sent()))
    saving.value.save_as(screenshots / f"trend-cursors-saved-{theme}.svg")
    drawn = (screenshots / f"trend-cursors-saved-{theme}.svg").read_text("utf-8")
    assert "Slope a second" in drawn
    assert "Slope a second" in trend.snapshot_svg()  # and in the picture that a notebook keeps
    button.click()
    expect(root.locator(".mxgw-measures")).to_be_hidden()
    bench.pump(shown, lambda: "Slope a second" not in trend.snapshot_svg())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_notes_stand_over_the_plot_and_in_its_picture(bench: Bench, screenshots: Path, theme: str) -> None:
    source = ListedTrend(TAGS)
    shown = bench.open(Trend(source, bench.ticker), "trend", theme=theme, width=700)
    root = shown.page.locator("[data-mxgw-widget=trend]")
    _two_minutes(source)
    now = time.time() * 1000
    source.noted = [
        (now - 90_000, "valve <b>stuck</b> " * 12, "anna"),
        (now - 30_500, "one", "me"),
        (now - 30_000, "two", "me"),
    ]
    bench.pump(shown, lambda: data_of(root, "series") == "4")
    bench.pump(shown, lambda: root.get_by_role("button", name="note").count() == 2)
    one, two = root.get_by_role("button", name="Note at"), root.get_by_role("button", name="2 notes at")
    expect(two).to_have_text("2")
    one.hover()
    expect(root.get_by_text("valve <b>stuck</b>").first).to_be_visible()
    assert not overflows(shown.page)
    shown.page.screenshot(path=screenshots / f"trend-noted-{theme}.png")
    two.focus()
    expect(root.get_by_text("me: two")).to_be_visible()
    with shown.page.expect_download() as saving:
        root.get_by_label("Save as").select_option("png")
    assert re.fullmatch(r"trend-\d{8}-\d{6}Z\.png", saving.value.suggested_filename)
    saving.value.save_as(screenshots / f"trend-noted-saved-{theme}.png")
    shown.page.keyboard.press("Escape")
    root.locator(".mxgw-plot").focus()
    shown.page.keyboard.press("n")
    shown.page.keyboard.type("three")
    shown.page.keyboard.press("Enter")
    bench.pump(shown, lambda: "three" in [text for _, text, _ in source.noted])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [700, 1000, 1600])
def test_an_earlier_period_is_drawn_beside_the_present(
    bench: Bench, screenshots: Path, theme: str, width: int
) -> None:
    tags = [*TAGS, TrendTag("Pump001.Mode", words=("Off", "Running"))]
    source = ListedTrend(tags)
    shown = bench.open(Trend(source, bench.ticker), "trend", theme=theme, width=width)
    root = shown.page.locator("[data-mxgw-widget=trend]")
    _two_minutes(source)
    _a_day_before(source)
    bench.pump(shown, lambda: data_of(root, "series") == "5")
    assert root.locator(".mxgw-earlier").count() == 0
    source.shift_ms = 86_400_000
    rows = root.locator(".mxgw-earlier")
    bench.pump(shown, lambda: "7.5" in (rows.nth(1).text_content() or ""))
    expect(rows).to_have_count(5)
    expect(rows.nth(1)).to_contain_text("Tank001.Level, 24 h earlier")
    expect(rows.nth(2)).to_contain_text("nothing is known of")
    expect(rows.nth(4)).to_contain_text("Running")
    assert data_of(root, "series") == "5"  # of the present
    assert not overflows(shown.page)
    shown.page.screenshot(path=screenshots / f"trend-overlay-{theme}-{width}.png")
    source.shift_ms = 0.0
    bench.pump(shown, lambda: rows.count() == 0)


@pytest.mark.parametrize("theme", ["light", "dark", "none"])
@pytest.mark.parametrize("size", WIDTHS)
def test_a_trend_draws_its_tags_in_every_theme_and_width(
    bench: Bench, screenshots: Path, theme: str, size: str
) -> None:
    source = ListedTrend(TAGS)
    shown = bench.open(Trend(source, bench.ticker), "trend", theme=theme, width=WIDTHS[size])
    root = shown.page.locator("[data-mxgw-widget=trend]")
    _two_minutes(source)
    bench.pump(shown, lambda: data_of(root, "series") == "4")
    assert int(data_of(root, "points")) > 500
    expect(root.get_by_text("bad quality")).to_be_visible()
    expect(root.get_by_text("no connection")).to_be_visible()
    for tag in TAGS:
        expect(root.get_by_text(tag.tag, exact=True)).to_be_visible()
    assert data_of(root, "mxgw-theme") == ("dark" if theme == "dark" else "light")
    assert not overflows(shown.page)
    shown.page.screenshot(path=screenshots / f"trend-{theme}-{size}.png")


def test_a_trend_without_a_value_says_what_it_waits_for(bench: Bench) -> None:
    shown = bench.open(Trend(ListedTrend(TAGS[:2]), bench.ticker), "trend")
    expect(
        shown.page.get_by_text("waiting for the first value of Pump001.Speed, Tank001.Level")
    ).to_be_visible()


def test_a_lost_message_is_asked_for_again(bench: Bench) -> None:
    source = ListedTrend(TAGS[:1])
    trend = Trend(source, bench.ticker)
    shown = bench.open(trend, "trend")
    root = shown.page.locator("[data-mxgw-widget=trend]")
    now = time.time() * 1000
    source.put(0, [now - 3000], [1])
    bench.pump(shown, lambda: data_of(root, "points") == "1")
    source.put(0, [now - 2000], [2])
    time_of_loss = len(shown.sent())
    while len(shown.sent()) == time_of_loss:
        bench.ticker.tick()
    shown.lose()
    source.put(0, [now - 1000], [3])
    bench.pump(shown, lambda: data_of(root, "points") == "3")
    status = root.get_by_role("status")
    expect(status).to_have_attribute("data-holes", "1")
    lost = "Messages from the kernel were lost once; everything was sent again."
    expect(status).to_have_attribute("title", lost)


def test_a_picture_that_the_browser_cannot_make_is_not_passed_over_in_silence(bench: Bench) -> None:
    source = ListedTrend(TAGS[:1])
    shown = bench.open(Trend(source, bench.ticker), "trend")
    root = shown.page.locator("[data-mxgw-widget=trend]")
    source.put(0, [time.time() * 1000], [1])
    bench.pump(shown, lambda: data_of(root, "points") == "1")
    # As browsers answer for a canvas that is larger than they can encode.
    shown.page.evaluate("() => { HTMLCanvasElement.prototype.toBlob = (told) => told(null); }")
    root.get_by_label("Save as").select_option("png")
    expect(root.get_by_role("alert")).to_contain_text("This browser could not make a picture")


def test_a_second_view_shows_everything_at_once(bench: Bench) -> None:
    source = ListedTrend(TAGS)
    shown = bench.open(Trend(source, bench.ticker), "trend")
    roots = shown.page.locator("[data-mxgw-widget=trend]")
    _two_minutes(source)
    bench.pump(shown, lambda: data_of(roots.first, "series") == "4")
    shown.add_view()
    expect(roots.nth(1)).to_have_attribute("data-series", "4")


def test_a_paused_trend_stands_still_and_live_goes_on(bench: Bench) -> None:
    source = ListedTrend(TAGS)
    shown = bench.open(Trend(source, bench.ticker), "trend")
    root = shown.page.locator("[data-mxgw-widget=trend]")
    _two_minutes(source)
    bench.pump(shown, lambda: data_of(root, "series") == "4")
    pause = root.get_by_role("button", name="Pause")
    pause.focus()
    shown.page.keyboard.press("Enter")
    expect(root).to_have_attribute("data-paused", "true")
    expect(root.get_by_text("paused at")).to_be_visible()
    points = data_of(root, "points")
    before = data_of(root, "last-ms")
    source.put(0, [time.time() * 1000], [1500])
    bench.pump(shown, lambda: data_of(root, "last-ms") != before)
    assert data_of(root, "points") == points
    root.get_by_role("button", name="Live").click()
    expect(root).to_have_attribute("data-paused", "false")
    expect(root.get_by_role("button", name="Pause")).to_be_visible()


def test_a_stretch_drawn_with_the_mouse_is_shown_larger(bench: Bench) -> None:
    source = ListedTrend(TAGS)
    shown = bench.open(Trend(source, bench.ticker), "trend")
    root = shown.page.locator("[data-mxgw-widget=trend]")
    _two_minutes(source)
    bench.pump(shown, lambda: data_of(root, "series") == "4")
    points = int(data_of(root, "points"))
    shown.page.mouse.move(400, 150)
    shown.page.mouse.down()
    shown.page.mouse.move(600, 160, steps=4)
    shown.page.mouse.up()
    expect(root).to_have_attribute("data-paused", "true")
    bench.pump(shown, lambda: 0 < int(data_of(root, "points")) < points / 2)


def test_a_trend_says_when_it_is_not_live(bench: Bench) -> None:
    source = ListedTrend(TAGS)
    source.status, source.phase = "reconnecting: live again in 4 s", Phase.RECONNECTING
    trend = Trend(source, bench.ticker)
    shown = bench.open(trend, "trend")
    status = shown.page.get_by_role("status")
    bench.pump(shown, lambda: status.inner_text() == "reconnecting: live again in 4 s")
    expect(status).to_have_attribute("data-live", "no")
    trend.stop()
    shown.deliver()
    expect(status).to_have_text("stopped", timeout=10_000)
    expect(status).to_have_attribute("data-live", "no")


def test_a_trend_that_hears_nothing_does_not_pass_for_live(bench: Bench) -> None:
    shown = bench.open(Trend(ListedTrend(TAGS), bench.ticker), "trend")
    status = shown.page.get_by_role("status")
    bench.pump(shown, lambda: status.inner_text() == "live")
    expect(status).to_have_attribute("data-live", "yes")
    shown.page.evaluate("() => { const now = performance.now(); performance.now = () => now + 20_000; }")
    expect(status).to_have_text("no news from the kernel for 20 s")
    expect(status).to_have_attribute("data-live", "no")


def test_a_stopped_trend_keeps_its_lines_in_sight(bench: Bench) -> None:
    source = ListedTrend(TAGS[:1])
    trend = Trend(source, bench.ticker)
    shown = bench.open(trend, "trend")
    root = shown.page.locator("[data-mxgw-widget=trend]")
    long_ago = time.time() * 1000 - 3_600_000
    source.put(0, [long_ago, long_ago + 1000], [1, 2])
    bench.pump(shown, lambda: data_of(root, "points") == "1")
    trend.stop()
    shown.deliver()
    expect(root).to_have_attribute("data-points", "2")
