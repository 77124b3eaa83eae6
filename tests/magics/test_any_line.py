"""Whatever is typed behind %mxgw: an answer, or one line that says what does not fit."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from IPython.core.error import UsageError

from mxgw_notebook.magics.commands import COMMANDS
from mxgw_notebook.magics.magic import mxgw
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY
from tests.magics.conftest import Notebook, notebook, shell

__all__ = ["notebook", "shell"]  # fixtures

# Those take a while, connect elsewhere or go on when the line is over.
LASTING = {
    *("alarms", "browse", "connect", "deploys", "disconnect", "doctor", "dossier", "flight", "impact"),
    *("record", "watch", "when", "xy"),
}
OPTIONS = [
    *("--", "--for", "--tags", "--reason", "--on", "--plan", "--table", "-h", "?", "--timeout", "--seconds"),
    *("{", "}", "{x}", "{x!r:>", "$x", "@", "@feed", "'", '"', "\\", "%", "*", "[1-3]", "/(/", "/[/"),
    *("FIC101.SP", "Tank001.Level", "FIC101.SP=1", "nan", "1e999", "-1", "-5", "=", "x" * 3000, "#"),
    *("\n", "\x00", "\x1b[2J", "\ud800", "\u2066", "a b", ";", "!", "|"),
]
WORDS = st.lists(st.one_of(st.sampled_from(OPTIONS), st.text(max_size=8)), max_size=6)


@pytest.fixture
def unarmed(
    notebook: Notebook, embedded: EmbeddedGateway, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Notebook:
    monkeypatch.setenv("PLANT_KEY", KEY)
    monkeypatch.chdir(tmp_path)  # a line may name a file
    notebook.run(f"%mxgw connect {embedded.endpoint} --plaintext --key-env PLANT_KEY")
    return notebook


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from([*sorted(set(COMMANDS) - LASTING), "nothing", ""]),
    words=WORDS,
    between=st.sampled_from([" ", "  ", ", ", ""]),
    body=st.one_of(st.none(), WORDS.map("\n".join)),
)
@pytest.mark.usefixtures("unarmed")
def test_any_line_is_answered_or_refused_in_one_line(
    name: str, words: list[str], between: str, body: str | None
) -> None:
    told = ""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            mxgw(f"{name} {between.join(words)}", body, {"x": 3})
        except UsageError as refused:
            told = str(refused)
    assert not set(told) & {"\n", "\x1b", "\x00", "\u2066"}
