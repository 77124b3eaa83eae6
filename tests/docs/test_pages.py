"""The Python that the manual's pages show runs, against the simulated plant."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from docs import snippets
from docs.names import public
from docs.site import PAGES, written_pages
from mxgw_notebook.gateway.connection import DEMO_ENDPOINT_VARIABLE, DEMO_KEY_VARIABLE
from mxgw_notebook.simulator.keys import SCOPES
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY

BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
WITH_CODE = [path for path in sorted(written_pages()) if BLOCK.search(path.read_text(encoding="utf-8"))]
CHANGES = re.compile(r"\.(write|write_tags|plan|restore|acknowledge|shelve|deploy|fault)\(")
SECONDS = 100
# Each with names and a folder of its own; in one process, for importing pandas takes a second.
ONE_BY_ONE = """
import os
start = os.getcwd()
for name, code, demo in {examples!r}:
    for variable in {variables!r}:
        os.environ.pop(variable, None)
    os.environ.update(demo)
    os.makedirs(os.path.join(start, name))
    os.chdir(os.path.join(start, name))
    try:
        exec(compile(code, name, "exec"), {{"__name__": "__main__", "ENDPOINT": ENDPOINT, "KEY": KEY}})
    except BaseException as error:
        raise RuntimeError(name) from error
"""


def test_there_are_pages_with_code() -> None:
    assert len(WITH_CODE) >= 6


@pytest.mark.parametrize("path", WITH_CODE, ids=lambda path: path.relative_to(PAGES).as_posix())
def test_the_code_of_a_page_runs_from_top_to_bottom(
    path: Path, embedded: EmbeddedGateway, tmp_path: Path
) -> None:
    run_blocks(path, embedded, tmp_path)


@pytest.mark.parametrize("path", WITH_CODE, ids=lambda path: path.relative_to(PAGES).as_posix())
def test_a_page_whose_code_needs_an_address_says_what_to_put_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "ENDPOINT," not in "".join(BLOCK.findall(text)) or "`ENDPOINT` and `KEY`" in BLOCK.sub("", text)


@pytest.mark.parametrize("path", snippets.files(), ids=lambda path: path.stem)
def test_each_example_of_a_reference_page_runs_as_it_is_pasted(
    path: Path, embedded: EmbeddedGateway, tmp_path: Path
) -> None:
    examples = [
        (names[0], code, plant_for([code], embedded))
        for names, text in snippets.parts_of(path, bench=False)
        for code in BLOCK.findall(text)
    ]
    program = ONE_BY_ONE.format(examples=examples, variables=(DEMO_ENDPOINT_VARIABLE, DEMO_KEY_VARIABLE))
    run_program(program, embedded, tmp_path, {})


def test_an_example_that_needs_a_gateways_address_brings_a_simulated_one(
    embedded: EmbeddedGateway, tmp_path: Path
) -> None:
    (code,) = BLOCK.findall(snippets.examples()["AuthenticationError"])
    run_program(f"del ENDPOINT, KEY\n{code}", embedded, tmp_path, {})


def test_each_public_name_has_an_example_that_shows_it() -> None:
    examples = snippets.examples()
    headings = {
        path: next((name for name in snippets.headings_of(path) if name in examples), "")
        for path, _ in public()
    }
    assert [path for path, heading in headings.items() if not heading] == []
    assert sorted(examples.keys() - set(headings.values())) == []
    # What is only given, and never named by a program, is shown by where it comes from.
    assert [
        path for path, heading in headings.items() if path.rpartition(".")[2] not in examples[heading]
    ] == []


def test_the_page_about_keys_has_every_scope_that_a_user_can_ask_for() -> None:
    text = (PAGES / "howto" / "connect.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`\w+:.+?) \|", text, re.MULTILINE)
    assert set(re.findall(r"`(\w+:\w+)`", " ".join(rows))) == SCOPES - {"admin"}


def run_blocks(path: Path, embedded: EmbeddedGateway, tmp_path: Path) -> None:
    """Runs all Python of a page as one program."""
    blocks = BLOCK.findall(path.read_text(encoding="utf-8"))
    run_program("\n".join(blocks), embedded, tmp_path, plant_for(blocks, embedded))


def run_program(code: str, embedded: EmbeddedGateway, tmp_path: Path, demo: Mapping[str, str]) -> None:
    """Runs a program, which must say nothing but what it prints; `demo` is the plant of `connect("demo")`."""
    names = f"ENDPOINT, KEY = {embedded.endpoint!r}, {KEY!r}\n"
    # A program of its own: what a page shows begins with nothing imported or connected.
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", names + code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env={**os.environ, **demo},
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0


def plant_for(blocks: Sequence[str], embedded: EmbeddedGateway) -> dict[str, str]:
    """The plant that `connect("demo")` takes, as in `mxgw-py demo`: starting one is half of a program's time.

    Who changes the plant gets one of its own.
    """
    if CHANGES.search("\n".join(blocks)):
        return {}
    return {DEMO_ENDPOINT_VARIABLE: embedded.endpoint, DEMO_KEY_VARIABLE: KEY}
