"""What a person may get wrong: one line, what happened and what to try; no traceback, never the key."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from mxgw_notebook.magics.magic import tags_of
from mxgw_notebook.magics.words import words_of
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY
from tests.magics.conftest import Cell, Notebook

WRONG_KEY = "mxgw_engineer_0123456789"


def complaint(cell: Cell) -> str:
    """The one line that a mistake shows."""
    assert cell.value is None
    lines = cell.err.splitlines()
    assert len(lines) == 1, cell.err
    assert lines[0].startswith("UsageError: ")
    assert "Traceback" not in cell.out + cell.err
    assert KEY not in cell.out + cell.err
    assert WRONG_KEY not in cell.out + cell.err
    return lines[0].removeprefix("UsageError: ")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("%mxgw raed Pump001.Speed", "Did you mean read?"),
        ("%mxgw xyzzy", "See %mxgw help."),
        ("%mxgw help raed", "Did you mean read?"),
        ("%mxgw READ Pump001.Speed", "Did you mean read?"),
        ("%mxgw Pump001.Speed", "Did you mean %mxgw read Pump001.Speed?"),
        ("%mxgw write Pump001.Manufacturer --plam", "Did you mean --plan?"),
        ("%mxgw connect demo --speed 0", "The speed has to be above 0, not 0"),
        ("%mxgw connect none.parquet", "none.parquet is not there"),
        ("%mxgw values compare none.parquet", "No gateway is connected"),
        ("%mxgw read Pump001.Speed --timeot 3", "unrecognized arguments: --timeot. Did you mean --timeout?"),
        ("%mxgw read Pump001.Speed --timeout soon", "invalid float value: 'soon'"),
        ("%mxgw write FIC101.Mode Cascade High", 'arguments: High. VALUE of several words: "two words".'),
        ("%mxgw write FIC101.SP", "the following arguments are required: VALUE"),
        ("%mxgw connect demo --seed many", "invalid int value"),
        ("%mxgw connect demo --plaintext", "demo takes no plaintext"),
        ("%mxgw connect DEMO --plaintext", "demo takes no plaintext"),
        ("%mxgw connect localhost:1 --seed 1", "takes no seed"),
        ("%mxgw connect localhost:1 --unkind", "takes no unkind"),
        ("%mxgw connect", "MXGATEWAY_ENDPOINT"),
        ("%mxgw connect http://plant:5000", "Write host:port"),
        ("%mxgw connect localhost:1 --key-env NO_SUCH_VARIABLE", "NO_SUCH_VARIABLE is not set"),
        (f"%mxgw connect localhost:1 --key-env {WRONG_KEY}", "takes the name of a variable, not the key"),
        (f"%mxgw connect localhost:1 --api-key {WRONG_KEY}", "--api-key. Did you mean --ask-key?"),
        (f"%mxgw connect localhost:1 {WRONG_KEY}", "unrecognized arguments: <api-key>"),
        (f"%mxgw connect 'localhost:1 {WRONG_KEY}", "A quote is not closed"),
        ('%mxgw acknowledge "Tank001', "A quote is not closed"),
        ("%mxgw find", "required: pattern"),
        ("%%mxgw connect\ndemo", "takes no cell"),
    ],
)
def test_a_line_that_does_not_fit_is_one_line(notebook: Notebook, line: str, told: str) -> None:
    assert told in complaint(notebook.run(line))


@pytest.mark.parametrize(
    "line",
    [
        "%mxgw status",
        "%mxgw objects",
        "%mxgw attributes",
        "%mxgw find *Pump*",
        "%mxgw read Pump001.Speed",
        "%mxgw write FIC101.SP 1",
        "%mxgw watch Pump001.Speed",
        "%mxgw alarms",
        "%mxgw acknowledge *",
        "%%mxgw read\nPump001.Speed",
        "df = %mxgw read Pump001.Speed",
    ],
)
def test_without_a_gateway_every_command_says_how_to_connect(notebook: Notebook, line: str) -> None:
    assert "%mxgw connect demo" in complaint(notebook.run(line))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("%mxgw read Nope.Nope", "Nope.Nope: invalid reference (6)"),
        ("%mxgw watch Nope.Nope", "Nope.Nope: invalid reference (6)"),
        ("%mxgw write Nope.Nope 1", "Nope.Nope: invalid reference (6)"),
        ("%mxgw read", "No tag given"),
        ("%%mxgw\n# nothing\n", "No tag given"),
        ("%mxgw write FIC101.SP abc", "'abc' cannot be written as"),
        ("%mxgw write Pump001.Reset true", "(1012)"),
        ("%mxgw acknowledge Galaxy!Nope", "NOT_FOUND"),
        ("%mxgw acknowledge *nope*", "No active alarm matches"),
        ('%mxgw find ""', "No pattern given"),
    ],
)
def test_what_the_plant_does_not_have_is_one_line(connected: Notebook, line: str, told: str) -> None:
    assert told in complaint(connected.run(line))


def test_a_misspelt_tag_is_met_with_those_spelt_alike(connected: Notebook) -> None:
    connected.run("%mxgw find speed")
    assert "Did you mean" in complaint(connected.run("%mxgw read Pump001.Sped"))


def test_a_wrong_key_is_one_line(
    notebook: Notebook, embedded: EmbeddedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MXGATEWAY_API_KEY", WRONG_KEY)
    told = complaint(notebook.run(f"%mxgw connect {embedded.endpoint} --plaintext"))
    assert "UNAUTHENTICATED" in told
    assert "MXGATEWAY_API_KEY" in told


def test_no_key_says_so(notebook: Notebook, embedded: EmbeddedGateway) -> None:
    told = complaint(notebook.run(f"%mxgw connect {embedded.endpoint} --plaintext"))
    assert "No key was given. Give another: MXGATEWAY_API_KEY" in told


def test_a_key_that_is_asked_for_is_not_shown(
    notebook: Notebook, embedded: EmbeddedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: WRONG_KEY)
    assert "UNAUTHENTICATED" in complaint(
        notebook.run(f"%mxgw connect {embedded.endpoint} --plaintext --ask-key")
    )


@pytest.fixture
def web_port() -> Iterator[str]:
    """A port that speaks HTTP/1."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def answer() -> None:
            try:
                while True:
                    connection, _ = server.accept()
                    with connection:
                        connection.recv(1024)
                        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            except OSError:
                return  # the test is over

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_a_dead_port_is_one_line(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MXGATEWAY_API_KEY", KEY)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    told = complaint(notebook.run(f"%mxgw connect 127.0.0.1:{port} --plaintext"))
    assert "Nothing listens there" in told


def test_a_web_server_is_one_line(notebook: Notebook, web_port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MXGATEWAY_API_KEY", KEY)
    assert "check the port" in complaint(notebook.run(f"%mxgw connect {web_port} --plaintext"))


def test_plaintext_that_was_not_asked_for_is_one_line(
    notebook: Notebook, embedded: EmbeddedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MXGATEWAY_API_KEY", KEY)
    assert "give --plaintext" in complaint(notebook.run(f"%mxgw connect {embedded.endpoint}"))


def test_a_gateway_that_went_away_is_one_line(
    notebook: Notebook, own_embedded: EmbeddedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MXGATEWAY_API_KEY", KEY)
    notebook.run(f"%mxgw connect {own_embedded.endpoint} --plaintext")
    own_embedded.stop()
    assert "UNAVAILABLE" in complaint(notebook.run("%mxgw objects"))
    assert "UNAVAILABLE" in complaint(notebook.run("%mxgw read Pump001.Speed"))


# ------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("read  A.B   C.D", ["read", "A.B", "C.D"]),
        ("ack \"a b\" 'c d'", ["ack", "a b", "c d"]),
        (r"ack \\Galaxy\Area.P", ["ack", r"\\Galaxy\Area.P"]),
        (r'ack "\\Galaxy\My Area.P"', ["ack", r"\\Galaxy\My Area.P"]),
        ("read A.B[] # a comment, it's one", ["read", "A.B[]"]),
        ("read Tank#1.Level '#2.Level'\t# both", ["read", "Tank#1.Level", "#2.Level"]),
        ("# nothing else", []),
        ("read {df['a b'].tolist()} {x", ["read", "{df['a b'].tolist()}", "{x"]),
        ('write A.B ""', ["write", "A.B", ""]),
        ("find *Pump*;x|y&z", ["find", "*Pump*;x|y&z"]),
    ],
)
def test_quotes_group_and_everything_else_is_a_character(line: str, words: list[str]) -> None:
    assert words_of(line) == words


def test_a_cells_body_is_one_tag_a_line() -> None:
    assert tags_of("A.B\n\n # comment\n  C.D  # why\r\nE.F[]") == ["A.B", "C.D", "E.F[]"]
