"""An incident as one file: what was recorded then, and on demand nobody's names."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.history import Recording, open_recording
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually
from tests.history.conftest import LEVEL, SETPOINT, SPEED

COLUMNS = ["timestamp", "value", "quality"]


@pytest.fixture
def recording(gateway: Gateway, folder: Path, eventually: Eventually) -> Recording:
    """Two recorders one after the other, alarms and a note."""
    watch, review = gateway.watch(SPEED, LEVEL, SETPOINT), gateway.alarms()
    review.record(folder)
    first = watch.record(folder)
    eventually(lambda: first.acknowledged > 12 and list(folder.glob("galaxy/*/*.parquet")))
    first.stop()
    seen = len(watch.frame())
    eventually(lambda: len(watch.frame()) > seen + 3)
    second = watch.record(folder)
    second.note("Weber looked at Tank001", "m.weber")
    eventually(lambda: second.acknowledged > 12)
    watch.stop()
    review.stop()
    return open_recording(folder)


def values_of(recording: Recording, tag: str, **when: object) -> pd.DataFrame:
    return recording.frame(tag, **when)[COLUMNS].reset_index(drop=True)  # type: ignore[arg-type]


def middle_of(recording: Recording) -> tuple[pd.Timestamp, pd.Timestamp]:
    first, last = recording.span
    assert first is not None
    assert last is not None
    return first + (last - first) / 4, last - (last - first) / 50


def test_a_capsule_has_what_was_recorded_then(recording: Recording, tmp_path: Path) -> None:
    start, end = middle_of(recording)
    path = recording.cut(start, end, to=tmp_path / "incident.zip")
    capsule = open_recording(path)
    assert capsule.tags == recording.tags
    assert capsule.span[0] == start
    assert (capsule.span[1] or end) <= end, "no further than it was recorded"
    for tag in recording.tags:
        when = {"start": start, "end": end}
        pd.testing.assert_frame_equal(values_of(capsule, tag, **when), values_of(recording, tag, **when))
    pd.testing.assert_frame_equal(capsule.gaps(), recording.gaps())
    assert capsule.notes()["text"].tolist() == ["Weber looked at Tank001"]
    assert set(capsule.galaxy().objects["tag_name"]) >= {"Pump001", "Tank001", "Production1"}
    assert len(capsule.galaxy().objects) < len(recording.galaxy().objects)
    stood = recording.episodes(end=end)
    stood = stood[stood["cleared"].isna()]
    assert set(stood["reference"]) <= set(capsule.alarms()["reference"])


def test_a_capsule_of_some_tags_has_no_others(recording: Recording, tmp_path: Path) -> None:
    start, end = middle_of(recording)
    capsule = open_recording(recording.cut(start, end, [SPEED], to=tmp_path / "incident.zip"))
    assert capsule.tags == [SPEED]
    assert set(capsule.sql("select distinct tag from samples")["tag"]) == {SPEED}


def test_pseudonyms_keep_structure_and_hide_names(recording: Recording, tmp_path: Path) -> None:
    start, end = middle_of(recording)
    path = recording.cut(start, end, to=tmp_path / "incident.zip", pseudonyms=True)
    capsule = open_recording(path)
    hidden = {"Tank001", "Pump001", "FIC101", "Production1", "weber", "127.0.0.1", "novak", "okafor"}
    with zipfile.ZipFile(path) as file:
        text = b"".join(file.read(name) + name.encode() for name in file.namelist())
    assert [name for name in hidden if name.encode() in text] == []
    tables = [capsule.alarms(), capsule.writes(), capsule.notes(), capsule.galaxy().objects]
    told = " ".join(table.to_csv() for table in tables) + " ".join(capsule.tags)
    assert [name for name in hidden if name in told] == []
    names = {tag.partition(".")[2]: tag for tag in capsule.tags}
    assert set(names) == {"Speed", "Level", "SP"}
    for tag in (SPEED, LEVEL, SETPOINT):
        own = names[tag.partition(".")[2]]
        when = {"start": start, "end": end}
        pd.testing.assert_frame_equal(values_of(capsule, own, **when), values_of(recording, tag, **when))
    assert len(capsule.alarms()["reference"].unique()) == len(
        open_recording(recording.cut(start, end, to=tmp_path / "plain.zip")).alarms()["reference"].unique()
    )
    objects = capsule.galaxy().objects
    assert set(objects["parent"].dropna()) <= set(objects["tag_name"])
    units = capsule.descriptions().set_index("tag")["units"]
    assert set(units[[names["Speed"]]]) == {"rpm"}, "each recorder tells it"


def test_a_capsule_is_played_like_any_recording(
    brisk: EmbeddedGateway, recording: Recording, tmp_path: Path
) -> None:
    start, end = middle_of(recording)
    gateway = connect(f"recording:{recording.cut(start, end, to=tmp_path / 'incident.zip')}", paused=True)
    held = recording.frame(SETPOINT, start=start, end=end)["value"].head(1).tolist()
    assert gateway.read(SETPOINT)["value"].tolist() == held
    connect(brisk.endpoint, api_key=KEY, plaintext=True)


def test_what_is_no_capsule_is_one_line(recording: Recording, tmp_path: Path) -> None:
    start, end = middle_of(recording)
    with pytest.raises(ConfigurationError, match="not a capsule's name"):
        recording.cut(start, end, to=tmp_path / "incident.rar")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        recording.cut(start, end, to=tmp_path / "nowhere" / "incident.zip")
    with pytest.raises(ConfigurationError, match="Nothing was recorded"):
        recording.cut("2001-01-01", "2001-01-02", to=tmp_path / "incident.zip")
    (tmp_path / "other.zip").write_bytes(b"no zip")
    with pytest.raises(ConfigurationError, match="holds no recording"):
        open_recording(tmp_path / "other.zip")
