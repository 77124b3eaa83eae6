"""A flood from the embedded gateway, over the wire, into the alarm table in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from mxgw_notebook.gateway import AlarmReview, connect, disconnect
from mxgw_notebook.live import loop_thread
from mxgw_notebook.simulator.clock import ManualClock
from mxgw_notebook.simulator.keys import SCOPES, Key
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.plant.alarm import Alarm
from mxgw_notebook.simulator.server import ServedGateway, serving
from tests.browser.widget_page import Bench, WidgetPage, data_of, row_of
from tests.conftest import KEY, Eventually

pytestmark = pytest.mark.browser

READER = Key("mxgw_reader_secret", scopes=SCOPES - {"invoke:write"})


@pytest.fixture
def plant() -> Iterator[ServedGateway]:
    """A gateway on the loop thread; its plant stands still, so that alarms come when a test says so."""
    stack = AsyncExitStack()
    options = GatewayOptions(seed=1, api_key=KEY, keys=(READER,), clock=ManualClock())
    yield loop_thread().run(stack.enter_async_context(serving(options)))
    disconnect()
    loop_thread().run(stack.aclose())


def on_loop(work: Callable[[], object]) -> None:
    """Does something where the plant lives."""

    async def done() -> None:
        work()

    loop_thread().run(done())


def flood(plant: ServedGateway) -> list[Alarm]:
    """Raises every alarm of the plant at once."""
    alarms = [alarm for alarm in plant.plant.board.alarms.values() if isinstance(alarm, Alarm)]

    def trip() -> None:
        for alarm in alarms:
            alarm.trip(plant.plant.now)

    on_loop(trip)
    return alarms


def opened(bench: Bench, review: AlarmReview, count: int, theme: str = "light") -> tuple[WidgetPage, Locator]:
    shown = bench.open(review.table(), "alarm_table", theme=theme)
    root = shown.page.locator("[data-mxgw-widget=alarm-table]")
    bench.pump(shown, lambda: data_of(root, "shown") == str(count))
    return shown, root


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_flood_is_filtered_sorted_selected_and_acknowledged(
    bench: Bench, plant: ServedGateway, screenshots: Path, theme: str
) -> None:
    review = connect(plant.endpoint, api_key=KEY, plaintext=True, writable="tests").alarms(operator="tester")
    shown = bench.open(review.table(), "alarm_table", theme=theme)
    root = shown.page.locator("[data-mxgw-widget=alarm-table]")
    alarms = flood(plant)
    bench.pump(shown, lambda: data_of(root, "shown") == str(len(alarms)))
    shown.page.screenshot(path=screenshots / f"flood-{theme}.png")

    root.get_by_placeholder("Search").fill("tank0")
    tanks = [alarm for alarm in alarms if "tank0" in alarm.reference.lower()]
    bench.pump(shown, lambda: data_of(root, "shown") == str(len(tanks)))
    root.get_by_role("columnheader", name="Tag").get_by_role("button").click()
    tags = sorted(alarm.source_reference.lower() for alarm in tanks)
    expect(root.locator("[data-reference]").first).to_contain_text(tags[0], ignore_case=True)

    for place in (0, 1, 2):
        root.locator("[data-reference]").nth(place).get_by_role("checkbox").check()
    bench.pump(shown, lambda: len(review.selection()) == 3)
    chosen = review.selection()["reference"].tolist()
    root.get_by_placeholder("Comment").fill("one pipe, three tanks")
    root.get_by_role("button", name="Acknowledge selected (3)").click()
    for reference in chosen:
        bench.pump(shown, lambda name=reference: data_of(row_of(root, name), "state") == "acknowledged")  # type: ignore[misc]
        expect(row_of(root, reference)).to_contain_text("✓ done")
    assert sorted(review.filtered()["reference"]) == sorted(alarm.reference for alarm in tanks)
    known = {alarm.reference: alarm for alarm in alarms}
    acknowledged = [known[reference].state for reference in chosen]
    assert {(state.acked, state.operator, state.comment) for state in acknowledged} == {
        (True, "tester", "one pipe, three tanks")
    }
    shown.page.screenshot(path=screenshots / f"flood-acknowledged-{theme}.png")
    # The first two clear, and leave; the third one is raised again.
    for name in chosen[:2]:
        on_loop(partial(known[name]._clear, plant.plant.now))
    on_loop(lambda: known[chosen[2]].trip(plant.plant.now))
    bench.pump(shown, lambda: data_of(root, "shown") == str(len(tanks) - 2))
    bench.pump(shown, lambda: data_of(row_of(root, chosen[2]), "state") == "unacknowledged")
    assert review.episodes()["state"].value_counts()["over"] == 2


def test_one_that_is_over_and_one_that_is_unknown_say_why_in_their_rows(
    bench: Bench, plant: ServedGateway, screenshots: Path, eventually: Eventually
) -> None:
    gateway = connect(plant.endpoint, api_key=KEY, plaintext=True, writable="tests")
    review = gateway.alarms(operator="tester")
    over, unknown, *_ = alarms = flood(plant)
    shown, root = opened(bench, review, len(alarms))
    root.get_by_placeholder("Search").fill(over.reference.split("!")[1])
    bench.pump(shown, lambda: row_of(root, over.reference).count() == 1)

    def end() -> None:
        over.acknowledge("by somebody else", "asmith", plant.plant.now)
        over._clear(plant.plant.now)

    # The page has not heard of it yet when the button is pressed.
    on_loop(end)
    eventually(lambda: over.reference not in set(review.frame()["reference"]))
    row_of(root, over.reference).get_by_role("button", name="Acknowledge").click()
    bench.pump(shown, lambda: "is over" in row_of(root, over.reference).inner_text())

    root.get_by_placeholder("Search").fill(unknown.reference.split("!")[1])
    on_loop(lambda: plant.plant.board.alarms.pop(unknown.reference))
    bench.pump(shown, lambda: row_of(root, unknown.reference).count() == 1)
    row_of(root, unknown.reference).get_by_role("button", name="Acknowledge").click()
    bench.pump(shown, lambda: "No alarm is called" in row_of(root, unknown.reference).inner_text())
    assert gateway.audit()["acknowledged"].tolist() == [False, False]
    shown.page.screenshot(path=screenshots / "flood-unknown.png")


def test_a_key_without_the_scope_says_so_in_the_row(
    bench: Bench, plant: ServedGateway, screenshots: Path
) -> None:
    alarms = flood(plant)
    review = connect(plant.endpoint, api_key=READER.text, plaintext=True, writable="tests").alarms()
    shown, root = opened(bench, review, len(alarms), theme="dark")
    row = root.locator("[data-reference]").first
    row.get_by_role("button", name="Acknowledge").click()
    bench.pump(shown, lambda: "invoke:write" in root.locator(".mxgw-notice").inner_text())
    expect(row).to_contain_text("✗")
    expect(row).to_have_attribute("data-state", "unacknowledged")
    assert READER.text not in shown.page.content()
    shown.page.screenshot(path=screenshots / "flood-no-scope-dark.png")
