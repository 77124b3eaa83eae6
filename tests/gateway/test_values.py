"""Reading, writing and watching through the facade."""

from __future__ import annotations

import signal
import threading
import time

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.client import Allowed
from mxgw_notebook.errors import ConfigurationError, GatewayError, TagError, WriteError
from mxgw_notebook.gateway import Gateway, Watch, connect
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.analysis.quality_frames import by_quality
from tests.conftest import KEY, Eventually
from tests.widgets.doubles import comm_of

SPEED, LEVEL = "Pump001.Speed", "Tank001.Level"
SETPOINT = "FIC101.SP"


# ------------------------------------------------------------------ read


def test_reading_gives_one_row_a_tag_in_the_order_asked(gateway: Gateway) -> None:
    frame = gateway.read(LEVEL, [SPEED, LEVEL])
    assert frame["tag"].tolist() == [LEVEL, SPEED, LEVEL]
    assert frame["quality"].tolist() == ["good"] * 3
    assert str(frame["timestamp"].dtype) == "datetime64[ns, UTC]"
    assert frame.attrs == {"endpoint": gateway.endpoint}


def test_a_misspelt_tag_is_one_failed_row(gateway: Gateway) -> None:
    frame = gateway.read(SPEED, "Nope.Nope")
    assert frame["failure"].tolist()[0] == ""
    assert "invalid reference" in frame["failure"].tolist()[1]
    assert frame["value"].tolist()[1] is None


def test_all_tags_failing_is_an_error_that_lists_them(gateway: Gateway) -> None:
    with pytest.raises(TagError) as caught:
        gateway.read("Nope.A", "Nope.B")
    assert list(caught.value.failures) == ["Nope.A", "Nope.B"]
    assert "\n" not in str(caught.value)


def test_one_failing_tag_is_an_error_where_that_is_asked_for(gateway: Gateway) -> None:
    with pytest.raises(TagError, match=r"Nope\.Nope: invalid reference"):
        gateway.read(SPEED, "Nope.Nope", errors="raise")


def test_a_misspelt_tag_is_met_with_those_spelt_alike(gateway: Gateway) -> None:
    gateway.objects()  # the galaxy is known from here on
    with pytest.raises(TagError, match=r"Did you mean .*Pump001\.Speed"):
        gateway.read("Pump001.Sped")


def test_a_bare_array_name_shows_its_number_and_that_brackets_are_missing(gateway: Gateway) -> None:
    frame = gateway.read(SPEED, "Tank001.StrappingTable")
    assert "(1003: an array's name without [])" in frame["failure"].tolist()[1]
    gateway.objects()  # the galaxy is known from here on, and would propose the bare name again
    with pytest.raises(TagError, match=r"1003.* An array is named with \[\]"):
        gateway.read("Tank001.StrappingTable")


@pytest.mark.parametrize("tags", [[], [[]], [""], [["Pump001.Speed", 5]]])
def test_what_is_no_tag_is_not_sent(gateway: Gateway, tags: list[str]) -> None:
    with pytest.raises(GatewayError, match="No tag given|are not all tags"):  # noqa: RUF043
        gateway.read(*tags)


def test_arrays_and_texts_are_read_as_they_are(gateway: Gateway) -> None:
    charges, text = gateway.read("Recipe_101.Charges[]", "Pump001.Description")["value"]
    assert isinstance(charges, np.ndarray)
    assert isinstance(text, str)


# ------------------------------------------------------------------ write


@pytest.mark.parametrize(
    ("tag", "value", "read_back"),
    [
        ("FIC101.SP", "41.5", 41.5),
        ("FIC101.SP", 42, 42.0),
        ("Recipe_101.Charges[]", [1, 2.5], [1.0, 2.5]),
    ],
)
def test_a_written_value_is_converted_to_the_attributes_type(
    gateway: Gateway, tag: str, value: object, read_back: object
) -> None:
    before = gateway.read(tag)["value"].iloc[0]
    outcome = gateway.write(tag, value)
    assert outcome.columns.tolist() == ["tag", "written", "outcome"]
    assert outcome["outcome"].tolist() == ["completed"]
    after = gateway.read(tag)["value"].iloc[0]
    assert (after.tolist() if isinstance(after, np.ndarray) else after) == read_back
    gateway.write(tag, before)


def test_a_value_of_another_type_is_refused_before_it_is_sent(gateway: Gateway) -> None:
    with pytest.raises(ConfigurationError, match="'abc' cannot be written as"):
        gateway.write("FIC101.SP", "abc")


def test_infinity_and_an_empty_array_are_written_where_they_are_asked_for(gateway: Gateway) -> None:
    asked: list[tuple[str, object, Allowed]] = [
        ("FIC101.SP", float("inf"), {"allow_nonfinite": True}),
        ("Recipe_101.Charges[]", [], {"allow_empty": True}),
    ]
    for tag, value, allowed in asked:
        before = gateway.read(tag)["value"].iloc[0]
        with pytest.raises(ConfigurationError, match=f"{next(iter(allowed))}=True"):
            gateway.write(tag, value)
        assert gateway.write(tag, value, **allowed)["outcome"].tolist() == ["completed"]
        gateway.write(tag, before)


@pytest.mark.parametrize(("tag", "detail"), [("Pump001.Reset", 1012), ("Tank001.InService", 1013)])
def test_a_secured_attribute_is_refused_with_what_it_takes(gateway: Gateway, tag: str, detail: int) -> None:
    with pytest.raises(WriteError, match=f"{detail}.*signed user"):
        gateway.write(tag, True)


def test_an_attribute_for_viewing_only_says_so(gateway: Gateway) -> None:
    with pytest.raises(WriteError, match="ViewOnly"):
        gateway.write("Tank001.Level", 1.0)


def test_writing_to_a_misspelt_tag_is_met_with_those_spelt_alike(gateway: Gateway) -> None:
    with pytest.raises(TagError, match=r"Did you mean FIC101\.SP"):
        gateway.write("FIC101.SPP", 1)


# ------------------------------------------------------------------ watch


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
    watch = gateway.watch(SETPOINT, SPEED)
    eventually(lambda: len(watch.frame()) > 0 and span_of(watch) > pd.Timedelta(seconds=5))
    newest = watch.frame(last="2s")
    kept = newest[newest["tag"] == SETPOINT]
    assert len(kept) == 1
    assert newest["timestamp"].max() - kept["timestamp"].iloc[0] == pd.Timedelta(seconds=2)
    assert watch.wide(grid="1s", last="2s")[SETPOINT].notna().all()
    states = by_quality(newest).time_in_state()
    assert states.loc[states["tag"] == SETPOINT, "seconds"].tolist() == [pytest.approx(2.0)]
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
    watch.stop()
    assert gateway.status().loc["tags watched", "value"] == 0
