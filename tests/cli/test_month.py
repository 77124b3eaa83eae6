"""mxgw-py simulate --record-month: a recording to try things with, of a plant that never was."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from mxgw_notebook.cli.simulate import simulate
from mxgw_notebook.history import MONTH_BEGIN_NS, open_recording

DAY_NS = 86_400_000_000_000


def month(folder: Path, *more: str) -> str:
    """Writes a day of three tags; what was said."""
    arguments = ["--record-month", str(folder), "--tags", "3", "--days", "1", *more]
    done = CliRunner().invoke(simulate, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_month_is_recorded_whole_and_in_the_order_of_time(tmp_path: Path) -> None:
    assert "Recorded: 4,320 samples" in month(tmp_path / "month")
    recording = open_recording(tmp_path / "month")
    assert list(recording.tags) == [f"Unit000.Measurement{number:03}.PV" for number in range(3)]
    found = recording.source.samples(recording.tags, MONTH_BEGIN_NS, MONTH_BEGIN_NS + DAY_NS)
    assert [len(found[tag]) for tag in recording.tags] == [1440] * 3
    assert recording.gaps().empty


def test_the_same_seed_records_the_same_and_another_seed_something_else(tmp_path: Path) -> None:
    for name, seed in (("first", "7"), ("again", "7"), ("other", "8")):
        month(tmp_path / name, "--seed", seed)
    order = [("tag", "ascending"), ("timestamp", "ascending")]
    first, again, other = (
        open_recording(tmp_path / name).arrow().to_table().sort_by(order)
        for name in ("first", "again", "other")
    )
    assert first.equals(again)
    assert not first["value"].equals(other["value"])


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = CliRunner().invoke(simulate, ["--record-month", str(tmp_path), "--tags", "1", "--days", "1"])
    assert "is not an empty folder" in str(done.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["--days", "2"], "--days needs --record-month"),
        (["--record-month", "x", "--port", "1"], "--port has no meaning with --record-month"),
    ],
)
def test_options_that_would_not_be_heeded_are_said(typed: list[str], said: str) -> None:
    done = CliRunner().invoke(simulate, typed)
    assert done.exit_code == 2
    assert said in done.output
