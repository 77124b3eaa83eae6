"""What a terminal of 80 columns shows of what a notebook draws."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Eventually
from tests.magics.conftest import Notebook


@pytest.fixture
def narrow(connected: Notebook, monkeypatch: pytest.MonkeyPatch) -> Notebook:
    monkeypatch.setenv("COLUMNS", "80")
    return connected


@pytest.mark.parametrize("option", ["", "--table"])
def test_a_watch_is_a_table_of_its_last_values(narrow: Notebook, option: str) -> None:
    shown = narrow.run(f"levels = %mxgw watch {option} Tank001.Level Pump001.Speed\nlevels").out
    assert "<Watch of Tank001.Level, Pump001.Speed: live>" in shown
    assert {"Tank001.Level", "Pump001.Speed", "good", "rpm"} <= set(shown.split())
    assert " object at 0x" not in shown
    assert narrow.run("print(levels.trend())").out.startswith("<Watch of Tank001.Level")
    narrow.run("levels.stop()")


def test_alarms_and_the_tree_are_said_in_words(narrow: Notebook, eventually: Eventually) -> None:
    narrow.run("alarms = %mxgw alarms")
    eventually(lambda: len(narrow["alarms"].frame()))
    shown = narrow.run("alarms").out
    assert "<AlarmReview of" in shown
    assert "unacknowledged" in shown
    assert " object at 0x" not in shown + narrow.run("%mxgw browse").out
    narrow.run("alarms.stop()")


def test_a_read_hides_nothing(narrow: Notebook) -> None:
    shown = narrow.run("%mxgw read Tank001.Level Pump001.Speed Nope.Nope").out
    assert "..." not in shown
    assert "good" in shown
    assert "invalid reference" in shown
    assert all(len(line) <= 80 for line in shown.splitlines())


def test_a_change_of_a_condition_is_no_further_line(narrow: Notebook, eventually: Eventually) -> None:
    narrow.run("%mxgw write FIC101.SP 40")
    narrow.run("%mxgw when FIC101.SP > 50 --as high")
    narrow.run("%mxgw write FIC101.SP 55")
    eventually(lambda: len(narrow["high"].events) == 1)
    assert "EventWatch" not in narrow.run("high.stop()").out
    narrow.run("%mxgw write FIC101.SP 40")


def test_a_recorder_says_how_it_fares_and_that_it_has_ended(
    narrow: Notebook, eventually: Eventually, tmp_path: Path
) -> None:
    folder = tmp_path / "recorded"
    query = f"%mxgw record --query /Tank00[12].Level$/ --historized --to {folder}"
    narrow.run(f"recorder = {query}")
    recorder = narrow["recorder"]
    eventually(lambda: recorder.acknowledged > 2)
    shown = narrow.run("recorder").out
    assert "recording, as of " in shown.splitlines()[0]
    assert f"Folder            {folder}" in shown
    assert "Tags              2" in shown
    assert " object at 0x" not in shown
    said = narrow.run("%mxgw status").value["value"]["recorders"]
    assert said.startswith(f"{folder}: live, ")
    narrow.run("recorder.stop()")
    assert "stopped, as of " in narrow.run("recorder").out
    assert narrow.run("%mxgw status").value["value"]["recorders"] == "none"


def test_a_watch_list_and_a_file_of_lines_are_recorded(
    narrow: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("feed.toml").write_text('query = { find = "Tank00?.Level" }\nwithout = ["Tank001.Level"]\n', "utf-8")
    Path("lines.txt").write_text("# the feed\nPump001.Speed\n", "utf-8")
    narrow.run("first = %mxgw record @feed --to one")
    narrow.run("second = %mxgw record @lines.txt --to two")
    assert narrow["first"].tags > 1
    assert narrow["second"].tags == 1
    assert "There is no watch list nope.toml" in narrow.run("%mxgw record @nope.toml --to one").err
    Path("picture.txt").write_bytes(b"\xff\xfe\xfa")
    assert narrow.run("%mxgw record @picture.txt --to one").err.startswith(
        "UsageError: picture.txt is no text in UTF-8"
    )
    for name in ("first", "second"):
        narrow.run(f"{name}.stop()")


def test_a_calculated_pen_is_among_the_last_values(narrow: Notebook, eventually: Eventually) -> None:
    narrow.run("levels = %mxgw watch Tank001.Level\nlevels.pen('half', 'Tank001.Level / 2')")
    eventually(lambda: any(line.split()[:1] == ["half"] for line in narrow.run("levels").out.splitlines()))
    narrow.run("levels.stop()")


def test_disconnecting_says_one_line_whatever_was_shown(narrow: Notebook) -> None:
    narrow.run("levels = %mxgw watch Tank001.Level\nlevels")
    narrow.run("%mxgw alarms")
    narrow.run("levels")
    narrow.run("%mxgw deploys")
    assert len(narrow.run("%mxgw disconnect").out.splitlines()) == 1
