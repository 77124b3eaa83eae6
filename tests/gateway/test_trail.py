"""A trail: bounded, counting what it drops, whole on any thread, as a frame and as a file."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway.trail import Trail


@dataclass(frozen=True, slots=True)
class Override:
    """A kind of entry of a field of each type."""

    time_ns: int
    until_ns: int
    tag: str
    value: Any
    limit: float
    count: int
    confirmed: bool


def override(count: int = 0, tag: str = "FIC101.SP") -> Override:
    return Override(1_000, 0, tag, [1, "x"], 0.5, count, confirmed=True)


def test_the_fields_of_an_entry_are_the_columns_by_name_and_type() -> None:
    trail = Trail(Override, 10)
    empty = trail.frame()
    trail.add(override())
    full = trail.frame()
    assert list(full) == ["time", "until", "tag", "value", "limit", "count", "confirmed"]
    assert full.dtypes.to_dict() == empty.dtypes.to_dict()
    assert [str(dtype) for dtype in full.dtypes] == [
        "datetime64[ns, UTC]",
        "datetime64[ns, UTC]",
        str(pd.Series(dtype="str").dtype),
        "object",
        "float64",
        "int64",
        "bool",
    ]
    assert full["time"].iloc[0] == pd.Timestamp(1_000, tz="UTC")
    assert full["until"].isna().all()
    assert full["value"].iloc[0] == [1, "x"]


def test_no_text_of_an_entry_is_a_formula_in_the_file(tmp_path: Path) -> None:
    trail = Trail(Override, 10)
    trail.write_to(tmp_path / "trail.csv")
    trail.add(override(tag='=HYPERLINK("x")'))
    assert pd.read_csv(tmp_path / "trail.csv")["tag"].tolist() == ['\'=HYPERLINK("x")']


def test_the_oldest_give_way_where_their_values_take_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mxgw_notebook.gateway.trail.MOST_BYTES", 10_000)
    trail = Trail(Override, 1_000)
    for count in range(10):
        trail.add(replace(override(count), value=np.zeros(500)))
    frame = trail.frame()
    assert frame["count"].tolist() == [8, 9]
    assert frame.attrs["dropped"] == 8
    trail.add(replace(override(10), value="x" * 100_000))
    assert trail.frame()["count"].tolist() == [10]


def test_a_text_that_no_column_holds_stands_there_as_python_writes_it(tmp_path: Path) -> None:
    trail = Trail(Override, 10)
    trail.write_to(tmp_path / "trail.csv")
    trail.add(override(tag="FIC\ud800.SP"))
    assert trail.frame()["tag"].tolist() == ["FIC\\ud800.SP"]
    assert "FIC\\ud800.SP" in (tmp_path / "trail.csv").read_text("utf-8")


def test_the_oldest_give_way_and_are_counted() -> None:
    trail = Trail(Override, 3)
    for count in range(5):
        trail.add(override(count))
    frame = trail.frame()
    assert frame["count"].tolist() == [2, 3, 4]
    assert frame.attrs["dropped"] == trail.dropped == 2


def test_nothing_is_lost_when_many_threads_add_at_once(tmp_path: Path) -> None:
    trail = Trail(Override, 1_000)
    trail.write_to(tmp_path / "overrides.csv")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda count: trail.add(override(count)), range(1_500)))
    assert (len(trail.frame()), trail.dropped) == (1_000, 500)
    written = pd.read_csv(tmp_path / "overrides.csv")
    assert sorted(written["count"]) == list(range(1_500))
    assert written["count"].tolist()[-1_000:] == trail.frame()["count"].tolist()


def test_a_file_has_the_frames_columns_and_goes_on_where_it_ended(tmp_path: Path) -> None:
    file = tmp_path / "overrides.csv"
    for tag in ("FIC101.SP", 'a "quoted", tag'):
        trail = Trail(Override, 10)
        trail.write_to(file)
        trail.add(override(tag=tag))
    written = pd.read_csv(file, parse_dates=["time"])
    assert list(written) == list(trail.frame())
    assert written["tag"].tolist() == ["FIC101.SP", 'a "quoted", tag']
    assert written["time"].tolist() == [pd.Timestamp(1_000, tz="UTC")] * 2
    assert written["until"].isna().all()


def test_a_file_that_cannot_be_written_is_told_at_once_and_the_one_before_stays(tmp_path: Path) -> None:
    trail = Trail(Override, 10)
    trail.write_to(tmp_path / "overrides.csv")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        trail.write_to(tmp_path / "nowhere" / "overrides.csv")
    trail.add(override())
    assert len(pd.read_csv(tmp_path / "overrides.csv")) == 1


def test_an_entry_that_the_file_no_longer_takes_is_kept_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    trail = Trail(Override, 10)
    folder = tmp_path / "gone"
    folder.mkdir()
    trail.write_to(folder / "overrides.csv")
    (folder / "overrides.csv").unlink()
    folder.rmdir()
    with caplog.at_level(logging.ERROR, logger="mxgw_notebook"):
        trail.add(override())
    assert "FIC101.SP" in caplog.text
    assert len(trail.frame()) == 1
