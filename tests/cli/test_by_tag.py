"""mxgw-py as people use it: by tag, without sessions and handles."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.cli.command import CommandCall
from mxgw_notebook.cli.facade import show_frame
from mxgw_notebook.cli.output import Output
from mxgw_notebook.client import ClientOptions
from tests.cli.terminal import NOTHING_SET, Terminal
from tests.cli.test_commands import ENVIRONMENT, MXGW
from tests.conftest import KEY

LEVEL, SPEED, MODE = "Tank001.Level", "Pump001.Speed", "FIC101.Mode"


def test_tags_are_read_by_name(terminal: Terminal) -> None:
    lines = terminal.shown("read", LEVEL, MODE)
    assert lines[0].split() == ["tag", "value", "quality", "timestamp", "failure"]
    assert lines[1].split()[0] == LEVEL
    assert lines[2].split()[:3] == [MODE, "Auto", "good"]
    (answer,) = terminal.answers("read", LEVEL, MODE)
    level, mode = answer["readings"]
    assert (level["tag"], level["quality"], mode["value"]) == (LEVEL, "good", "Auto")
    assert isinstance(level["value"], float)
    assert level["timestamp"].endswith("Z")


@pytest.mark.parametrize("words", [[f"{LEVEL},{MODE}"], [f"{LEVEL},", MODE], [f"{LEVEL} , {MODE}"]])
def test_commas_part_tags(terminal: Terminal, words: list[str]) -> None:
    assert [one["tag"] for one in terminal.answer("read", *words)["readings"]] == [LEVEL, MODE]


@pytest.mark.parametrize("pattern", ["nothing", "Tank00[1-3].Level", "/^[0-9]+$/", "$Tank", "Tank001"])
def test_nothing_found_is_said(terminal: Terminal, pattern: str) -> None:
    done = terminal.run("find", pattern)
    assert (done.exit_code, bool(done.stdout)) == (0, pattern == "Tank001")
    assert ("Nothing is found" in done.stderr) == (pattern != "Tank001")


def test_globs_and_templates_stand_for_many_tags(terminal: Terminal) -> None:
    by_glob = [one["tag"] for one in terminal.answer("read", "Tank00*.Level")["readings"]]
    by_template = [
        one["tag"]
        for one in terminal.answer("read", "--template", "$Tank", "--attribute", "Level")["readings"]
    ]
    assert LEVEL in by_glob
    assert set(by_glob) <= set(by_template)


def test_a_tag_that_fails_stands_beside_the_others_and_ends_with_eight(terminal: Terminal) -> None:
    done = terminal.run("read", LEVEL, "Nope.Nope")
    assert done.exit_code == 8
    assert "invalid reference" in done.stdout
    assert "mxgw-py find" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["read"], "Name a tag"),
        (["read", "--template", "$Tank"], "Name a tag"),
        (["read", "Nope*.Level"], "No tag matches Nope\\*.Level"),
        (["find"], "Give a pattern"),
        (["raed", LEVEL], "Did you mean read"),
        (["diff", "none.parquet"], "is saved by mxgw-py snapshot"),
        (["watch", LEVEL, "--for", "soon"], "not a length of time"),
        (["watch", LEVEL, "--csv", "--json"], "exclude each other"),
        (["alarms", "report"], "Of which time"),
        (["alarms", "--to", "x.html"], "belong to the report"),
        (["diff", "nowhere.parquet", "nowhere.parquet"], "nowhere"),
    ],
)
def test_what_cannot_be_meant_is_one_line(terminal: Terminal, arguments: list[str], reason: str) -> None:
    done = terminal.run(*arguments)
    assert done.exit_code == 2
    (line,) = [line for line in done.stderr.splitlines() if line.startswith(("Error: ", '{"error"'))]
    assert reason.replace("\\", "") in line


def test_tags_are_found_by_words_globs_and_filters(terminal: Terminal) -> None:
    assert any(line.split()[0] == SPEED for line in terminal.shown("find", "*Pump*.Speed"))
    tags = [one["tag"] for one in terminal.answer("find", "level", "--template", "$Tank")["tags"]]
    assert LEVEL in tags


def test_what_is_watched_comes_as_lines_of_csv(terminal: Terminal) -> None:
    rows = list(
        csv.DictReader(terminal.shown("watch", LEVEL, MODE, "--csv", "--for", "1200ms", "--every", "200ms"))
    )
    assert list(rows[0]) == ["timestamp", "tag", "value", "quality"]
    assert {row["tag"] for row in rows} == {LEVEL, MODE}
    assert {row["value"] for row in rows if row["tag"] == MODE} == {"Auto"}
    assert all(float(row["value"]) >= 0 for row in rows if row["tag"] == LEVEL)


def test_what_is_watched_comes_as_an_object_a_sample(terminal: Terminal) -> None:
    rows = terminal.answers("watch", LEVEL, "--for", "1200ms", "--every", "200ms")
    assert {row["tag"] for row in rows} == {LEVEL}
    assert all(row["quality"] == "good" and row["replayed"] is False for row in rows)
    assert [row["timestamp"] for row in rows] == sorted(row["timestamp"] for row in rows)


def test_a_watch_that_is_over_before_its_second_look_tells_what_came(terminal: Terminal) -> None:
    assert {row["tag"] for row in terminal.answers("watch", LEVEL, "--for", "900ms", "--every", "10m")} == {
        LEVEL
    }


def test_a_watch_of_no_tag_that_exists_ends(terminal: Terminal) -> None:
    done = terminal.run("watch", "Nope.Nope", "--every", "100ms")
    assert done.exit_code == 8
    assert "Nope.Nope" in done.stderr


def test_alarms_are_a_table_the_most_urgent_first(terminal: Terminal) -> None:
    alarms = terminal.answer("alarms")["alarms"]
    waiting = [one["severity"] for one in alarms if one["state"] == "unacknowledged"]
    assert waiting == sorted(waiting)
    assert terminal.shown("alarms")[0].split()[:4] == ["severity", "state", "raised", "tag"]
    few = terminal.answer("alarms", "--min-severity", "1")["alarms"]
    assert len(few) <= len(alarms)


def test_a_table_as_json_has_every_digit(capsys: pytest.CaptureFixture[str]) -> None:
    table = pd.DataFrame(
        {
            "number": [1.23456789e-12, math.pi, math.nan, -math.inf],
            "count": [2**53 + 1, 0, -1, 1],
            "value": [True, np.float64(0.1), "text", None],
            "time": pd.to_datetime(pd.Series(["2026-05-04 06:00:00.123456789", None, None, None]), utc=True),
        }
    )
    show_frame(
        CommandCall(ClientOptions(endpoint="localhost:1"), Output(as_json=True, keys=())),
        "rows",
        table,
        ["number"],
    )
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [row["number"] for row in rows] == [1.23456789e-12, math.pi, None, "-Infinity"]
    assert [row["count"] for row in rows] == [2**53 + 1, 0, -1, 1]
    assert [row["value"] for row in rows] == [True, 0.1, "text", None]
    assert [row["time"] for row in rows] == ["2026-05-04T06:00:00.123456789Z", None, None, None]


def test_an_alarms_value_has_the_digits_that_were_sent(terminal: Terminal) -> None:
    rows = terminal.answer("alarms")["alarms"]
    (vibration,) = [one["value"] for one in rows if one["tag"] == "Motor_012.Vibration.Hi"]
    (line,) = [line for line in terminal.shown("alarms") if "Motor_012.Vibration.Hi" in line]
    assert vibration == np.float32(vibration)
    assert f" {np.float32(vibration)!s} " in line


def test_a_report_is_of_a_time_and_stays_on_the_disk(terminal: Terminal, tmp_path: Path) -> None:
    done = terminal.run("alarms", "report", "--for", "500ms", "--to", str(tmp_path / "review.html"))
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[0].split() == ["measure", "value", "benchmark", "met", "note"]
    assert "review.html" in done.stderr
    assert "<html" in (tmp_path / "review.html").read_text("utf-8")


def test_a_galaxy_is_kept_and_compared(terminal: Terminal, tmp_path: Path) -> None:
    file = str(tmp_path / "plant.parquet")
    assert file in terminal.shown("snapshot", file)[0]
    assert terminal.answer("diff", file)["changes"] == []
    assert terminal.run("diff", file, file, "--json", MXGATEWAY_ENDPOINT="localhost:1").exit_code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there a console has its own code page")
def test_a_pipe_with_few_letters_ends_in_no_traceback(terminal: Terminal) -> None:
    own = {
        **{name: value for name, value in ENVIRONMENT.items() if name not in NOTHING_SET},
        "MXGATEWAY_ENDPOINT": terminal.endpoint,
        "MXGATEWAY_API_KEY": KEY,
        "MXGATEWAY_PLAINTEXT": "1",
        "PYTHONIOENCODING": "cp1252",
    }
    done = subprocess.run(
        [*MXGW, "read", LEVEL, "Грязь.Уровень"], env=own, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 8
    assert b"Traceback" not in done.stderr
    assert rb"\u0413" in done.stdout
    assert LEVEL.encode() in done.stdout


def test_the_protocols_own_commands_are_beside_them(terminal: Terminal) -> None:
    told = terminal.run("--help").stdout
    for name in ("read", "read-bulk", "watch", "stream-events", "alarms", "stream-alarms", "plan", "smoke"):
        assert f"  {name} " in told
    assert json.loads(terminal.run("version", "--json").stdout)["mxgw-notebook"]
