"""The galaxy tree in Chromium without a notebook: the real Python side, the real bundle."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, Page, expect

from mxgw_notebook.client import Reading
from mxgw_notebook.gateway.galaxy.browser import Browser, LiveValues
from mxgw_notebook.gateway.galaxy.tree_frames import FrameTree
from mxgw_notebook.gateway.model import Galaxy
from mxgw_notebook.gateway.tags.watch import Watch
from mxgw_notebook.live.loop import loop_thread
from mxgw_notebook.widgets import GalaxyTree
from tests.browser.widget_page import WidgetPage
from tests.widgets.doubles import record_comms
from tests.widgets.galaxies import application_object, area, galaxy_of, large_galaxy

pytestmark = pytest.mark.browser

FIRST_PAINT_SECONDS, CHILDREN_MS = 0.5, 100.0
# Delivers a message, and answers how long it takes until the page has been painted with it.
PAINTED = """async (content) => {
  const start = performance.now();
  deliver(content, []);
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - start;
}"""
EVIL = "<img src=x onerror=alert(1)>"


class Shown:
    """A tree on a page: its Python side, its page, and what is on it."""

    def __init__(self, page: Page, base: str, galaxy: Galaxy, live: LiveValues | None, theme: str) -> None:
        loop = loop_thread()
        self.browser = Browser(loop, FrameTree(galaxy), live, "plant.example:5001")
        (tree,) = self.browser.widget.children
        assert isinstance(tree, GalaxyTree)
        self.started = time.perf_counter()
        self.widget_page = WidgetPage(page, base, tree, "galaxy_tree", theme)
        self.page = page
        self.root: Locator = page.locator("[data-mxgw-widget=galaxy-tree]")

    def until(self, holds: Callable[[], object]) -> None:
        """Delivers until the page is as wanted."""
        deadline = time.monotonic() + 10
        while not holds():
            assert time.monotonic() < deadline, "the page did not get there within 10 s"
            self.widget_page.deliver()
            self.page.wait_for_timeout(5)

    def names(self) -> list[str]:
        """The names of the rows in sight."""
        return self.root.locator(".mxgw-name").all_inner_texts()

    def row(self, name: str) -> Locator:
        """The row of a name."""
        return self.root.locator(".mxgw-node", has=self.page.get_by_text(name, exact=True)).first

    def open(self, name: str) -> None:
        """Opens a node by its twisty, and waits for what is below."""
        before = self.root.get_attribute("data-rows")
        self.row(name).locator(".mxgw-twisty").click()
        self.until(lambda: self.root.get_attribute("data-rows") != before)


@pytest.fixture
def show(chromium: Chromium, base: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Shown]]:
    """Shows a galaxy on a page of its own; complaints of the page fail the test."""
    record_comms(monkeypatch.setattr)
    complaints: list[str] = []
    pages: list[Page] = []

    def shown(
        galaxy: Galaxy, live: LiveValues | None = None, *, theme: str = "light", width: int = 1000
    ) -> Shown:
        page = chromium.new_page(viewport={"width": width, "height": 620})
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        pages.append(page)
        made = Shown(page, base, galaxy, live, theme)
        made.until(lambda: made.root.get_attribute("data-rows"))
        return made

    yield shown
    for page in pages:
        page.close()
    assert complaints == []


@pytest.fixture
def small() -> Galaxy:
    """Two areas; in the first an object with an attribute of sub-attributes."""
    names = ["Speed", "Speed.EngUnits", "AlarmHigh", EVIL]
    return galaxy_of(
        [
            area(1, "North"),
            area(2, "South"),
            application_object(3, "Pump1", 1, names),
            application_object(4, "Pump2", 1, ["Speed"]),
            application_object(5, EVIL, 2, ["Level"], template="$Tank"),
        ]
    )


def test_a_node_is_opened_by_key_and_by_click(show: Callable[..., Shown], small: Galaxy) -> None:
    shown = show(small)
    shown.until(lambda: shown.names() == ["North", "South"])
    shown.root.locator(".mxgw-tree").focus()
    for key in ("ArrowDown", "ArrowRight"):
        shown.page.keyboard.press(key)
    shown.until(lambda: shown.names() == ["North", "Pump1", "Pump2", "South"])
    shown.open("Pump1")
    assert shown.names() == ["North", "Pump1", "Speed", "AlarmHigh", EVIL, "Pump2", "South"]
    shown.open("Speed")
    assert shown.names()[2:4] == ["Speed", "EngUnits"]
    assert shown.row("AlarmHigh").locator('[data-mark="alarm"]').count() == 1
    shown.page.keyboard.press("Home")
    shown.page.keyboard.press("ArrowLeft")
    shown.until(lambda: shown.names() == ["North", "South"])


def test_what_the_plant_says_is_never_markup(show: Callable[..., Shown], small: Galaxy) -> None:
    shown = show(small)
    shown.until(lambda: len(shown.names()) == 2)
    shown.open("South")
    assert EVIL in shown.names()
    assert shown.root.locator("img").count() == 0


def test_the_filter_leaves_what_fits_and_what_is_above_it(show: Callable[..., Shown], small: Galaxy) -> None:
    shown = show(small)
    shown.root.locator(".mxgw-filter").fill("pump2 speed")
    shown.until(lambda: shown.names() == ["North", "Pump2", "Speed"])
    shown.root.locator(".mxgw-filter").fill("nothing like this")
    shown.until(lambda: shown.root.get_attribute("data-rows") == "0")
    expect(shown.root.locator(".mxgw-placeholder")).to_contain_text("Nothing")


def test_what_the_filter_hides_is_selected_no_more_and_said_so(
    show: Callable[..., Shown], small: Galaxy
) -> None:
    shown = show(small)
    shown.until(lambda: len(shown.names()) == 2)
    shown.open("North")
    shown.row("Pump1").click()
    shown.row("Pump2").click(modifiers=["Control"])
    shown.until(lambda: len(shown.browser.objects) == 2)
    shown.root.locator(".mxgw-filter").fill("pump2")
    shown.until(lambda: shown.browser.objects["tag_name"].tolist() == ["Pump2"])
    expect(shown.root.locator(".mxgw-outcome")).to_have_text("1 not shown here, no longer selected")


def test_templates_are_a_view_of_their_own(show: Callable[..., Shown], small: Galaxy) -> None:
    shown = show(small)
    shown.root.get_by_role("button", name="Templates").click()
    shown.until(lambda: shown.names() == ["$Area", "$UserDefined"])
    shown.open("$UserDefined")
    assert shown.names() == ["$Area", "$UserDefined", "$Pump", "$Tank"]
    shown.open("$Pump")
    assert shown.names()[3:5] == ["Pump1", "Pump2"]


def test_the_selection_is_a_dataframe(show: Callable[..., Shown], small: Galaxy) -> None:
    shown = show(small)
    shown.until(lambda: len(shown.names()) == 2)
    shown.open("North")
    shown.open("Pump1")
    shown.row("AlarmHigh").click()
    shown.row("Pump2").click(modifiers=["Control"])
    shown.until(lambda: shown.browser.selection["tag"].tolist() == ["Pump1.AlarmHigh", "Pump2.Speed"])
    shown.row("Speed").click()
    shown.row("Pump2").click(modifiers=["Shift"])
    shown.until(lambda: len(shown.browser.selection) == 4)
    assert shown.browser.objects["tag_name"].tolist() == ["Pump2"]


def test_read_shows_values_beside_the_tags(show: Callable[..., Shown], small: Galaxy) -> None:
    async def read(tags: Sequence[str], *, timeout: float) -> list[Reading]:
        return [Reading(tag, "rpm" if tag.endswith(".EngUnits") else 41.5, 192) for tag in tags]

    async def watch(tags: Sequence[str]) -> Watch:
        raise AssertionError("nobody watches here")

    shown = show(small, LiveValues(read, watch))
    shown.until(lambda: len(shown.names()) == 2)
    shown.open("North")
    shown.open("Pump2")
    shown.row("Speed").click()
    shown.root.get_by_role("button", name="Read").click()
    shown.until(lambda: shown.root.locator(".mxgw-value").count() == 1)
    assert shown.row("Speed").locator(".mxgw-value").inner_text() == "41.5 rpm"


def test_a_saved_galaxy_has_no_buttons_for_live_values(show: Callable[..., Shown], small: Galaxy) -> None:
    shown = show(small)
    expect(shown.root.get_by_role("button", name="Watch")).to_be_hidden()
    expect(shown.root.get_by_role("button", name="Copy tags")).to_be_visible()


def test_an_empty_galaxy_says_so(show: Callable[..., Shown]) -> None:
    shown = show(galaxy_of([]))
    said = shown.root.locator(".mxgw-placeholder")
    shown.until(lambda: said.inner_text() == "The galaxy is empty.")


def test_an_object_with_20000_attributes_is_scrolled_not_drawn(show: Callable[..., Shown]) -> None:
    names = [f"Value{number:05}" for number in range(20_000)]
    shown = show(galaxy_of([area(1, "North"), application_object(2, "Big", 1, names)]))
    shown.until(lambda: shown.names() == ["North"])
    shown.open("North")
    shown.open("Big")
    assert shown.root.get_attribute("data-rows") == "20002"
    shown.root.locator(".mxgw-tree").focus()
    shown.page.keyboard.press("End")
    shown.until(lambda: "Value19999" in shown.names())
    assert len(shown.names()) < 100


def test_100000_objects_are_painted_in_half_a_second_and_10000_children_in_a_tenth(
    show: Callable[..., Shown], small: Galaxy
) -> None:
    large, paints = large_galaxy(), []
    for _ in range(3):
        little = show(small)
        little.until(lambda: len(little.names()) == 2)  # noqa: B023  used at once
        # What this machine takes at present for a page with two rows is not the large galaxy's.
        page_seconds = time.perf_counter() - little.started
        shown = show(large)
        shown.until(lambda: len(shown.names()) == 10)  # noqa: B023
        paints.append(time.perf_counter() - shown.started - page_seconds)
    assert min(paints) < FIRST_PAINT_SECONDS, paints
    times = []
    for number, name in enumerate(("Area01", "Area02", "Area03")):
        start = time.perf_counter()
        assert len(loop_thread().run(shown.browser.tree.children("areas", f"o{number}", ""))) == 9_999
        kernel_ms = (time.perf_counter() - start) * 1000
        before = len(shown.widget_page.sent())
        shown.row(name).locator(".mxgw-twisty").click()
        while len(shown.widget_page.sent()) == before:
            shown.page.wait_for_timeout(1)
        page_ms = shown.page.evaluate(PAINTED, shown.widget_page.sent()[-1].content)
        shown.widget_page.lose()  # it was delivered by hand
        shown.row(name).locator(".mxgw-twisty").click()
        times.append(kernel_ms + page_ms)
    assert min(times) < CHILDREN_MS, times


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [480, 1000])
def test_the_tree_fits_every_theme_and_width(
    show: Callable[..., Shown], small: Galaxy, screenshots: Path, theme: str, width: int
) -> None:
    shown = show(small, theme=theme, width=width)
    shown.until(lambda: len(shown.names()) == 2)
    shown.open("North")
    shown.open("Pump1")
    shown.row("AlarmHigh").click()
    shown.page.screenshot(path=screenshots / f"galaxy-tree-{theme}-{width}.png")
    scrolls = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not shown.page.evaluate(scrolls)
