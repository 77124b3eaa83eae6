"""The tuning bench: what an alarm would have done, as a plain loop of half seconds finds it."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.analysis import alarm_episodes, suggest, tune_alarm, tuning_chart
from mxgw_notebook.errors import ConfigurationError
from tests.analysis.logs import log, raises
from tests.analysis.quality_frames import frame_of

Row = tuple[float, Any, str]


def samples(*rows: Row, gaps: Any = ()) -> pd.DataFrame:
    return frame_of(*(("A", *row) for row in rows), gaps=gaps)


def good(*values: float, apart: float = 10) -> pd.DataFrame:
    return samples(*((k * apart, value, "good") for k, value in enumerate(values)))


def row_of(frame: pd.DataFrame, **settings: Any) -> Any:
    return tune_alarm(frame, 80, "hi", **settings).iloc[0]


def test_without_settings_each_crossing_is_an_alarm() -> None:
    row = row_of(good(70, 85, 79, 85, 70, 70), excursion="5s")
    assert (row["alarms"], row["time_in_alarm"], row["share"]) == (2, pd.Timedelta("20s"), 0.4)
    assert row["alarms_a_day"] == pytest.approx(2 * 86_400 / 50)
    assert (row["excursions"], row["missed"], row["longest_delay"]) == (2, 0, pd.Timedelta(0))


def test_a_deadband_holds_the_alarm_until_the_value_is_back_by_more() -> None:
    values = good(70, 85, 79, 85, 78, 77, 70)
    assert row_of(values, deadband=2)["alarms"] == 1
    assert row_of(values, deadband=2)["time_in_alarm"] == pd.Timedelta("40s")
    assert row_of(values, deadband=1)["alarms"] == 1
    assert row_of(values, deadband=0.5)["alarms"] == 2


def test_the_limit_itself_is_an_alarm_on_either_side() -> None:
    assert row_of(good(79, 80, 79))["alarms"] == 1
    low = tune_alarm(good(21, 20, 21, 30), 20, "lolo", deadband=5)
    assert (low["alarms"].iloc[0], low["time_in_alarm"].iloc[0]) == (1, pd.Timedelta("20s"))


def test_delays_want_an_unbroken_stretch() -> None:
    values = good(70, 85, 70, 85, 85, 70, 85)
    assert row_of(values, on_delay="15s")["alarms"] == 1
    assert row_of(values, on_delay="15s")["time_in_alarm"] == pd.Timedelta("5s")
    held = row_of(values, off_delay="15s")
    assert (held["alarms"], held["time_in_alarm"]) == (1, pd.Timedelta("50s"))


def test_what_is_not_known_is_no_time_in_alarm_and_breaks_a_delay() -> None:
    broken = samples((0, 85, "good"), (10, 85, "bad"), (20, 85, "good"), (30, 70, "good"), (40, 70, "good"))
    assert row_of(broken, on_delay="15s")["alarms"] == 0
    plain = row_of(broken)
    assert (plain["alarms"], plain["time_in_alarm"], plain["share"]) == (1, pd.Timedelta("20s"), 20 / 30)
    gapped = samples((0, 85, "good"), (40, 70, "good"), gaps=[(5, 35, "outage")])
    assert row_of(gapped)["time_in_alarm"] == pd.Timedelta("10s")
    assert row_of(gapped, on_delay="8s")["alarms"] == 0


def test_an_excursion_that_the_delay_outlasts_is_missed_and_a_late_alarm_says_how_late() -> None:
    values = good(*[70] * 3, *[85] * 7, *[70] * 12, *[85] * 30, *[70] * 3)
    table = tune_alarm(values, 80, on_delay=["0s", "20s", "100s"])
    assert table["excursions"].tolist() == [2, 2, 2]
    assert table["missed"].tolist() == [0, 0, 1]
    assert table["longest_delay"].tolist() == [pd.Timedelta(seconds=s) for s in (0, 20, 100)]


def test_nothing_known_is_unknown_not_quiet() -> None:
    row = row_of(samples((0, 85, "bad"), (10, 85, "bad")))
    assert row["alarms"] == 0
    assert pd.isna([row["alarms_a_day"], row["share"], row["longest_delay"]]).all()
    assert len(tune_alarm(samples(), 80)) == 1


@pytest.mark.parametrize("none", ["0", "0s", "0min", timedelta(0), np.timedelta64(0, "s"), 0])
@pytest.mark.parametrize("some", ["30s", 30, timedelta(seconds=30), np.timedelta64(30, "s")])
def test_a_delay_is_seconds_or_any_length_of_time(none: Any, some: Any) -> None:
    table = tune_alarm(good(70, 85, 70), 80, on_delay=[none, some], off_delay=none)
    assert table["on_delay"].tolist() == [pd.Timedelta(0), pd.Timedelta("30s")]
    assert tune_alarm(good(70, 85, 70), 80, off_delay=some)["off_delay"].tolist() == [pd.Timedelta("30s")]


def test_every_combination_is_a_row_in_the_order_of_the_settings() -> None:
    table = tune_alarm(good(70, 85), 80, deadband=[0, 1], on_delay=[0, "5s"], off_delay=["1min"])
    assert table["deadband"].tolist() == [0, 0, 1, 1]
    assert table["on_delay"].tolist() == [pd.Timedelta(0), pd.Timedelta("5s")] * 2
    assert table.attrs == {"tag": "A", "limit": 80.0, "kind": "hi"}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"kind": "rate"}, "not a kind"),
        ({"deadband": -1}, "deadband=-1 is not a number from 0 up"),
        ({"deadband": []}, "empty"),
        ({"on_delay": "soon"}, "not a length of time"),
        ({"limit": float("nan")}, "limit is a number"),
        ({"samples": frame_of(("A", 0, 1, "good"), ("B", 0, 1, "good"))}, "2 tags"),
        ({"samples": pd.DataFrame({"value": [1]})}, "not a long frame"),
    ],
)
def test_what_cannot_be_replayed_is_told_in_one_line(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        tune_alarm(**{"samples": good(70, 85), "limit": 80, **settings})


SECONDS = st.integers(0, 24)
ROWS = st.lists(
    st.tuples(
        SECONDS, st.sampled_from([60, 70, 78, 80, 85, float("nan")]), st.sampled_from(["good"] * 4 + ["bad"])
    ),
    max_size=12,
)
GAPS = st.lists(st.tuples(SECONDS, st.integers(1, 8), st.sampled_from(["outage", "dropped"])), max_size=2)
SETTINGS = st.tuples(
    st.sampled_from([0, 3, 15]), st.sampled_from([0, 0.5, 1, 3, 6]), st.sampled_from([0, 0.5, 2, 5]),
    st.sampled_from([1, 3]),
)  # fmt: skip


def known_at(tick: float, rows: list[Row], gaps: list[Any]) -> float | None:
    """What is known of the value at a moment: the last sample's value unless a gap came after it."""
    place = max(
        (k for k, row in enumerate(rows) if row[0] <= tick), key=lambda k: (rows[k][0], k), default=None
    )
    if place is None:
        return None
    time, value, quality = rows[place]
    for begin, end, cause in gaps:
        # What came as the gap began was lost with it, unless the record ends with it.
        if time == tick == max(row[0] for row in rows):
            continue
        # After an outage the gateway was asked: what had not changed goes on. Of lost events nothing does.
        lost = time <= begin <= tick < end if cause == "outage" else time < end and begin <= tick
        if lost:
            return None
    return None if quality == "bad" or value != value else value


def looped(rows: list[Row], gaps: list[Any], settings: tuple[Any, ...]) -> tuple[Any, ...]:
    """The alarms of half seconds in turn, and the excursions from the same ticks."""
    deadband, on, off, least = settings
    newest = max(row[0] for row in rows)
    ticks = np.arange(0, newest + 0.5, 0.5)
    since_on = since_off = None
    alarm, raised, standing, cleared, known = False, [], 0.0, [], 0.0
    beyond: list[tuple[float, float]] = []
    for tick in ticks:
        value = known_at(tick, rows, gaps)
        up = value is not None and value >= 80
        back = value is not None and value < 80 - deadband
        since_on = (since_on if since_on is not None else tick) if up else None
        since_off = (since_off if since_off is not None else tick) if back else None
        if not alarm and since_on is not None and tick - since_on >= on:
            alarm = True
            raised.append(tick)
        elif alarm and since_off is not None and tick - since_off >= off:
            alarm = False
            cleared.append(tick)
        if tick < newest and value is not None:
            known += 0.5
            standing += 0.5 * alarm
        if up:
            end = min(tick + 0.5, newest)
            joins = beyond and tick - beyond[-1][1] < least
            beyond = [*beyond[:-1], (beyond[-1][0], end)] if joins else [*beyond, (tick, end)]
    true = [one for one in beyond if one[1] - one[0] >= least]
    delays = []
    for begin, end in true:
        stood = any(
            a < begin < (cleared[k] if k < len(cleared) else newest + 1) for k, a in enumerate(raised)
        )
        coming = next((a for a in raised if begin <= a <= end), None)
        delays.append(0 if stood else None if coming is None else coming - begin)
    came = [delay for delay in delays if delay is not None]
    return len(raised), standing, known, len(true), len(delays) - len(came), median(came) if came else None


@given(ROWS, GAPS, SETTINGS)
def test_generated_values_give_what_a_plain_loop_gives(
    rows: list[Row], gaps: list[Any], settings: tuple[Any, ...]
) -> None:
    spread = [(begin, begin + length, cause) for begin, length, cause in gaps]
    # One gap may lie in another; the loop looks at each by itself.
    if len(spread) == 2 and spread[0][0] <= spread[1][1] and spread[1][0] <= spread[0][1]:
        spread = spread[:1]
    if not rows:
        return
    table = tune_alarm(
        samples(*rows, gaps=spread), 80, deadband=settings[0], on_delay=settings[1], off_delay=settings[2],
        excursion=settings[3],
    ).iloc[0]  # fmt: skip
    alarms, standing, known, true, missed, middle = looped(rows, spread, settings)
    assert (table["alarms"], table["excursions"], table["missed"]) == (alarms, true, missed)
    assert table["time_in_alarm"].total_seconds() == standing
    assert table["share"] == pytest.approx(standing / known) if known else pd.isna(table["share"])
    found = table["median_delay"]
    assert (None if pd.isna(found) else found.total_seconds()) == middle


def chattering_tag() -> pd.DataFrame:
    noise = [81 if k % 2 else 79.5 for k in range(60)]
    return good(*[70] * 10, *noise, *[70] * 30, *[90] * 60, *[70] * 10, apart=2).assign(tag="Tank001.Level")


def test_a_suggestion_quiets_an_alarm_that_chatters_and_says_what_it_costs() -> None:
    frame = chattering_tag()
    frame.attrs["gaps"] = []
    noisy = log(
        *raises(*range(0, 60, 4), alarm="Tank001.Level.Hi", clear_after=2), tag="Tank001.Level.Hi", limit=80
    )
    found = suggest(alarm_episodes(noisy), frame).iloc[0]
    assert (found["reference"], found["tag"]) == ("Tank001.Level.Hi", "Tank001.Level")
    assert (found["alarms_now"], found["alarms_then"], found["missed"]) == (31, 2, 0)
    assert (found["deadband"], found["off_delay"], found["longest_delay"]) == (
        0,
        pd.Timedelta("5s"),
        pd.Timedelta(0),
    )
    only_deadbands = suggest(alarm_episodes(noisy), frame, delays=[0]).iloc[0]
    assert (only_deadbands["deadband"], only_deadbands["alarms_then"]) == (0.8, 2)


def test_a_switch_that_chatters_is_quieted_by_delays() -> None:
    states = [False, *[True, False] * 20, *[True] * 60, False]
    switch = good(*states, apart=2).assign(tag="LSH1.PV")
    switch.attrs["gaps"] = []
    noisy = log(*raises(*range(0, 80, 4), alarm="LSH1.PV.Dsc", clear_after=2), value=True, alarm_type="DSC")
    found = suggest(alarm_episodes(noisy), switch).iloc[0]
    assert (found["alarms_now"], found["alarms_then"], found["missed"]) == (21, 1, 0)
    assert found["off_delay"] == pd.Timedelta("5s")


def test_what_nothing_can_be_suggested_for_says_why() -> None:
    noisy = alarm_episodes(log(*raises(0, 5, 10, 15, alarm="Pump1.Fault"), alarm_type="DSC"))
    assert suggest(noisy, good(70, 85))["note"].tolist() == ["no samples of its tag"]
    known = frame_of(("Pump1", 0, 1.0, "good"), ("Pump1", 10, 2.0, "good"))
    assert suggest(noisy, known)["note"].tolist() == ["its limit is not known"]
    assert suggest(alarm_episodes(log()), good(70)).empty


def test_the_picture_has_a_cell_a_combination_and_escapes_what_the_plant_says() -> None:
    table = tune_alarm(good(70, 85, 70), 80, deadband=[0, 1], on_delay=[0, "5s"], off_delay=[0, "1min"])
    table.attrs["tag"] = "<b>Tank"
    picture = tuning_chart(table)
    assert picture._repr_html_().count("<rect") == 8
    assert "&lt;b&gt;Tank" in picture
    assert "<svg" in tuning_chart(table.iloc[:0])
