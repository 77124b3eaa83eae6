"""A recording in parts gives what it gives as one."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask
import fsspec
import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.analysis import QualityAccessor, alarm_report, tune_alarm
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.history import RecordedParts, Recording, open_recording
from mxgw_notebook.history.facts import alarm_of
from tests.history.hours import LEVEL, NUMBERS, RUNNING, SELDOM, STATE, TAGS, record_hours

ROWS = ["tag", "timestamp", "quality", "quality_code"]
HALF_PAST_ONE = pd.Timestamp("2026-05-01 01:30").value
PARTS = ["1h", "40min", "1D"]


@pytest.fixture(scope="module", params=["parquet", "journal"])
def recording(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    folder = tmp_path_factory.mktemp("hours") / "recorded"
    record_hours(folder, left_open=request.param == "journal")
    return open_recording(folder)


@pytest.fixture(autouse=True)
def _in_this_process() -> Iterator[None]:
    with dask.config.set(scheduler="synchronous"):
        yield


@pytest.mark.parametrize("part", PARTS)
def test_the_parts_have_the_rows_of_the_whole(recording: Recording, part: str) -> None:
    whole, spread = recording.frame(), recording.dask(part=part)
    found = spread.compute().reset_index()
    pd.testing.assert_frame_equal(found[ROWS], whole[ROWS])
    assert found["text"].fillna("").tolist() == whole["text"].fillna("").tolist()
    np.testing.assert_array_equal(found["value"], whole["value"])


def test_each_part_lies_within_its_divisions(recording: Recording) -> None:
    spread = recording.dask(part="1h")
    assert spread.known_divisions
    assert spread.npartitions == 7  # five hours, and two from which tags had their values
    for number, (begin, end) in enumerate(zip(spread.divisions, spread.divisions[1:], strict=False)):
        times = spread.get_partition(number).compute().index
        assert times.is_monotonic_increasing
        assert begin <= times[0]
        # Of the last one the end is inside.
        assert times[-1] < end or (number == spread.npartitions - 1 and times[-1] == end)
        assert list(spread.get_partition(number).compute().columns) == list(spread.columns)


def test_a_stretch_of_time_begins_with_what_was_held_into_it(recording: Recording) -> None:
    start, end = "2026-05-01 02:10", "2026-05-01 03:20"
    spread = recording.dask(SELDOM, LEVEL, start=start, end=end, part="30min")
    whole = recording.frame(SELDOM, LEVEL, start=start, end=end)
    pd.testing.assert_frame_equal(spread.compute().reset_index()[ROWS], whole[ROWS])
    assert spread.compute()["tag"].iloc[0] == SELDOM  # though it changed in the first hour alone
    assert spread.divisions[0] == pd.Timestamp(start, tz="UTC")


def test_columns_are_the_same_whatever_kinds_there_are(recording: Recording) -> None:
    numbers, words = recording.dask(LEVEL), recording.dask(STATE, RUNNING)
    assert numbers.dtypes.drop("tag").equals(words.dtypes.drop("tag"))
    assert set(words.compute()["text"].dropna()) == {"open", "shut", "moving", "True", "False"}


def test_a_mean_by_dask_is_that_of_the_frame(recording: Recording) -> None:
    by_tag = recording.dask(part="1h").groupby("tag", observed=False)["value"].mean().compute()
    whole = recording.frame().groupby("tag", observed=False)["value"].mean()
    pd.testing.assert_series_equal(by_tag, whole)


def test_a_recording_goes_to_another_process_without_what_was_read(recording: Recording) -> None:
    recording.frame()
    sent = pickle.dumps(recording.source)
    assert len(sent) < 1_000
    assert pickle.loads(sent).tags() == sorted(TAGS)


def test_a_recording_is_read_in_parts_at_any_url(recording: Recording) -> None:
    memory = fsspec.filesystem("memory")
    memory.put(recording.source.root, "/plant/parts", recursive=True)
    try:
        found = open_recording("memory://plant/parts").dask(part="2h").compute()
        pd.testing.assert_frame_equal(found, recording.dask(part="2h").compute())
    finally:
        memory.rm("/plant", recursive=True)


def test_nothing_recorded_is_a_part_without_rows(recording: Recording, tmp_path: Path) -> None:
    spread = recording.dask(start="2027-01-01", end="2027-01-02")
    assert spread.npartitions == 1
    assert set(spread.compute()["tag"]) <= set(TAGS)


@pytest.mark.parametrize("part", ["0s", "often", -1])
def test_a_part_that_is_no_length_of_time_is_one_line(recording: Recording, part: str | float) -> None:
    with pytest.raises(ConfigurationError, match="is not a length of time"):
        recording.dask(part=part)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("grid", ["1min", "7min", "1h"])
def test_means_by_interval_are_those_of_the_whole_to_the_last_digit(
    recording: Recording, part: str, grid: str
) -> None:
    whole = QualityAccessor(recording.frame()).resample(grid, "uncertain")
    spread = recording.parts(part=part).resample(grid, "uncertain")
    assert spread.known_divisions
    by = ["tag", "timestamp"]
    found = spread.compute().reset_index().sort_values(by, ignore_index=True)
    whole = whole.sort_values(by, ignore_index=True)
    pd.testing.assert_frame_equal(found[list(whole.columns)], whole, check_exact=True)


@pytest.mark.parametrize("tags", [NUMBERS, [RUNNING], [STATE], [LEVEL, RUNNING], TAGS])
def test_time_by_tag_and_state_is_that_of_the_whole(recording: Recording, tags: list[str]) -> None:
    parts, whole = recording.parts(tags, part="40min"), QualityAccessor(recording.frame(tags))
    # The same seconds in another order of adding.
    for name in ("time_weighted_mean", "percent_good"):
        found, expected = getattr(parts, name)("uncertain"), getattr(whole, name)("uncertain")
        pd.testing.assert_series_equal(found, expected, rtol=1e-12, check_index_type=False)
    states, known = parts.time_in_state(), whole.time_in_state()
    pd.testing.assert_frame_equal(states, known, rtol=1e-12)


def test_an_alarm_tuned_in_parts_is_tuned_the_same(recording: Recording) -> None:
    settings: dict[str, Any] = {
        "deadband": [0.0, 5.0],
        "on_delay": ["0s", "20s"],
        "off_delay": ["0s", "1min"],
    }
    whole = tune_alarm(recording.frame(LEVEL), 55.0, **settings)
    assert whole["alarms"].gt(0).any()
    for part in PARTS:
        found = recording.parts(LEVEL, part=part).tune_alarm(55.0, **settings)
        pd.testing.assert_frame_equal(found, whole, check_exact=True)
        assert found.attrs == whole.attrs


@pytest.mark.parametrize("until", ["2026-05-01 02:30", "2026-05-01 23:00", "now"])
@pytest.mark.parametrize("part", PARTS)
def test_values_are_held_until_a_given_time_as_in_the_whole(
    recording: Recording, part: str, until: str
) -> None:
    last = recording.span[1] if until == "now" else pd.Timestamp(until, tz="UTC")
    parts, whole = recording.parts(NUMBERS, part=part, until=until), QualityAccessor(recording.frame(NUMBERS))
    for name in ("time_weighted_mean", "percent_good"):
        found, expected = getattr(parts, name)(), getattr(whole, name)(until=last)
        pd.testing.assert_series_equal(found, expected, rtol=1e-12, check_index_type=False)
    pd.testing.assert_frame_equal(parts.time_in_state(), whole.time_in_state(until=last), rtol=1e-12)
    tuned = recording.parts(LEVEL, part=part, until=until).tune_alarm(55.0)
    known = tune_alarm(recording.frame(LEVEL), 55.0, until=last)
    pd.testing.assert_frame_equal(tuned, known, check_exact=True)


def test_parts_take_the_settings_of_an_alarm_that_the_whole_takes() -> None:
    """People read both in one help; `samples` and `until` are those of the parts."""
    own = dict(inspect.signature(RecordedParts.tune_alarm).parameters)
    known = dict(inspect.signature(tune_alarm).parameters)
    assert [*own][1:] == [name for name in known if name not in ("samples", "until")]
    assert {own[name].default for name in [*own][1:]} == {known[name].default for name in [*own][1:]}


def test_several_tags_have_not_one_alarm(recording: Recording) -> None:
    with pytest.raises(ConfigurationError, match="the parts of 5 tags, and an alarm has one"):
        recording.parts().tune_alarm(55.0)


@pytest.mark.parametrize("span", [(None, None), ("2026-05-01 01:10", "2026-05-01 03:20")])
def test_occurrences_and_all_measures_of_alarms_are_those_of_the_whole(
    recording: Recording, span: tuple[str | None, str | None]
) -> None:
    start, end = span
    parts, whole = recording.parts(start=start, end=end, part="1h"), recording.episodes(start, end)
    found = parts.episodes()
    pd.testing.assert_frame_equal(found, whole)
    assert found.attrs == whole.attrs
    assert whole["state"].nunique() > 3
    report = alarm_report(recording.alarms(start, end))
    for name, table in parts.alarm_measures().items():
        pd.testing.assert_frame_equal(table, getattr(report, name), check_exact=True)


@pytest.mark.parametrize("span", [(0, 1 << 62), (HALF_PAST_ONE, HALF_PAST_ONE + 7_200_000_000_000)])
def test_alarms_of_a_time_are_those_of_all_its_rows(recording: Recording, span: tuple[int, int]) -> None:
    every = [alarm_of(fact) for fact in recording.source.facts("alarms")]
    inside = list(dict.fromkeys(one for one in every if span[0] <= one.changed_ns <= span[1]))
    assert recording.source.alarms(*span) == inside
    places = [recording.source.alarms_of_part(number, 3, *span) for number in range(3)]
    joined = sorted((place, one) for alarms, own in places for place, one in zip(own, alarms, strict=True))
    assert [one for _, one in joined] == inside


def test_a_log_that_lies_the_newest_first_is_turned_round_as_a_whole(tmp_path: Path) -> None:
    record_hours(tmp_path / "recorded", turned_round=True)
    recording = open_recording(tmp_path / "recorded")
    assert recording.episodes().attrs["turned_round"]
    pd.testing.assert_frame_equal(recording.parts(part="1h").episodes(), recording.episodes())
