"""Commands that other packages bring: run, listed, completed, and harmless where they are broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Eventually
from tests.installed import put_package
from tests.magics.conftest import Notebook
from tests.magics.test_completion import tab

SHIFT = """
import mxgw_notebook as mx
from mxgw_notebook.magics import Arguments, Command, Parser


def configure(parser: Parser) -> None:
    parser.add_argument("tag")
    parser.add_argument("--limit", type=float, default=50.0)


def run(arguments: Arguments) -> str:
    value = mx.current().read(arguments.tag)["value"].iloc[0]
    return f"{arguments.tag} is {'above' if value > arguments.limit else 'below'} {arguments.limit:g}"


COMMAND = Command(
    "level", "Whether a tag is above a limit.", "%mxgw level TAG", run, configure, completes=("tag",)
)
OTHER_NAME = Command("other", "Named otherwise.", "%mxgw other", run)
NO_COMMAND = 3
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What pip leaves of a package with entry points: its modules, and the list beside them."""
    points = {
        "level": "plant_shift:COMMAND",
        "read": "plant_shift:COMMAND",
        "misnamed": "plant_shift:OTHER_NAME",
        "three": "plant_shift:NO_COMMAND",
        "gone": "plant_gone:COMMAND",
    }
    put_package(tmp_path, "plant_shift", SHIFT, "mxgw_notebook.commands", points)
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("install")
def test_a_command_of_another_package_runs_as_our_own_do(connected: Notebook) -> None:
    assert connected.run("%mxgw level Tank001.Level --limit 1e9").value == "Tank001.Level is below 1e+09"
    cell = connected.run("%mxgw level Tank001.Level --limt 3")
    assert cell.err.startswith(
        "UsageError: %mxgw level: unrecognized arguments: --limt. Did you mean --limit?"
    ), cell.err
    assert "Whether a tag is above a limit." in connected.run("%mxgw level?").out


@pytest.mark.usefixtures("install")
def test_it_is_listed_and_completed(connected: Notebook, eventually: Eventually) -> None:
    assert "  level        Whether a tag is above a limit." in connected.run("%mxgw help").out
    assert "%mxgw level" in tab(connected, "%mxgw lev")
    eventually(lambda: "%mxgw level Tank001.Level" in tab(connected, "%mxgw level Tank001.L"))
    assert "Did you mean level?" in connected.run("%mxgw levl Tank001.Level").err


@pytest.mark.usefixtures("install")
def test_none_takes_the_place_of_our_own(connected: Notebook) -> None:
    assert connected.run("%mxgw read Tank001.Level").value["tag"].tolist() == ["Tank001.Level"]


@pytest.mark.usefixtures("install")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("misnamed", "the command there is named 'other'. It comes from plant-shift: repair it there"),
        ("three", "plant_shift:NO_COMMAND is of type int, and no Command."),
        ("gone", "ModuleNotFoundError: No module named 'plant_gone'."),
    ],
)
def test_one_that_cannot_be_used_says_why_and_harms_no_other(
    connected: Notebook, name: str, reason: str
) -> None:
    cell = connected.run(f"%mxgw {name}")
    assert f"UsageError: %mxgw {name} cannot be used: {reason}" in cell.err
    assert len(cell.err.strip().splitlines()) == 1
    assert f"  {name:<12} Cannot be used: " in connected.run("%mxgw help").out
