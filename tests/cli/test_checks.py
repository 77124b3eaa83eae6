"""smoke, bench-read-bulk and batch."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

import pytest

from tests.cli.terminal import Opened, Terminal
from tests.conftest import KEY


def lines_of(stdout: str) -> list[tuple[list[dict[str, Any]], int]]:
    """The answers of a batch, by line, with each line's exit code."""
    found: list[tuple[list[dict[str, Any]], int]] = []
    answers: list[dict[str, Any]] = []
    for line in stdout.splitlines():
        if line.startswith("--- exit "):
            found.append((answers, int(line.removeprefix("--- exit "))))
            answers = []
        else:
            answers.append(json.loads(line))
    assert not answers
    return found


def test_smoke_goes_the_whole_way_and_closes_its_session(terminal: Terminal) -> None:
    done = terminal.answer("smoke", "--item", "Tank001.Level", "--max-events", "2")
    assert set(done) == {"closed", "events", "item", "itemHandle", "serverHandle", "sessionId"}
    assert [event["workerSequence"] for event in done["events"]] == ["1", "2"]
    gone = terminal.error("ping", "--session-id", done["sessionId"])
    assert gone["exitCode"] != 0
    shown = dict(line.split(maxsplit=1) for line in terminal.shown("smoke", "--item", "Tank001.Level"))
    assert shown["events"] == "1"


def test_smoke_takes_what_came_when_the_time_is_over(terminal: Terminal) -> None:
    waiting = ("--max-events", "50", "--wait", "2")
    done = terminal.answer("smoke", "--item", "Tank001.Capacity", *waiting)
    assert len(done["events"]) == 1


def test_smoke_closes_its_session_also_when_the_tag_is_wrong(terminal: Terminal) -> None:
    error = terminal.error("smoke", "--item", "Nope.Nope")
    assert error["exitCode"] == 7
    state = terminal.error("ping", "--session-id", error["reply"]["sessionId"])
    assert "CLOSED" in state["message"]


@pytest.mark.parametrize(("advised", "cached"), [((), 0), (("--advised",), 2)])
def test_reading_is_measured(terminal: Terminal, advised: tuple[str, ...], cached: int) -> None:
    figures = terminal.answer(
        "bench-read-bulk", "--items", "Tank001.Level,Tank002.Level", "--rounds", "3", *advised
    )
    assert set(figures) == {
        "cachedCount",
        "failures",
        "itemCount",
        "maxMs",
        "meanMs",
        "medianMs",
        "minMs",
        "rounds",
        "valuesPerSecond",
    }
    assert (figures["itemCount"], figures["rounds"], figures["cachedCount"]) == (2, 3, cached)
    assert figures["minMs"] <= figures["medianMs"] <= figures["maxMs"]


def test_measuring_a_wrong_tag_fails_for_it_alone(terminal: Terminal) -> None:
    done = terminal.run("bench-read-bulk", "--items", "Tank001.Level,Nope.Nope", "--rounds", "1", "--json")
    assert done.exit_code == 8
    assert json.loads(done.stdout)["failures"] == {"Nope.Nope": "invalid reference (6)"}


def test_a_batch_answers_every_line_and_ends_with_its_input(terminal: Terminal, session: Opened) -> None:
    lines = [
        f"ping --session-id {session.id} --message 'two words'",
        "",
        "# a comment",
        f"ping --session-id {session.id} --json",
        "galaxy-watch --max-events 1",
        "query-active-alarms",
        "version",
    ]
    done = terminal.run("batch", stdin="\n".join(lines))
    assert (done.exit_code, done.stderr) == (0, "")
    two_words, ping, _, alarms, versions = lines_of(done.stdout)
    assert two_words[0][0]["diagnosticMessage"] == "two words"
    assert ping[0][0]["diagnosticMessage"] == "ping"
    assert len(alarms[0]) > 3
    assert "mxgw-notebook" in versions[0][0]


def test_a_line_that_fails_does_not_end_the_batch(terminal: Terminal, session: Opened) -> None:
    lines = [
        "session-state",
        "pong",
        "'not closed",
        "simulate",
        "batch",
        "ping --session-id nope",
        f"add-item --session-id {session.id} --server-handle 1 --item Nope.Nope",
        f"ping --session-id {session.id}",
    ]
    done = terminal.run("batch", stdin="\n".join(lines))
    answered = lines_of(done.stdout)
    assert [code for _, code in answered] == [2, 2, 2, 2, 2, 6, 7, 0]
    assert done.exit_code == 8
    for (answer,), code in answered[:-1]:
        assert answer["error"]["exitCode"] == code


def test_an_alarm_reference_keeps_its_backslashes_in_a_batch_however_it_is_quoted(terminal: Terminal) -> None:
    reference = r"\\Galaxy\Area001.Pump001.PumpFault"
    lines = [
        f"acknowledge-alarm --alarm-reference {quoted}"
        for quoted in (f'"{reference}"', f"'{reference}'", reference)
    ]
    answered = lines_of(terminal.run("batch", stdin="\n".join(lines)).stdout)
    assert [repr(reference) in answer["error"]["message"] for (answer,), _ in answered] == [True] * 3


def test_what_a_batch_is_given_holds_for_its_lines_unless_they_say_otherwise(
    terminal: Terminal, session: Opened
) -> None:
    line = f"ping --session-id {session.id}"
    given = ("--endpoint", terminal.endpoint, "--plaintext", "--api-key", KEY, "--timeout", "20")
    elsewhere: dict[str, str | None] = {
        "MXGATEWAY_ENDPOINT": "127.0.0.1:1",
        "MXGATEWAY_API_KEY": "mxgw_other_key",
        "MXGATEWAY_PLAINTEXT": None,
    }
    done = terminal.run(
        "batch",
        *given,
        stdin=f"{line}\n{line} --endpoint 127.0.0.1:1\n{line} --tls\n{line} --api-key mxgw_line_key\n",
        **elsewhere,
    )
    answered = lines_of(done.stdout)
    assert [code for _, code in answered] == [0, 4, 4, 3]
    assert not [key for key in (KEY, "mxgw_line_key", "mxgw_other_key") if key in done.output]


def test_no_key_of_a_batch_is_shown(terminal: Terminal, session: Opened) -> None:
    lines = [
        f"ping --session-id {session.id} --message {KEY}",
        f"pong {KEY}",
        "ping --session-id x --api-key mxgw_in_clear 'not closed",
        "ping mxgw_misplaced_secret --session-id x",
    ]
    done = terminal.run("batch", stdin="\n".join(lines))
    assert [key for key, _ in groupby(code for _, code in lines_of(done.stdout))] == [0, 2]
    assert not [key for key in (KEY, "mxgw_in_clear", "mxgw_misplaced_secret") if key in done.output]


def test_the_doctor_tells_good_from_bad_by_its_exit_code(terminal: Terminal) -> None:
    found = {one["check"]: one["verdict"] for one in terminal.answer("doctor")["findings"]}
    assert found["gateway"] == found["key: invoke:read"] == "good"
    assert found["key: invoke:write"] == "not known"
    report = terminal.answer("doctor", "--report")["report"]
    assert report.startswith("mxgw_notebook doctor")
    assert KEY not in report
    lines = terminal.shown("doctor", "--report")
    checks = [
        line.removeprefix("- ").partition(": good")[0].partition(": not known")[0] for line in lines[1:]
    ]
    assert [check for check in checks if check.startswith("key")] == [
        check for check in found if check.startswith("key")
    ]
    done = terminal.run("doctor", MXGATEWAY_ENDPOINT="localhost:1")
    assert done.exit_code == 1
    assert "Something is bad: gateway" in done.stderr
    assert any(line.startswith("gateway") and " bad " in line for line in done.stdout.splitlines())
