"""Exit codes, errors as JSON, connection options, and keys that are never shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import grpc
import pytest

from mxgw_notebook.cli.failures import status_data
from mxgw_notebook.client.contract import wire
from mxgw_notebook.errors import Status
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.cli.terminal import Terminal
from tests.conftest import KEY

FIELDS = {
    "call",
    "code",
    "endpoint",
    "exitCode",
    "failures",
    "hint",
    "hresult",
    "hresultHex",
    "message",
    "protocolCode",
    "reply",
    "statuses",
    "type",
}
ASK = ("galaxy-test-connection",)


@pytest.fixture(scope="module")
def tls() -> Iterator[EmbeddedGateway]:
    with EmbeddedGateway.start(seed=1, api_key=KEY, tls=True) as gateway:
        yield gateway


@pytest.mark.parametrize(
    ("arguments", "variables", "code", "kind"),
    [
        (ASK, {"MXGATEWAY_API_KEY": "mxgw_wrong_key"}, 3, "AuthenticationError"),
        (ASK, {"MXGATEWAY_API_KEY": None}, 3, "AuthenticationError"),
        (ASK, {"MXGATEWAY_ENDPOINT": "127.0.0.1:1"}, 4, "GatewayUnavailableError"),
        (ASK, {"MXGATEWAY_PLAINTEXT": None}, 4, "GatewayUnavailableError"),
        (("ping", "--session-id", "x"), {}, 6, "NotFoundError"),
        (("session-state",), {}, 2, "UsageError"),
        (("ping", "--session-id", "x", "--timeout", "0"), {}, 2, "UsageError"),
        ((*ASK, "--plaintext", "--tls"), {}, 2, "UsageError"),
        ((*ASK, "--plaintext", "--ca-file", "x.pem"), {}, 2, "UsageError"),
        ((*ASK, "--api-key", "mxgw_a_b", "--api-key-env", "B"), {}, 2, "UsageError"),
        ((*ASK, "--api-key-env", "NOT_SET_ANYWHERE"), {}, 2, "UsageError"),
        ((*ASK, "--ca-file", "not-there.pem"), {}, 2, "UsageError"),
        ((*ASK, "--endpoint", "https://plant"), {}, 2, "UsageError"),
        (
            ("advise", "--session-id", "x", "--server-handle", "1", "--item-handle", "4" * 12),
            {},
            2,
            "UsageError",
        ),
        (("galaxy-discover", "--root-gobject-id", "4" * 12), {}, 2, "UsageError"),
        (("stream-events", "--session-id", "x", "--after-worker-sequence", "4" * 22), {}, 2, "UsageError"),
        (("ping", "--session-id", "\udcff"), {}, 2, "UsageError"),
    ],
)
def test_what_went_wrong_shows_in_the_exit_code_and_as_json(
    terminal: Terminal, arguments: tuple[str, ...], variables: dict[str, str | None], code: int, kind: str
) -> None:
    error = terminal.error(*arguments, **variables)
    assert set(error) == FIELDS
    assert (error["exitCode"], error["type"]) == (code, kind)


def test_what_the_gateway_refuses_in_a_closed_session_is_refused_not_failed_otherwise(
    terminal: Terminal,
) -> None:
    with terminal.session() as session:
        terminal.answer("close-session", "--session-id", session.id)
        error = terminal.error("ping", "--session-id", session.id)
    assert (error["type"], error["exitCode"]) == ("PreconditionError", 7)


def test_an_errors_statuses_have_the_names_of_the_contracts_json(terminal: Terminal) -> None:
    with terminal.session() as session:
        error = terminal.error(
            "write", *session.options, "--item-handle", "1", "--type", "double", "--value", "1"
        )
    names = {field.json_name for field in wire.MxStatusProxy.DESCRIPTOR.fields}
    assert all(status.keys() == names for status in error["statuses"])
    assert status_data(Status("OK")).keys() == names


def test_the_version_is_one_line(terminal: Terminal) -> None:
    assert terminal.shown("--version") == [f"mxgw-py {version('mxgw-notebook')}"]


def test_a_timeout_says_that_the_command_may_still_run(terminal: Terminal) -> None:
    with terminal.session() as session:
        terminal.gateway.fault("delay", rpc="Invoke", seconds=5.0)
        try:
            error = terminal.error("ping", "--session-id", session.id, "--timeout", "0.2")
        finally:
            terminal.gateway.clear_faults()
    assert (error["type"], error["exitCode"]) == ("CallTimeoutError", 5)
    assert "may still be running" in error["hint"]


def test_a_person_gets_one_line_with_the_remedy(terminal: Terminal) -> None:
    done = terminal.run(*ASK, MXGATEWAY_ENDPOINT="127.0.0.1:1")
    assert (done.exit_code, done.stdout) == (4, "")
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    assert "check host and port" in done.stderr


def test_wrong_usage_shows_how_it_is_meant(terminal: Terminal) -> None:
    done = terminal.run("session-state")
    assert done.stderr.startswith("Usage: ")
    assert "Missing option '--session-id'" in done.stderr


@pytest.mark.parametrize("as_json", [(), ("--json",)])
@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        ((*ASK, "--api-key", "mxgw_a_wrong"), {}),
        ((*ASK, "--api-key=mxgw_a_wrong"), {}),
        (ASK, {"MXGATEWAY_API_KEY": "mxgw_a_wrong"}),
        ((*ASK, "--api-key-env", "PLANT_KEY"), {"PLANT_KEY": "mxgw_a_wrong"}),
        ((*ASK, "mxgw_a_wrong"), {}),
        (("mxgw_a_wrong",), {}),
        (("ping", "--session-id", "mxgw_a_wrong"), {}),
        ((*ASK, "--api-key", "mxgw_a_wrong", "--no-such-option"), {}),
        ((*ASK, "--endpoint", "mxgw_a_wrong://"), {}),
        ((*ASK, "--api-key-env", "mxgw_a_wrong"), {}),
    ],
)
def test_no_key_is_shown_wherever_it_came_from(
    terminal: Terminal,
    arguments: tuple[str, ...],
    variables: dict[str, str | None],
    as_json: tuple[str, ...],
) -> None:
    done = terminal.run(*arguments, *as_json, **variables)
    assert done.exit_code != 0
    assert "mxgw_a_wrong" not in done.output


def test_a_key_of_another_form_is_not_shown_either(terminal: Terminal) -> None:
    for given in (("--api-key", 'se"cret'), ("--api-key", 'se"cret', "extra", 'se"cret')):
        done = terminal.run(*ASK, *given, "--json")
        assert done.exit_code != 0
        assert "cret" not in done.output


def test_tls_is_the_default_and_trusts_what_it_is_told(
    terminal: Terminal, tls: EmbeddedGateway, tmp_path: Path
) -> None:
    at = {"MXGATEWAY_ENDPOINT": tls.endpoint, "MXGATEWAY_PLAINTEXT": None}
    trusting = terminal.run(*ASK, "--tls", "--ca-file", str(tls.ca_file), "--json", **at)
    assert json.loads(trusting.stdout) == {"ok": True}
    by_environment = terminal.run(*ASK, "--json", **at, MXGATEWAY_CA_FILE=tls.ca_file)
    assert by_environment.exit_code == 0
    untrusted = terminal.error(*ASK, **at)
    assert (untrusted["exitCode"], "--ca-file" in untrusted["hint"]) == (4, True)
    wrong_name = terminal.error(*ASK, "--ca-file", str(tls.ca_file), "--server-name-override", "plant", **at)
    assert wrong_name["exitCode"] == 4


def test_what_is_said_on_the_line_comes_before_the_environment(
    terminal: Terminal, tls: EmbeddedGateway
) -> None:
    away: dict[str, str | None] = {"MXGATEWAY_ENDPOINT": "127.0.0.1:1", "MXGATEWAY_API_KEY": "mxgw_other_key"}
    said = ("--endpoint", terminal.endpoint, "--plaintext", "--api-key", KEY)
    assert terminal.run(*ASK, *said, **away, MXGATEWAY_CA_FILE="not-there.pem").exit_code == 0
    secured = ("--endpoint", tls.endpoint, "--tls", "--ca-file", str(tls.ca_file))
    assert terminal.run(*ASK, *secured, MXGATEWAY_PLAINTEXT="1").exit_code == 0


def test_an_answer_shows_no_key_either(terminal: Terminal) -> None:
    with terminal.session() as session:
        done = terminal.run("ping", "--session-id", session.id, "--message", f"<{KEY}>", "--json")
    assert done.exit_code == 0
    assert KEY not in done.output


def test_help_lists_every_command_and_exit_code(terminal: Terminal) -> None:
    told = " ".join(terminal.run("--help").stdout.split())
    for part in ("open-session", "bench-read-bulk", "galaxy-watch", "Exit codes:", "130 interrupted"):
        assert part in told
    options = terminal.run("stream-events", "--help").stdout
    for option in (
        "--max-events",
        "--endpoint",
        "--ca-file",
        "--api-key-env",
        "--json",
        "MXGATEWAY_ENDPOINT",
    ):
        assert option in options


@contextmanager
def replying(reply: wire.MxCommandReply) -> Iterator[str]:
    """The endpoint of a server that has one reply to whatever is called."""

    class Everything(grpc.GenericRpcHandler):
        def service(self, details: grpc.HandlerCallDetails) -> Any:
            return grpc.unary_unary_rpc_method_handler(lambda request, context: reply.SerializeToString())

    server = grpc.server(ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((Everything(),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(grace=None).wait()


@pytest.mark.parametrize("order", [[0], [], [0, 1, 1], [1, 0]], ids=["short", "none", "long", "out of order"])
@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("subscribe-bulk", ("--items", "A.B,C.D")),
        ("read-bulk", ("--items", "A.B,C.D")),
        ("write-bulk", ("--item-handles", "1,2", "--type", "int32", "--value", "1", "--value", "0")),
    ],
)
def test_a_bulk_reply_of_other_entries_is_told_and_not_shown_as_theirs(
    terminal: Terminal, command: str, options: tuple[str, ...], order: list[int]
) -> None:
    field = command.replace("-", "_")
    entries: list[dict[str, Any]] = [{"item_handle": place + 1, "was_successful": True} for place in order]
    if field != "write_bulk":
        entries = [{**entry, "tag_address": ["A.B", "C.D"][entry["item_handle"] - 1]} for entry in entries]
    body: Any = {field: {"results": entries}}
    with replying(wire.MxCommandReply(**body)) as endpoint:
        session = ("--session-id", "s", "--server-handle", "1")
        error = terminal.error(command, *session, *options, MXGATEWAY_ENDPOINT=endpoint)
    writes = command == "write-bulk"
    assert error["type"] == ("WriteOutcomeUnknownError" if writes else "ReplyError")
    assert error["exitCode"] == (5 if writes else 7)
    assert "asked" in error["message"]
