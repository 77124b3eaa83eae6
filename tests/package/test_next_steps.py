"""A hint names what there is where it is said: a call in Python, a magic, or a command."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import mxgw_notebook
from mxgw_notebook import errors
from mxgw_notebook.cli.main import MODULES, mxgw
from mxgw_notebook.magics.commands import COMMANDS
from mxgw_notebook.next_steps import STEPS, Place, as_done_in

PACKAGE = Path(mxgw_notebook.__file__).parent
# Rooms whose errors are told in all three places; magics and cli speak of themselves alone.
SHARED = ("client", "frames", "analysis", "live", "gateway", "errors.py", "statuses.py")
OF_ONE_PLACE = re.compile(r"%mxgw|mxgw-py|(?<!\w)--[a-z]")
FOREIGN = {
    Place.PYTHON: r"%mxgw|mxgw-py|--[a-z]",
    Place.MAGICS: r"mxgw-py",
    Place.COMMAND_LINE: r"%mxgw",
}


def hints() -> Iterator[tuple[str, str]]:
    """Every text in the shared rooms that is given as a hint, with its file's name."""
    for room in SHARED:
        place = PACKAGE / room
        for path in [place] if place.is_file() else place.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if is_hint(node):
                    yield from ((path.name, text) for text in texts_in(node))


def is_hint(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword):
        return node.arg == "hint"
    return isinstance(node, ast.Assign) and "hint" in ast.unparse(node.targets[0]).lower()


def texts_in(node: ast.AST) -> Iterator[str]:
    for found in ast.walk(node):
        if isinstance(found, ast.Constant) and isinstance(found.value, str):
            yield found.value


def test_no_hint_of_a_shared_room_names_what_only_one_place_has() -> None:
    found = list(hints())
    assert len(found) > 100
    assert [(name, text) for name, text in found if OF_ONE_PLACE.search(text)] == []


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("name", STEPS)
def test_a_step_names_nothing_of_another_place(name: str, place: Place) -> None:
    assert not re.search(FOREIGN[place], as_done_in(place, f"{{{name}}}"))


@pytest.mark.parametrize("name", STEPS)
def test_the_commands_and_options_that_a_step_names_exist(name: str) -> None:
    steps = STEPS[name]
    assert set(re.findall(r"%mxgw (\w+)", steps.get(Place.MAGICS, ""))) <= COMMANDS.keys()
    said = steps.get(Place.COMMAND_LINE, "")
    assert set(re.findall(r"mxgw-py ([\w-]+)", said)) <= MODULES.keys()
    assert set(re.findall(r"--[a-z-]+", said)) <= options_of_the_command_line()


def options_of_the_command_line() -> set[str]:
    context = click.Context(mxgw)
    commands = [mxgw.get_command(context, name) for name in MODULES]
    parameters = [one for command in commands if command for one in command.get_params(context)]
    return {option for parameter in parameters for option in parameter.opts}


def test_an_error_says_how_to_go_on_where_one_is() -> None:
    error = errors.TagError({"Tnk001.Level": "invalid reference"})
    assert "discover_hierarchy()" in str(error)
    assert error.line_in(Place.MAGICS).endswith("Look a name up: %mxgw find *Pump*.Speed.")
    assert "galaxy-discover --tag-name-glob" in error.line_in(Place.COMMAND_LINE)


def test_braces_that_name_no_step_stay() -> None:
    said = as_done_in(Place.MAGICS, "Did you mean {x} or {find}?")
    assert said == "Did you mean {x} or %mxgw find *Pump*.Speed?"
