"""A recording in other hands: SQL, Arrow, Polars, any URL; and the commands that record and ask."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fsspec
import numpy as np
import pandas as pd
import polars as pl
import psutil
import pyarrow.compute as pc
import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway, Watch
from mxgw_notebook.history import Recording, open_recording
from mxgw_notebook.history.folder import prepare
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually
from tests.history.conftest import LEVEL, RUNNING, SETPOINT, SPEED
from tests.printed import printed

TAGS = [SPEED, LEVEL, SETPOINT, RUNNING]


@pytest.fixture(params=["journal", "parquet"])
def recording(
    request: pytest.FixtureRequest, gateway: Gateway, folder: Path, eventually: Eventually
) -> Recording:
    """What was recorded of four tags for a moment, and is not recorded to any more."""
    watch = gateway.watch(TAGS)
    recorder = watch.record(folder)
    eventually(lambda: recorder.acknowledged > 20)
    if request.param == "journal":  # as a recorder that is killed leaves it
        copy_of(folder)
    watch.stop()
    return open_recording(folder if request.param == "parquet" else folder.with_name("copied"))


def copy_of(folder: Path) -> None:
    for path in filter(Path.is_file, folder.rglob("*")):
        target = folder.with_name("copied") / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())


def test_sql_gives_what_the_frame_has(recording: Recording) -> None:
    frame = recording.frame()
    found = recording.sql("select * from samples order by timestamp, tag")
    assert len(found) == len(frame)
    assert str(found["timestamp"].dtype) == "datetime64[ns, UTC]"
    means = recording.sql("select tag, avg(value) as mean from samples where quality = 'good' group by tag")
    by_hand = frame[frame["tag"] == SPEED]["value"].astype(float).mean()
    assert means.set_index("tag")["mean"][SPEED] == pytest.approx(by_hand)
    one = recording.sql("select count(*) as n from samples where tag = $tag", tag=LEVEL)["n"][0]
    assert one == (frame["tag"] == LEVEL).sum()


def test_every_table_can_be_asked_for(recording: Recording) -> None:
    for table in ("samples", "alarms", "gaps", "writes", "acknowledges", "notes", "runs", "descriptions"):
        assert recording.sql(f"select count(*) as n from {table}")["n"][0] >= 0
    runs = recording.sql("select unnest(tags) as tag from runs")
    assert set(runs["tag"]) == set(TAGS)


@pytest.mark.parametrize("query", ["select nothing from samples", "selct 1", "select * from elsewhere"])
def test_a_query_that_is_wrong_is_one_line(recording: Recording, query: str) -> None:
    with pytest.raises(ConfigurationError, match="The query was refused") as refused:
        recording.sql(query)
    assert "\n" not in str(refused.value)
    assert "There are samples, runs, gaps" in str(refused.value)


@pytest.mark.parametrize("query", ["", " ", ";", "-- how many?"])
def test_a_query_that_asks_nothing_is_one_line(recording: Recording, query: str) -> None:
    with pytest.raises(ConfigurationError, match="No query given"):
        recording.sql(query)


def test_arrow_and_polars_have_what_came_while_it_was_recorded(recording: Recording) -> None:
    dataset = recording.arrow()
    began = recording.source.looking(recording.source.present_with_run)
    assert dataset.count_rows() == len(recording.frame()) - began.num_rows
    lazy = recording.polars().filter(pl.col("tag") == SPEED).collect()
    assert lazy.height == dataset.to_table(filter=pc.field("tag") == SPEED).num_rows


def test_a_recording_is_read_at_any_url(recording: Recording, folder: Path) -> None:
    memory = fsspec.filesystem("memory")
    source = Path(recording.source.origin)
    memory.put(str(source), "/recorded", recursive=True)
    try:
        elsewhere = open_recording("memory://recorded")
        assert elsewhere.frame().drop(columns="origin").equals(recording.frame().drop(columns="origin"))
        assert elsewhere.sql("select count(*) as n from samples")["n"][0] == len(recording.frame())
    finally:
        memory.rm("/recorded", recursive=True)


def test_the_wide_form_holds_each_value_and_begins_where_it_is_told(recording: Recording) -> None:
    frame = recording.frame()
    start = frame["timestamp"].iloc[len(frame) // 2]
    wide = recording.wide(SPEED, SETPOINT, start=start)
    assert wide.index[0] >= start
    assert wide.columns.tolist() == [SPEED, SETPOINT]
    assert wide[SETPOINT].notna().all()
    assert recording.frame("*.Speed", start=start)["tag"].unique().tolist() == [SPEED]


def test_what_was_not_recorded_is_one_line(recording: Recording, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"Nothing was seen of Nope\.Nope"):
        recording.frame("Nope.Nope")
    with pytest.raises(ConfigurationError, match=r"No tag that was recorded matches \*nope\*"):
        recording.frame("*nope*")
    for ask in (recording.wide, recording.gaps, recording.dask, recording.parts):
        with pytest.raises(ConfigurationError, match=r"Nothing was seen of Nope\.Nope"):
            ask("Nope.Nope")
    for start, end in (("2001-01-01", "2001-01-02"), ("2200-01-01", "2200-01-02")):
        with pytest.raises(ConfigurationError, match="Nothing was recorded in that time"):
            recording.dossier(start, end)
    with pytest.raises(ConfigurationError, match="are more than 1,000,000"):
        recording.dask(part="1us")
    with pytest.raises(ConfigurationError, match="holds no recording: there is no "):
        open_recording(tmp_path / "nowhere")
    with pytest.raises(ConfigurationError, match="has nothing of another"):
        open_recording(recording.source.origin, plant="another")


def test_a_folder_may_have_a_slash_behind(recording: Recording, folder: Path, watch_again: Watch) -> None:
    assert open_recording(f"{folder}/").tags == recording.tags
    recorder = watch_again.record(f"{folder}//")
    recorder.stop()
    assert recorder.folder == folder
    assert len(open_recording(folder).gaps()) == 1
    for bare in ("s3://", "/", "file:///"):
        with pytest.raises(ConfigurationError, match="names no file"):
            watch_again.record(bare)


@pytest.fixture
def watch_again(gateway: Gateway) -> Watch:
    return gateway.watch(TAGS)


def test_a_recording_that_has_just_begun_is_empty_in_every_form(folder: Path) -> None:
    prepare(folder, "plant")
    recording = open_recording(folder)
    assert recording.frame().columns.tolist() == [
        *("tag", "timestamp", "value", "quality", "quality_code", "origin"),
    ]
    assert recording.frame(every="1min", how="mean").empty
    assert recording.wide(grid="1min").empty
    assert recording.dossier().uncovered().empty
    assert recording.dask().compute().empty
    assert recording.sql("select * from samples").empty
    shutil.rmtree(folder / "journal")  # as in a store to which nothing was sent so far
    with pytest.raises(ConfigurationError, match="Nothing is recorded in it yet"):
        open_recording(folder, plant="another")


def test_a_folder_of_a_later_version_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "recording.json").write_text(json.dumps({"format": "recording 9"}))
    with pytest.raises(ConfigurationError, match=r"holds 'recording 9', not 'recording 1'"):
        open_recording(tmp_path)


@contextmanager
def running(brisk: EmbeddedGateway, folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "mxgw_notebook", "record", "--endpoint", brisk.endpoint, "--plaintext"]
    more = ["--api-key", KEY, "--to", str(folder), "--every", "0.1", "--json", *words]
    with subprocess.Popen([*command, *more], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                psutil.Process(process.pid).kill()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
def test_the_command_records_until_it_is_told_to_end(brisk: EmbeddedGateway, folder: Path) -> None:
    with running(brisk, folder, "--items", f"{SPEED},{LEVEL}", "--alarms", "--plant", "ours") as process:
        for line in printed(process):
            if json.loads(line)["samples"] > 8:
                break
        process.send_signal(signal.SIGTERM)
        assert all(printed(process))
        assert process.wait(120) == 130
    recording = open_recording(folder)
    assert recording.plant == "ours"
    assert recording.tags == sorted([SPEED, LEVEL])
    assert len(recording.frame()) > 8
    assert not list(folder.rglob("*.arrow"))


@pytest.mark.parametrize("words", [(), ("--list", "{folder}"), ("--items", SPEED, "--keep-hours", "0")])
def test_nothing_to_record_is_a_mistake_of_use(
    brisk: EmbeddedGateway, folder: Path, words: tuple[str, ...]
) -> None:
    with running(brisk, folder, *(word.format(folder=folder.parent) for word in words)) as process:
        assert process.wait(120) == 2
    assert not folder.exists()


def test_a_trend_of_a_watch_that_is_recorded_ends_with_it(
    gateway: Gateway, folder: Path, eventually: Eventually
) -> None:
    watch: Watch = gateway.watch(SPEED)
    recorder = watch.record(folder)
    eventually(lambda: recorder.acknowledged > 2)
    gateway.close()
    assert recorder.stopped
    assert re.fullmatch(r"<Recorder to .*: stopped>", repr(recorder))
    assert np.isfinite(open_recording(folder).frame()["value"]).all()
    assert isinstance(open_recording(folder).span[0], pd.Timestamp)
