"""mxgw-py as the tests run it: in this process where that is the same, against one gateway."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner, Result

from mxgw_notebook.cli.main import mxgw
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY

SETTINGS = ("ENDPOINT", "API_KEY", "PLAINTEXT", "CA_FILE")
NOTHING_SET: dict[str, str | None] = {f"MXGATEWAY_{name}": None for name in SETTINGS}


@dataclass(frozen=True, slots=True)
class Opened:
    """A session, and the options that name it and its server handle."""

    id: str
    options: tuple[str, ...]


class Terminal:
    """Runs commands with the gateway and its key in the environment."""

    def __init__(self, gateway: EmbeddedGateway) -> None:
        self.gateway = gateway
        self.endpoint = gateway.endpoint

    def run(self, *arguments: str, stdin: str | None = None, **variables: str | None) -> Result:
        """One command; variables given as None are not set."""
        own = {"MXGATEWAY_ENDPOINT": self.endpoint, "MXGATEWAY_API_KEY": KEY, "MXGATEWAY_PLAINTEXT": "1"}
        done = CliRunner().invoke(mxgw, arguments, input=stdin, env={**NOTHING_SET, **own, **variables})
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    def shown(self, *arguments: str) -> list[str]:
        """What a command that goes well shows a person."""
        done = self.run(*arguments)
        assert (done.exit_code, done.stderr) == (0, ""), done.output
        return done.stdout.splitlines()

    def answers(self, *arguments: str) -> list[dict[str, Any]]:
        """The JSON of a command that goes well, each line as a program would write it again."""
        lines = self.shown(*arguments, "--json")
        found = [json.loads(line) for line in lines]
        assert lines == [json.dumps(answer, sort_keys=True) for answer in found]
        return found

    def answer(self, *arguments: str) -> dict[str, Any]:
        """The one answer of a command that goes well."""
        (only,) = self.answers(*arguments)
        return only

    def error(self, *arguments: str, **variables: str | None) -> dict[str, Any]:
        """The error of a command that fails, whose exit code it names."""
        done = self.run(*arguments, "--json", **variables)
        assert done.stderr.count("\n") == 1, done.output
        found: dict[str, Any] = json.loads(done.stderr)["error"]
        assert done.exit_code == found["exitCode"] != 0
        return found

    @contextmanager
    def session(self) -> Iterator[Opened]:
        """A session with a registered client, closed with the block."""
        identifier = self.answer("open-session")["sessionId"]
        try:
            reply = self.answer("register", "--session-id", identifier)
            handle = str(reply["register"]["serverHandle"])
            yield Opened(identifier, ("--session-id", identifier, "--server-handle", handle))
        finally:
            self.answer("close-session", "--session-id", identifier)
