from __future__ import annotations

import time
from datetime import datetime

import numpy as np
import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.widgets import Trend, assets
from mxgw_notebook.widgets.outbox import MOST_MESSAGES_PER_SECOND
from mxgw_notebook.widgets.trend_file import trend_file
from mxgw_notebook.words import Phase
from tests.widgets.doubles import HandTicker, ListedTrend, Sent, comm_of


def _next(trend: Trend, ticker: HandTicker) -> Sent:
    """Tick until the next message has gone: the trend keeps its distance between two."""
    messages = comm_of(trend).custom()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        ticker.tick()
        if len(comm_of(trend).custom()) > len(messages):
            return comm_of(trend).custom()[len(messages)]
    raise AssertionError("no message within 5 s")


def _values(message: Sent) -> list[float]:
    return [float(value) for value in np.frombuffer(message.buffers[1], dtype="<f8")]


def test_the_first_message_carries_everything_kept(source: ListedTrend, ticker: HandTicker) -> None:
    source.put(0, [1000, 2000], [10, 20])
    source.put(1, [1500], [3], [88])
    message = _next(Trend(source, ticker), ticker)
    assert message.content["reset"] is True
    assert message.content["parts"] == [[0, 2], [1, 1]]
    assert np.frombuffer(message.buffers[0], dtype="<f8").tolist() == [1000, 2000, 1500]
    assert _values(message) == [10, 20, 3]
    assert list(message.buffers[2]) == [192, 192, 88]


def test_later_messages_carry_what_is_new_under_the_next_number(
    source: ListedTrend, ticker: HandTicker
) -> None:
    trend = Trend(source, ticker)
    first = _next(trend, ticker)
    source.put(1, [3000], [4])
    second = _next(trend, ticker)
    assert second.content["number"] == first.content["number"] + 1
    assert second.content["reset"] is False
    assert _values(second) == [4]


def test_a_resync_brings_everything_again(source: ListedTrend, ticker: HandTicker) -> None:
    source.put(0, [1000], [10])
    trend = Trend(source, ticker)
    _next(trend, ticker)
    comm_of(trend).say({"kind": "resync"})
    again = _next(trend, ticker)
    assert again.content["reset"] is True
    assert _values(again) == [10]


@pytest.mark.parametrize("content", [None, 7, "resync", [], {"kind": "dance"}, {"kind": None}, {}])
def test_messages_it_does_not_know_are_ignored(
    content: object, source: ListedTrend, ticker: HandTicker
) -> None:
    trend = Trend(source, ticker)
    _next(trend, ticker)
    comm_of(trend).say(content)
    source.put(0, [1000], [10])
    assert _next(trend, ticker).content["reset"] is False


def test_nothing_new_is_no_message(source: ListedTrend, ticker: HandTicker) -> None:
    trend = Trend(source, ticker)
    _next(trend, ticker)
    source.put(0, [1000], [10])
    _next(trend, ticker)
    count = len(comm_of(trend).custom())
    until = time.monotonic() + 3 / MOST_MESSAGES_PER_SECOND
    while time.monotonic() < until:
        ticker.tick()
    assert len(comm_of(trend).custom()) == count


def test_a_ticker_that_races_loses_no_sample_and_sends_no_faster(
    source: ListedTrend, ticker: HandTicker
) -> None:
    trend = Trend(source, ticker, updates_per_second=25)
    started = time.monotonic()
    for step in range(500):
        source.put(0, [step], [step])
        ticker.tick()
    seconds = time.monotonic() - started
    assert len(comm_of(trend).custom()) <= 1 + seconds * MOST_MESSAGES_PER_SECOND
    source.put(0, [500], [500])
    _next(trend, ticker)
    assert [value for sent in comm_of(trend).custom() for value in _values(sent)] == list(range(501))


def test_a_changed_status_or_outage_is_told_without_a_sample(source: ListedTrend, ticker: HandTicker) -> None:
    trend = Trend(source, ticker)
    _next(trend, ticker)
    source.status, source.phase = "reconnecting: no answer", Phase.RECONNECTING
    source.outages = [(1000.0, None)]
    message = _next(trend, ticker)
    assert message.content["status"] == "reconnecting: no answer"
    assert message.content["phase"] == "reconnecting"
    assert message.content["outages"] == [[1000.0, None]]


def test_a_stopped_trend_says_so_and_cancels_its_ticker(source: ListedTrend, ticker: HandTicker) -> None:
    trend = Trend(source, ticker)
    _next(trend, ticker)
    trend.stop()
    assert ticker.calls == []
    assert comm_of(trend).custom()[-1].content["status"] == "stopped"


def test_a_page_loaded_again_after_the_stop_still_gets_everything(
    source: ListedTrend, ticker: HandTicker
) -> None:
    source.put(0, [1000], [10])
    trend = Trend(source, ticker)
    trend.stop()
    deadline = time.monotonic() + 5
    while not comm_of(trend).custom()[-1].content["reset"] and time.monotonic() < deadline:
        comm_of(trend).say({"kind": "resync"})
    message = comm_of(trend).custom()[-1]
    assert message.content["status"] == "stopped"
    assert _values(message) == [10]


@pytest.mark.parametrize("skew_ms", [-3_600_000.0, 3_600_000.0])
def test_what_is_cleared_away_is_what_came_before_by_the_clock_of_the_samples(
    source: ListedTrend, ticker: HandTicker, skew_ms: float
) -> None:
    now = time.time() * 1000 + skew_ms
    source.now_ms = now
    source.put(0, [now - 1000, now - 1], [10, 20])
    trend = Trend(source, ticker)
    trend.clear()
    source.put(0, [now + 1], [30])
    assert _values(_next(trend, ticker)) == [20, 30]  # what held, and what came


def test_clearing_takes_a_tag_whose_clock_is_ahead_and_hides_nothing_of_the_others(
    source: ListedTrend, ticker: HandTicker
) -> None:
    source.now_ms = 5000
    source.put(0, [4000, 9000], [10, 20])
    source.put(1, [4000], [1])
    trend = Trend(source, ticker)
    trend.clear()
    source.put(0, [9500], [30])
    source.put(1, [5001], [2])
    assert _values(_next(trend, ticker)) == [20, 1, 30, 2]  # what held, and what came


def test_a_closed_trend_leaves_no_comm_and_no_tick(source: ListedTrend, ticker: HandTicker) -> None:
    trend = Trend(source, ticker)
    trend.close()
    assert trend.comm is None
    assert ticker.calls == []


@pytest.mark.parametrize("rate", [0, -1, 31])
def test_a_rate_beyond_the_servers_limit_is_refused(
    rate: float, source: ListedTrend, ticker: HandTicker
) -> None:
    with pytest.raises(ValueError, match="updates_per_second"):
        Trend(source, ticker, updates_per_second=rate)


def test_a_missing_bundle_is_one_line_that_says_what_to_run(
    source: ListedTrend, ticker: HandTicker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "STATIC", assets.STATIC / "nowhere")
    assets.bundle_text.cache_clear()
    with pytest.raises(ConfigurationError) as caught:
        Trend(source, ticker)
    assert "python -m mxgw_notebook.widgets.bundle" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_picture_says_how_the_feed_was_and_as_of_when(source: ListedTrend, ticker: HandTicker) -> None:
    trend = Trend(source, ticker)
    source.as_of_ms = datetime(2026, 2, 3, 4, 5, 6).astimezone().timestamp() * 1000
    source.phase, source.status = Phase.RECONNECTING, "reconnecting: <no route>"
    words = "reconnecting: &lt;no route&gt;, as of 04:05:06 on 2026-02-03"
    assert words in trend.snapshot_html()
    source.put(0, [0, 1000], [1, 2])
    _, _, saved = trend_file(source, "svg", 0, 2000, {})
    for picture in (trend.snapshot_svg(), saved.decode(), trend._repr_mimebundle_()[0]["text/html"]):  # type: ignore[index]  # it has one
        assert f">{words}</text>" in picture
    assert _next(trend, ticker).content["as_of_ms"] == source.as_of_ms


def test_time_that_goes_on_is_no_news(source: ListedTrend, ticker: HandTicker) -> None:
    source.as_of_ms = 1000.0
    trend = Trend(source, ticker)
    _next(trend, ticker)
    count, until = len(comm_of(trend).custom()), time.monotonic() + 3 / MOST_MESSAGES_PER_SECOND
    while time.monotonic() < until:
        source.as_of_ms += 1
        ticker.tick()
    assert len(comm_of(trend).custom()) == count


def test_after_clearing_what_holds_is_there(source: ListedTrend, ticker: HandTicker) -> None:
    source.put(0, [1000], [10])
    trend = Trend(source, ticker)
    _next(trend, ticker)
    trend.clear()
    cleared = _next(trend, ticker)
    assert _values(cleared) == [10]
    [at] = np.frombuffer(cleared.buffers[0], dtype="<f8")
    assert abs(at - time.time() * 1000) < 60_000
    assert cleared.content["carried"] == [[0, float(at), 1000.0]], "its age goes on"


def test_of_several_questions_about_the_cursors_the_last_is_answered(
    source: ListedTrend, ticker: HandTicker
) -> None:
    trend = Trend(source, ticker)
    began = 1_780_000_000_000
    source.put(0, [began, began + 10_000], [10, 20])
    _next(trend, ticker)
    say = comm_of(trend).say
    for request, end in ((1, began + 5_000), (2, began + 20_000)):
        say({"kind": "measure", "from_ms": began, "to_ms": end, "request": request})
    answer = _next(trend, ticker).content
    assert (answer["kind"], answer["request"]) == ("measures", 2)
    assert answer["rows"] == [["Pump001.Speed", 10, 20, 10, 15, 10, 20, 0.5, 100]]
    say({"kind": "measure", "from_ms": began - 5_000, "to_ms": began + 10_000, "request": 3})
    assert _next(trend, ticker).content["rows"][0][1:4] == [None, 20, None]
