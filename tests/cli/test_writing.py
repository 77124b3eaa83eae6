"""The commands that write: every kind of value, many at once, and writes that a person signs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import Opened, Terminal

USERS = {"MXGW_TEST_PASSWORD": "demo-operator", "MXGW_OTHER_PASSWORD": "demo-supervisor"}


def subscribed(terminal: Terminal, session: Opened, *tags: str) -> list[str]:
    """The handles of advised tags."""
    reply = terminal.answer("subscribe-bulk", *session.options, "--items", ",".join(tags))
    return [str(result["itemHandle"]) for result in reply["subscribeBulk"]["results"]]


def outcome(terminal: Terminal, session: Opened) -> dict[str, Any]:
    """The first event that says what became of a write."""
    seen = 0
    while True:
        event = next_event(terminal, session, after=seen)
        if event["family"] == "MX_EVENT_FAMILY_ON_WRITE_COMPLETE":
            return event
        seen = int(event["workerSequence"])


def next_event(terminal: Terminal, session: Opened, after: int) -> dict[str, Any]:
    """The event after one, asked for again until the gateway has noticed that the last reader left."""
    asked = ("stream-events", "--session-id", session.id, "--max-events", "1", "--json")
    while True:
        told = terminal.run(*asked, "--after-worker-sequence", str(after))
        if "subscriber already" not in told.output:
            event: dict[str, Any] = json.loads(told.stdout)
            return event


def present(terminal: Terminal, session: Opened, tag: str) -> dict[str, Any]:
    """A tag's value as the gateway sends it."""
    reply = terminal.answer("read-bulk", *session.options, "--item", tag)
    value: dict[str, Any] = reply["readBulk"]["results"][0]["value"]
    return value


@pytest.mark.parametrize(
    ("tag", "kind", "value", "field", "kept"),
    [
        ("Pump001.StartCmd", "bool", "true", "boolValue", True),
        ("Tank001.FillStop", "int32", "88", "doubleValue", 88.0),
        ("Tank001.FillStop", "int64", "87", "doubleValue", 87.0),
        ("Tank001.FillStop", "float", "86.5", "doubleValue", 86.5),
        ("Tank001.FillStop", "double", "-1.25", "doubleValue", -1.25),
        ("Pump001.Manufacturer", "string", "water, warm", "stringValue", "water, warm"),
        ("Recipe_101.StepLimits[]", "int32[]", "[1, 2]", "int32Values", [1, 2]),
        ("Recipe_101.Steps[]", "string[]", '["a", "b"]', "stringValues", ["a", "b"]),
    ],
)
def test_a_value_of_each_kind_arrives(
    terminal: Terminal, session: Opened, tag: str, kind: str, value: str, field: str, kept: object
) -> None:
    (handle,) = subscribed(terminal, session, tag)
    written = ("--item-handle", handle, "--type", kind, "--value", value)
    reply = terminal.answer("write", *session.options, *written)
    assert reply["kind"] == "MX_COMMAND_KIND_WRITE"
    assert outcome(terminal, session)["statuses"][0]["category"] == "MX_STATUS_CATEGORY_OK"
    now = present(terminal, session, tag)
    assert (now["arrayValue"][field]["values"] if kind.endswith("[]") else now[field]) == kept


def test_a_value_takes_its_own_time(terminal: Terminal, session: Opened) -> None:
    (handle,) = subscribed(terminal, session, "Tank003.FillStop")
    written = ("--item-handle", handle, "--type", "double", "--value", "80")
    reply = terminal.answer("write2", *session.options, *written, "--timestamp", "2026-01-31T12:00:00Z")
    assert reply["kind"] == "MX_COMMAND_KIND_WRITE2"
    assert terminal.shown("write", *session.options, *written) == [f"accepted for item  {handle}"]


def test_many_values_are_written_at_once(terminal: Terminal, session: Opened) -> None:
    handles = subscribed(terminal, session, "Tank001.FillStop", "Tank003.FillStop")
    values = ("--type", "double", "--value", "81", "--value", "82")
    spelled = ("--item-handles", ",".join(handles))
    results = terminal.answer("write-bulk", *session.options, *spelled, *values)["writeBulk"]["results"]
    assert [(str(one["itemHandle"]), one["wasSuccessful"]) for one in results] == [
        (handle, True) for handle in handles
    ]
    failed = terminal.error(
        "write-bulk", *session.options, "--item-handle", handles[0], "--item-handle", "999", *values
    )
    assert (failed["exitCode"], list(failed["failures"])) == (8, ["item 999"])
    assert terminal.error("write-bulk", *session.options, *spelled, *values[:4])["exitCode"] == 2


def test_a_secured_attribute_takes_a_signed_write_alone(terminal: Terminal, session: Opened) -> None:
    (handle,) = subscribed(terminal, session, "Recipe_101.Hold")
    written = (*session.options, "--item-handle", handle, "--type", "bool", "--value", "true")
    terminal.answer("write", *written)
    assert outcome(terminal, session)["statuses"][0]["detail"] == 1012
    sign = ("authenticate-user", *session.options, "--user", "operator", "--json")
    user = terminal.run(*sign, "--password-env", "MXGW_TEST_PASSWORD", **USERS)
    assert user.exit_code == 0
    signed = ("--current-user-id", "1")
    secured = terminal.answer("write-secured", *written, *signed)
    assert secured["kind"] == "MX_COMMAND_KIND_WRITE_SECURED"
    timed = ("--timestamp", "2026-01-31T12:00:00Z")
    secured2 = terminal.answer("write-secured2", *written, *timed, *signed, "--verifier-user-id", "1")
    assert secured2["kind"] == "MX_COMMAND_KIND_WRITE_SECURED2"
    assert present(terminal, session, "Recipe_101.Hold")["boolValue"] is True


def test_a_password_is_asked_for_and_not_shown(terminal: Terminal, session: Opened) -> None:
    sign = ("authenticate-user", *session.options, "--user", "operator")
    asked = terminal.run(*sign, stdin="demo-operator\n")
    # The runner of click 8.2 begins with a blank for what is typed and not shown; a terminal has none.
    assert asked.stdout.strip().splitlines() == ["user     operator", "user id  1"]
    assert "Password" in asked.stderr
    wrong = terminal.run(*sign, stdin="mistaken\n")
    assert wrong.exit_code == 7
    assert "mistaken" not in wrong.output


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("int32", "1.5", "cannot be written as Integer"),
        ("int32", "3000000000", "does not fit 32 bits"),
        ("bool", "perhaps", "cannot be written as Boolean"),
        ("timestamp", "2026-01-31T12:00:00", "no time zone"),
        ("int32[]", "1,2", "not a JSON list"),
        ("word", "1", "is not one of"),
    ],
)
def test_a_value_that_is_none_of_its_kind_is_wrong_usage(
    terminal: Terminal, session: Opened, kind: str, value: str, why: str
) -> None:
    error = terminal.error("write", *session.options, "--item-handle", "2", "--type", kind, "--value", value)
    assert (error["type"], error["exitCode"]) == ("UsageError", 2) if kind != "word" else True
    assert why in error["message"]


@pytest.mark.parametrize("command", ["write", "write2", "write-bulk", "write-secured"])
@pytest.mark.parametrize(
    ("kind", "value"),
    [("double", "0.4"), ("int32", "-1"), ("double", "nan"), ("string", "0.4"), ("float", "2")],
)
def test_no_number_but_0_and_1_switches_a_boolean_on(
    terminal: Terminal, session: Opened, command: str, kind: str, value: str
) -> None:
    switch = "Pump901.StartCmd"
    before = present(terminal, session, switch)["boolValue"]
    reply = terminal.answer("add-item", *session.options, "--item", switch)
    handle = str(reply["addItem"]["itemHandle"])
    terminal.answer("advise", *session.options, "--item-handle", handle)
    more = {"write2": ("--timestamp", "2026-01-31T12:00:00Z"), "write-secured": ("--current-user-id", "1")}
    written = ("--item-handle", handle, "--type", kind, "--value", value, "--allow-nonfinite")
    error = terminal.error(command, *session.options, *written, *more.get(command, ()))
    assert (error["exitCode"], "cannot be written as Boolean" in error["message"]) == (2, True)
    assert present(terminal, session, switch)["boolValue"] is before
    terminal.answer("write", *session.options, "--item-handle", handle, "--type", "double", "--value", "0")


@pytest.mark.parametrize("command", ["write", "write2", "write-bulk"])
@pytest.mark.parametrize("text", ["1e400", "nan", "-Infinity"])
def test_no_text_makes_a_setpoint_infinite(
    terminal: Terminal, session: Opened, command: str, text: str
) -> None:
    (handle,) = subscribed(terminal, session, "FIC101.SP")
    before = present(terminal, session, "FIC101.SP")["doubleValue"]
    more = {"write2": ("--timestamp", "2026-01-31T12:00:00Z")}.get(command, ())
    written = (*session.options, "--item-handle", handle, "--type", "string", "--value", text, *more)
    error = terminal.error(command, *written)
    assert (error["exitCode"], "cannot be written as Double" in error["message"]) == (2, True)
    assert present(terminal, session, "FIC101.SP")["doubleValue"] == before


def test_what_was_added_is_forgotten_with_its_session(terminal: Terminal, settings_folder: Path) -> None:
    with terminal.session() as opened:
        terminal.run("subscribe-bulk", *opened.options, "--items", "Pump901.StartCmd,No.Such")
        (kept,) = settings_folder.glob("sessions/*")
        assert "Pump901.StartCmd" in kept.read_text()
        assert "No.Such" not in kept.read_text()
    assert list(settings_folder.glob("sessions/*")) == []


def test_a_batch_switches_no_boolean_on_either(terminal: Terminal, session: Opened) -> None:
    (handle,) = subscribed(terminal, session, "Pump901.StartCmd")
    line = " ".join(
        ["write", *session.options, "--item-handle", handle, "--type", "double", "--value", "0.4"]
    )
    assert "cannot be written as Boolean" in terminal.run("batch", stdin=line).stdout


def test_infinity_and_an_empty_list_are_written_where_the_refusals_own_option_is_given(
    terminal: Terminal, session: Opened
) -> None:
    number, array = subscribed(terminal, session, "Tank001.FillStop", "Recipe_101.StepLimits[]")
    asked = {
        "--allow-nonfinite": ("--item-handle", number, "--type", "double", "--value", "inf"),
        "--allow-empty": ("--item-handle", array, "--type", "int32[]", "--value", "[]"),
    }
    for option, written in asked.items():
        for command in ("write", "write-bulk"):
            refused = terminal.error(command, *session.options, *written)
            assert (refused["exitCode"], option in refused["message"]) == (2, True)
            terminal.answer(command, *session.options, *written, option)
    assert present(terminal, session, "Tank001.FillStop")["doubleValue"] == "Infinity"


def test_a_value_may_begin_with_a_dash(terminal: Terminal, session: Opened) -> None:
    number, text = subscribed(terminal, session, "Tank001.FillStop", "Pump001.Manufacturer")
    for handle, kind, value in ((number, "double", "-1e-3"), (text, "string", "-hello")):
        written = ("--item-handle", handle, "--type", kind, "--value", value)
        terminal.answer("write", *session.options, *written)
    assert present(terminal, session, "Tank001.FillStop")["doubleValue"] == -0.001
    assert present(terminal, session, "Pump001.Manufacturer")["stringValue"] == "-hello"


@pytest.mark.parametrize("command", ["write", "write-bulk"])
def test_a_write_whose_reply_is_lost_may_have_been_done(
    terminal: Terminal, session: Opened, command: str
) -> None:
    (number,) = subscribed(terminal, session, "Tank001.FillStop")
    terminal.gateway.fault("lose-reply", command="write*", code="UNAVAILABLE", times=1)
    written = ("--item-handle", number, "--type", "double", "--value", "71")
    error = terminal.error(command, *session.options, *written)
    assert (error["type"], error["exitCode"]) == ("WriteOutcomeUnknownError", 5)
    assert "may have been written" in error["hint"]
    assert present(terminal, session, "Tank001.FillStop")["doubleValue"] == 71.0
