"""A recording that is played again is the plant that it was recorded of, through the same wire."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.errors import ConfigurationError, NotArmedError
from mxgw_notebook.gateway import Gateway, Replay, connect
from mxgw_notebook.history import Recording, open_recording
from mxgw_notebook.history.tape import together
from mxgw_notebook.live import Gap
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually
from tests.history.conftest import LEVEL, RUNNING, SETPOINT, SPEED
from tests.until import until

TAGS = [SPEED, LEVEL, SETPOINT, RUNNING, "Pump002.Speed", "Tank002.Level", "FIC101.Mode"]
COLUMNS = ["tag", "timestamp", "value", "quality", "quality_code"]


@pytest.fixture(scope="module")
def recorded(brisk: EmbeddedGateway, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute of the plant, with its alarms."""
    folder = tmp_path_factory.mktemp("replay") / "recorded"
    gateway = connect(brisk.endpoint, api_key=KEY, plaintext=True)
    watch, review = gateway.watch(TAGS), gateway.alarms()
    recorder = watch.record(folder)
    review.record(folder)
    gateway.note("valve stuck", tags=LEVEL)
    asyncio.run(until(lambda: recorder.acknowledged > 60 and list(folder.glob("galaxy/*/*.parquet"))))
    gateway.close()
    return folder


def replayed(folder: Path, **settings: object) -> tuple[Gateway, Replay]:
    gateway = connect(f"recording:{folder}", **settings)  # type: ignore[arg-type]
    assert gateway.replay is not None
    return gateway, gateway.replay


def samples_of(recording: Recording) -> pd.DataFrame:
    frame = recording.frame(*TAGS)[COLUMNS]
    frame["tag"] = frame["tag"].astype(str)
    return frame.sort_values(["tag", "timestamp"], kind="stable", ignore_index=True)


def test_a_replay_that_is_recorded_again_equals_the_recording(
    recorded: Path, folder: Path, eventually: Eventually
) -> None:
    gateway, replay = replayed(recorded, speed=20.0, paused=True)
    watch, review = gateway.watch(TAGS), gateway.alarms()
    recorder = watch.record(folder)
    review.record(folder)
    replay.play()
    eventually(lambda: replay.over)
    expected = samples_of(open_recording(recorded))
    eventually(lambda: recorder.acknowledged >= len(expected))
    gateway.close()
    pd.testing.assert_frame_equal(samples_of(open_recording(folder)), expected, check_exact=True)
    again, before = open_recording(folder).alarms(), open_recording(recorded).alarms()
    assert len(again) == len(before)
    for column in ("time", "reference", "transition", "severity", "value", "limit", "operator", "comment"):
        assert again[column].astype(str).tolist() == before[column].astype(str).tolist(), column


def test_a_replay_begins_with_what_nobody_had_changed_for_long(
    brisk: EmbeddedGateway, folder: Path, eventually: Eventually
) -> None:
    gateway = connect(brisk.endpoint, api_key=KEY, plaintext=True)
    watch = gateway.watch(SPEED, SETPOINT)

    def is_unchanged_for_minutes() -> bool:
        newest = watch.frame().groupby("tag", observed=True)["timestamp"].max()
        return len(newest) == 2 and newest[SPEED] - newest[SETPOINT] > pd.Timedelta("2min")

    eventually(is_unchanged_for_minutes)
    recorder = watch.record(folder)
    eventually(lambda: recorder.acknowledged > 3)
    held = gateway.read(SETPOINT)["value"].tolist()
    gateway.close()
    again, _ = replayed(folder, paused=True)
    assert again.read(SETPOINT)["value"].tolist() == held


def test_a_replay_is_a_plant_with_its_galaxy_units_and_alarms(recorded: Path) -> None:
    gateway, replay = replayed(recorded, paused=True)
    recording = open_recording(recorded)
    assert gateway.object_count() == len(recording.galaxy().objects)
    readings = gateway.read(SPEED, "Tank005.Level").set_index("tag")
    first = recording.frame(SPEED).iloc[0]
    assert readings["value"][SPEED] == first["value"]
    assert readings["quality"]["Tank005.Level"] == "bad", "nobody recorded it"
    assert gateway.watch(SPEED).units == {SPEED: "rpm"}
    assert set(gateway.alarms().frame()["reference"]) <= set(recording.alarms()["reference"])
    assert repr(replay).startswith(f"<Replay of {recorded}: paused at 20")
    assert "a replay of" in gateway.status()["value"]["plant"]


def test_a_replay_has_the_notes_of_its_recording(recorded: Path, eventually: Eventually) -> None:
    gateway, replay = replayed(recorded, speed=100.0)
    levels = gateway.watch(LEVEL)
    eventually(lambda: replay.over)
    assert "valve stuck" in levels.trend().snapshot_svg()
    assert gateway.notes()["text"].tolist() == ["valve stuck"]
    gateway.note("seen again")
    assert [text for _, text, _ in levels.views.lines.since(0).noted] == ["valve stuck", "seen again"]


def test_a_replay_is_only_read(recorded: Path) -> None:
    gateway, _ = replayed(recorded, paused=True)
    with pytest.raises(NotArmedError, match="replay, of which nothing can be changed"):
        gateway.write(SETPOINT, 1.0)
    with pytest.raises(ConfigurationError, match="was not armed: this is a replay"):
        gateway.arm("tests")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        connect(f"recording:{recorded}", writable="tests")


def test_a_replay_is_paused_stepped_and_sought_in(recorded: Path, eventually: Eventually) -> None:
    gateway, replay = replayed(recorded, paused=True)
    frame = samples_of(open_recording(recorded))
    own = frame[frame["tag"] == SPEED].set_index("timestamp")["value"]
    watch = gateway.watch(SPEED)

    def reads_as_then() -> bool:
        known = own[own.index <= replay.at]
        now = watch.frame(count=1)["value"]
        return len(now) == 1 and bool(now.iloc[0] == known.iloc[-1])

    first, last = replay.span
    assert replay.at == first
    assert not replay.playing
    step = (last - first) / 10
    for number in range(1, 4):
        replay.step(step.total_seconds())
        eventually(lambda: abs(replay.at - first - number * step) < pd.Timedelta("1ms"))  # noqa: B023
        eventually(reads_as_then)
    replay.seek(first + 0.8 * (last - first))
    eventually(reads_as_then)
    replay.seek("-1s")
    assert replay.at < first + 0.8 * (last - first)
    eventually(reads_as_then)
    assert gateway.read(SPEED)["value"].iloc[0] == own[own.index <= replay.at].iloc[-1]
    with pytest.raises(ConfigurationError, match="is not in the replay"):
        replay.seek("2001-01-01")
    replay.play(1000)
    eventually(lambda: replay.over)
    assert replay.at == last
    assert gateway.read(SPEED)["value"].iloc[0] == own.iloc[-1]


def test_a_part_of_a_recording_begins_with_what_held_then(recorded: Path) -> None:
    recording = open_recording(recorded)
    first, last = recording.span
    assert first is not None
    assert last is not None
    start = first + (last - first) / 2
    gateway, replay = replayed(recorded, start=start, tags=[SPEED, SETPOINT], paused=True)
    assert abs(replay.span[0] - start) < pd.Timedelta("1us")
    held = recording.wide(SPEED, SETPOINT).loc[:start].iloc[-1]
    found = gateway.read(SPEED, SETPOINT).set_index("tag")["value"]
    assert found.to_dict() == held.to_dict()


def test_the_tags_of_a_replay_are_bad_in_a_gap_of_the_recording(
    gateway: Gateway, folder: Path, eventually: Eventually
) -> None:
    watch = gateway.watch(SPEED, SETPOINT)
    for _ in range(2):
        recorder = watch.record(folder)
        eventually(lambda: recorder.acknowledged > 12)  # noqa: B023  called within this turn
        recorder.stop()
        seen = len(watch.frame())
        eventually(lambda: len(watch.frame()) > seen + 3)  # noqa: B023
    gateway.close()
    (gap,) = open_recording(folder).gaps().to_dict("records")
    again, replay = replayed(folder, paused=True)
    followed = again.watch(SETPOINT, SPEED)

    def goes_to(time: pd.Timestamp, quality: tuple[str, int]) -> None:
        replay.seek(time)
        eventually(lambda: abs(replay.at - time) < pd.Timedelta("1us"))
        read = again.read(SETPOINT, SPEED)
        assert list(zip(read["quality"], read["quality_code"], strict=True)) == [quality] * 2

    short = pd.Timedelta("1ms")
    goes_to(gap["start"] - short, ("good", 192))
    held = again.read(SETPOINT)["value"].tolist()
    goes_to(gap["start"] + (gap["end"] - gap["start"]) / 2, ("bad", 20))
    assert again.read(SETPOINT)["value"].tolist() == held, "what it was is still told"
    goes_to(gap["end"] + short, ("good", 192))
    replay.seek(gap["start"] - short)
    replay.play(20)
    eventually(lambda: replay.over)
    eventually(lambda: followed.frame().iloc[-1]["quality"] == "good")
    told = followed.frame().query("quality_code == 20").groupby("tag", observed=True)["timestamp"]
    assert (told.first() == gap["start"]).all()


def test_the_gaps_of_several_recorders_are_played_as_one() -> None:
    gaps = [Gap(10, 20), Gap(15, 40, "dropped"), Gap(16, 30), Gap(50, 60, "not recorded"), Gap(60, None)]
    assert together(gaps) == [(10, 40, False), (50, 60, True)]


def test_what_cannot_be_played_is_one_line(recorded: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="holds no recording"):
        connect(f"recording:{tmp_path}")
    speeds: tuple[Any, ...] = (0.0, -60, "fast", True, float("inf"), float("nan"))
    for speed in speeds:
        with pytest.raises(ConfigurationError, match="speed is above 0"):
            connect(f"recording:{recorded}", speed=speed)
    for start in ("2200-01-01", pd.NaT, "soon"):
        with pytest.raises(ConfigurationError):
            connect(f"recording:{recorded}/", start=start)
    with pytest.raises(ConfigurationError, match="takes no seed"):
        connect(f"recording:{recorded}", seed=4)
    with pytest.raises(ConfigurationError, match="No tag that was recorded"):
        connect(f"recording:{recorded}", tags=["Nothing*"])


async def test_the_gateway_of_a_replay_refuses_other_clients_too(recorded: Path) -> None:
    gateway, _ = await asyncio.to_thread(replayed, recorded, paused=True)
    key = gateway.options.api_key
    async with await GatewayClient.connect(gateway.endpoint, api_key=key, plaintext=True) as client:
        client.gate.arm("tests")
        session = await client.open_session(client_session_name="tests")
        handle = await session.register("tests")
        written = await session.write_tags(handle, {SETPOINT: 1.0})
        assert "invoke:write" in written[SETPOINT].failure
        await session.close()
    await asyncio.to_thread(gateway.close)
