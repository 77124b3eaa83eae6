"""mxgw-py plan: shown, armed by --write, applied by --yes."""

from __future__ import annotations

import getpass
import json

import pytest

from tests.cli.terminal import Terminal


def values(terminal: Terminal, *tags: str) -> list[object]:
    with terminal.session() as opened:
        reply = terminal.answer("read-bulk", *opened.options, "--items", ",".join(tags))
    return [entry["value"].get("doubleValue") for entry in reply["readBulk"]["results"]]


def test_a_plan_is_shown_and_nothing_written(terminal: Terminal) -> None:
    before = values(terminal, "FIC101.SP")
    lines = terminal.shown("plan", "FIC101.SP=9999")
    assert "needs an override" in lines[1]
    (answer,) = terminal.answers("plan", "FIC101.SP=41", "--dry-run", "--write", "trial")
    assert answer["plan"][0]["new"] == 41.0
    assert answer["plan"][0]["plant"] == terminal.endpoint
    assert values(terminal, "FIC101.SP") == before


def test_a_plan_is_applied_by_whoever_says_yes(terminal: Terminal) -> None:
    (before,) = values(terminal, "FIC101.SP")
    error = terminal.error("plan", "FIC101.SP=41", "--write", "trial")
    assert (error["type"], error["exitCode"]) == ("PlanError", 2)
    (answer,) = terminal.answers("plan", "FIC101.SP=41", "--write", "trial", "--yes")
    assert answer["outcomes"][0]["is"] == 41.0
    terminal.answers("plan", f"FIC101.SP={before}", "--write", "as it was", "--yes")
    assert values(terminal, "FIC101.SP") == [before]


@pytest.mark.parametrize(
    "arguments",
    [
        ("FIC101.SP",),
        ("=1",),
        ("A.B=1", "A.B=2"),
        (),
        ("A.B=1", "--override", "A.B"),
        ("FIC101.SP=31", "--yes"),
    ],
)
def test_what_is_no_plan_is_wrong_usage(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    assert terminal.error("plan", *arguments)["exitCode"] == 2


def test_a_plan_is_rehearsed_and_nothing_written(terminal: Terminal) -> None:
    (before,) = values(terminal, "FIC101.SP")
    done = terminal.run("plan", f"FIC101.SP={before + 1}", "--rehearse", "--json")  # type: ignore[operator]
    (row,) = json.loads(done.stdout)["rehearsal"]
    assert (row["verdict"], row["undone"]) == ("as wanted", "as wanted")
    assert "Not proven is the physics" in done.stderr
    assert values(terminal, "FIC101.SP") == [before]


def test_a_signed_plan_asks_for_each_password_and_names_none(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def type_in(prompt: str = "") -> str:
        asked.append(prompt.split()[2])
        return f"demo-{asked[-1]}"

    people = ("--user", "operator", "--verifier", "supervisor")
    signed = ("plan", "Tank001.InService=false", "--write", "trial", "--yes", *people)
    nobody = terminal.error(*signed)
    assert "Nobody can be asked for the password of operator" in nobody["message"]
    monkeypatch.setattr(getpass, "getpass", type_in)
    monkeypatch.setattr("mxgw_notebook.gateway.signing.in_page", lambda: True)
    (answer,) = terminal.answers(*signed)
    assert (answer["outcomes"][0]["is"], asked) == (False, ["operator", "supervisor"])
    terminal.answers("plan", "Tank001.InService=true", "--write", "as it was", "--yes", *people)
    refused = terminal.error("plan", "Pump001.Reset=true", "--verifier", "supervisor")
    assert (refused["exitCode"], "A verifier is given" in refused["message"]) == (2, True)
