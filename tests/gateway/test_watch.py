"""Watching through the facade: what a watch has, how it ends, and what it does while the gateway is away."""

from __future__ import annotations

import signal
import threading
import time

import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError, TagError
from mxgw_notebook.gateway import Gateway, Watch, connect
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.analysis.quality_frames import by_quality
from tests.conftest import KEY, Eventually
from tests.widgets.doubles import comm_of

SPEED, LEVEL = "Pump001.Speed", "Tank001.Level"
SETPOINT, RUNNING = "FIC101.SP", "Pump001.Running"


def test_a_watch_has_the_present_values_when_it_returns(gateway: Gateway) -> None:
    watch = gateway.watch(SPEED, LEVEL)
    assert set(watch.frame()["tag"]) == {SPEED, LEVEL}
    watch.stop()


def test_a_watch_collects_values_until_it_is_stopped(gateway: Gateway, eventually: Eventually) -> None:
    watch = gateway.watch(SPEED, [LEVEL, SPEED])
    assert watch.tags == [SPEED, LEVEL]
    eventually(lambda: set(watch.frame()["tag"]) == {SPEED, LEVEL} and len(watch.frame()) > 4)
    wide = watch.wide()
    assert wide.columns.tolist() == [SPEED, LEVEL]
    assert wide.index.is_monotonic_increasing
    assert watch.frame().attrs["units"][LEVEL]
    assert watch.frame().attrs["outages"] == []
    watch.stop()
    watch.stop()
    assert "stopped" in repr(watch)
    kept = len(watch.frame())
    assert kept > 4
    gateway.read(SPEED)
    assert len(watch.frame()) == kept


def test_a_watched_tag_that_fails_stands_beside_those_that_do_not(gateway: Gateway) -> None:
    watch = gateway.watch(SPEED, "Nope.Nope")
    assert watch.tags == [SPEED]
    assert list(watch.failures) == ["Nope.Nope"]
    watch.stop()


def test_a_watch_in_which_every_tag_fails_is_an_error(gateway: Gateway) -> None:
    with pytest.raises(TagError, match=r"Nope\.Nope"):
        gateway.watch("Nope.Nope")
    assert gateway.status().loc["tags watched", "value"] == 0


def test_two_watches_of_one_tag_stop_apart(gateway: Gateway, eventually: Eventually) -> None:
    first, second = gateway.watch(SPEED), gateway.watch(SPEED)
    first.stop()
    seen = len(second.frame())
    eventually(lambda: len(second.frame()) > seen)
    second.stop()
    assert gateway.status().loc["tags watched", "value"] == 0


def test_collecting_waits_and_gives_what_came(gateway: Gateway) -> None:
    watch = gateway.watch(SPEED)
    begun = time.monotonic()
    frame = watch.collect(0.3)
    assert time.monotonic() - begun >= 0.3
    assert len(frame) >= 1
    watch.stop()


def test_an_interrupt_ends_collecting_within_a_second(gateway: Gateway) -> None:
    watch = gateway.watch(SPEED)
    timer = threading.Timer(0.3, signal.raise_signal, [signal.SIGINT])
    begun = time.monotonic()
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        watch.collect(60)
    assert time.monotonic() - begun < 1.3
    assert gateway.read(SPEED)["failure"].tolist() == [""]
    watch.stop()


def test_closing_the_gateway_stops_its_watches_and_reviews(gateway: Gateway) -> None:
    watch, review = gateway.watch(SPEED), gateway.alarms()
    gateway.close()
    assert watch.stopped
    assert review.stopped
    assert isinstance(watch.frame(), pd.DataFrame)
    assert review.status == "stopped"


def test_a_page_is_told_whether_it_shows_the_plant_as_it_is_now(
    own_embedded: EmbeddedGateway, eventually: Eventually, page: None
) -> None:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True)
    watch, review = gateway.watch(SPEED), gateway.alarms()
    widgets = [watch.trend(), watch.table(), review.table()]

    def told() -> list[tuple[str, str]]:
        newest = [sent[-1].content for widget in widgets if (sent := comm_of(widget).custom())]
        return [(content["phase"], content["status"]) for content in newest]

    eventually(lambda: told() == [("live", "live")] * 3)
    own_embedded.stop()
    eventually(lambda: [phase for phase, _ in told()] == ["reconnecting"] * 3)
    assert all(status.startswith("reconnecting: ") for _, status in told())
    gateway.close()


def test_values_go_on_after_the_gateway_was_away(
    own_embedded: EmbeddedGateway, eventually: Eventually
) -> None:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True)
    watch = gateway.watch(SPEED)
    eventually(lambda: len(watch.frame()))
    own_embedded.stop()
    eventually(lambda: gateway.status()["value"]["live values"].startswith("reconnecting"))
    facts = gateway.status()["value"]
    assert facts["galaxy database"].startswith("not known")
    seen = len(watch.frame())
    port = int(own_embedded.endpoint.rpartition(":")[2])
    with EmbeddedGateway.start(port=port, seed=1, api_key=KEY):
        eventually(lambda: len(watch.frame()) > seen)
        ((start, end),) = watch.frame().attrs["outages"]
        assert pd.Timestamp(start) < pd.Timestamp(end)
        wide, times = watch.wide(grid="10ms")[SPEED], watch.frame()["timestamp"]
        lost = (wide.index > start) & (wide.index < times[times > start].min())
        assert lost.any()
        assert wide[lost].isna().all()
        assert pd.notna(wide.iloc[-1])
        assert gateway.status().loc["outages", "value"] == 1
        gateway.close()


def test_another_reader_takes_over_in_the_same_session(gateway: Gateway, eventually: Eventually) -> None:
    watch = gateway.watch(SPEED, LEVEL)
    eventually(lambda: len(watch.frame()) > 2)
    gateway.read_by("process")
    seen = len(watch.frame())
    eventually(lambda: len(watch.frame()) > seen + 2)
    facts = gateway.status()["value"]
    assert (facts["read by"], facts["gaps"], facts["events dropped"]) == ("process", 0, 0)
    assert watch.health()["samples"].min() > 0
    watch.stop()


def test_a_setpoint_that_nobody_changes_has_a_value_in_the_last_seconds(
    gateway: Gateway, eventually: Eventually
) -> None:
    watch = gateway.watch(SETPOINT, RUNNING, SPEED)
    eventually(lambda: len(watch.frame()) > 0 and span_of(watch) > pd.Timedelta(seconds=5))
    newest, wide = watch.frame(last="4s"), watch.wide(grid="1s", last="4s")
    states = by_quality(newest).time_in_state()
    for tag in (SETPOINT, RUNNING):
        kept = newest[newest["tag"] == tag]
        assert len(kept) == 1
        assert newest["timestamp"].max() - kept["timestamp"].iloc[0] == pd.Timedelta(seconds=4)
        assert wide[tag].notna().all()
        assert states.loc[states["tag"] == tag, "seconds"].tolist() == [pytest.approx(4.0)]
    assert wide[RUNNING].all()
    watch.stop()


def span_of(watch: Watch) -> pd.Timedelta:
    times = watch.frame()["timestamp"]
    span: pd.Timedelta = times.max() - times.min()
    return span


def test_a_watch_takes_further_tags_and_lets_them_go(gateway: Gateway, eventually: Eventually) -> None:
    watch = gateway.watch(SPEED)
    watch.add(LEVEL, "Pump001.Running")
    assert watch.tags == [SPEED, LEVEL, "Pump001.Running"]
    eventually(lambda: watch.frame()["tag"].nunique() == 3)
    assert str(watch.wide()["Pump001.Running"].dtype) == "boolean"
    with pytest.raises(TagError, match=r"Nope\.Nope"):
        watch.add("Nope.Nope")
    watch.remove(SPEED)
    assert watch.tags == [LEVEL, "Pump001.Running"]
    assert watch.frame().attrs["limits"][LEVEL]
    assert len(watch.frame(count=1)) == 2
    assert len(watch.frame(last="1us")) >= 1
    for count in (-1, 0, 1.5, True):
        with pytest.raises(ConfigurationError, match="count is"):
            watch.frame(count=count)  # type: ignore[arg-type]
    watch.stop()
    assert gateway.status().loc["tags watched", "value"] == 0
