"""The manual's reference has every name, command, column, error and setting there is."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache

import click
import pytest

import mxgw_notebook
from docs import columns, commands, licences, names, remedies, settings, snippets
from docs.site import PAGES, written_pages
from docs.tables import AS_GIVEN, SAME_COLUMNS, frame_calls, tables
from mxgw_notebook import Recording, analysis, errors
from mxgw_notebook.cli.main import MODULES, mxgw
from mxgw_notebook.gateway.tags.watch_list_file import FORMS
from mxgw_notebook.magics.commands import COMMANDS
from mxgw_notebook.profiles import OURS, OVERRIDABLE
from mxgw_notebook.simulator import LIMITS

IMPORT = re.compile(r"from (mxgw_notebook[\w.]*) import (\([^)]*\)|[\w, ]+)")
# Modules that the manual names as such; `gateway` can be called, as `current` says.
MODULES_SHOWN = ("mxgw_notebook.analysis", "mxgw_notebook.analysis.galaxy_review", "mxgw_notebook.gateway")
# Arguments that are a length of time and do not name its unit.
TIMES = {"timeout", "interval", "wait", "every"}
# Columns that a table has only if its values are of several kinds.
TEXTS_BESIDE = {"text", "value_text", "limit_text"}


@cache
def documented() -> str:
    return "\n".join([*names.pages().values(), *remedies.pages().values()])


@pytest.mark.parametrize("path", [path for path, _ in names.public()])
def test_a_public_name_has_its_place_in_a_page_and_says_what_it_is(path: str) -> None:
    assert f":: {path}\n" in documented()
    assert inspect.getdoc(names.found(path))


def test_a_time_that_a_call_takes_has_its_unit_in_words() -> None:
    named = re.compile(
        r"second|minute|hour|length of time|time span|\"\d|as `|arguments and errors as|same as"
    )
    unsaid = [
        f"{path}: {name}"
        for path, one in members()
        for name in inspect.signature(one).parameters
        if name in TIMES and not named.search(" ".join((inspect.getdoc(one) or "").lower().split()))
    ]
    assert unsaid == []


def members() -> Iterator[tuple[str, Callable[..., object]]]:
    """Each public function and method of ours."""
    for path, _ in names.public():
        one = names.found(path)
        if inspect.isfunction(one):
            yield path, one
        for name in dir(one) if inspect.isclass(one) else ():
            method = inspect.unwrap(inspect.getattr_static(one, name))
            if (
                inspect.isfunction(method)
                and not name.startswith("_")
                and "mxgw" in (method.__module__ or "")
            ):
                yield f"{path}.{name}", method


def test_every_name_of_the_faces_is_public() -> None:
    public = {path for path, _ in names.public()}
    faces = {f"mxgw_notebook.{name}" for name in mxgw_notebook.__all__}
    analyses = {f"mxgw_notebook.analysis.{name}" for name in analysis.__all__}
    assert (
        faces | {path for path in analyses if f"mxgw_notebook.{path.rpartition('.')[2]}" not in faces}
        <= public
    )


def test_every_command_of_the_magic_is_there_as_its_help_has_it() -> None:
    page = commands.magics()
    assert all(command.help().rstrip() in page for command in COMMANDS.values())


def test_every_command_of_the_command_line_is_there_with_every_option() -> None:
    page = commands.command_line()
    for name in MODULES:
        command = mxgw.get_command(click.Context(mxgw), name)
        assert command is not None
        section = page.partition(f"### mxgw-py {name}\n")[2].partition("\n###")[0]
        options = [option for one in command.params if isinstance(one, click.Option) for option in one.opts]
        assert [option for option in options if option not in section] == []


def test_every_dataframe_is_there_and_every_column_is_explained() -> None:
    page = columns.pages()["reference/columns.md"]
    calls = {call for call, _ in frame_calls()}
    assert [call for call in calls if f"## {call}\n" not in page] == []
    # Each was made once: none is told by its docstring alone, which may have forgotten a column.
    assert calls - tables().keys() - SAME_COLUMNS.keys() == AS_GIVEN
    unexplained = [
        f"{call}: {column}"
        for call, frame in tables().items()
        for column in frame.columns
        if call not in columns.NAMED_BY_TAG and not columns.meaning(call, str(column))
    ]
    assert unexplained == []


def test_no_meaning_is_of_a_column_that_is_not_there() -> None:
    made = tables()
    calls = columns.meanings().keys() - {"any"}
    assert sorted(calls - made.keys() - SAME_COLUMNS.keys()) == []
    spare = [
        f"{call}: {column}"
        for call in calls & made.keys()
        for column in columns.meanings()[call]
        if column not in {*made[call].columns, made[call].index.name} | TEXTS_BESIDE
    ]
    assert spare == []
    used = {str(column) for frame in made.values() for column in [*frame.columns, frame.index.name]}
    assert sorted(columns.meanings()["any"].keys() - used - TEXTS_BESIDE) == []


@pytest.mark.parametrize(
    ("call", "method"),
    [
        ("Recording.writes", Recording.writes),
        ("Recording.acknowledges", Recording.acknowledges),
        ("Recording.notes", Recording.notes),
        ("Recording.descriptions", Recording.descriptions),
    ],
)
def test_what_a_recording_keeps_has_every_column_in_its_docstring(call: str, method: object) -> None:
    told = inspect.getdoc(method) or ""
    assert [column for column in tables()[call].columns if f"`{column}`" not in told] == []


def test_every_error_is_there_and_its_remedy_in_all_three_places() -> None:
    page = remedies.pages()["reference/errors.md"]
    raised = [
        name
        for name, found in vars(errors).items()
        if inspect.isclass(found) and issubclass(found, Exception)
    ]
    assert all(f"## {name}\n" in page for name in raised)
    assert "%mxgw connect host:port" in page
    assert "--endpoint host:port" in page


def test_the_messages_of_the_code_are_there_with_their_remedies() -> None:
    page = remedies.pages()["reference/messages.md"]
    assert page.count("\n| `") > 80
    assert "No gateway named | Give host:port" in page


def test_every_variable_of_the_environment_is_a_setting() -> None:
    assert set(settings.read_variables()) == settings.VARIABLES.keys()
    assert tuple(settings.OF_A_PLANT) == OVERRIDABLE


def test_every_limit_of_the_simulated_gateway_is_explained() -> None:
    assert tuple(settings.ABOUT_LIMITS) == LIMITS


@pytest.mark.parametrize(
    ("page", "keys"),
    [("plants.md", {*OURS, "endpoint"}), ("watch-lists.md", {*FORMS})],
    ids=["a plant", "a watch list"],
)
def test_every_key_of_a_file_of_settings_is_in_its_page(page: str, keys: set[str]) -> None:
    text = (PAGES / "howto" / page).read_text(encoding="utf-8")
    first_cells = re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(first_cells))) == keys


def test_every_package_that_an_installation_brings_has_its_licence_told() -> None:
    page = licences.pages()["project/licences.md"]
    assert "| grpcio |" in page
    assert "| pandas |" in page
    assert "see its files" not in page


def test_a_table_without_rows_is_there_with_its_kinds() -> None:
    kinds = tables()["Recording.gaps"].dtypes.astype("str")
    assert kinds["events"] == "int64"
    assert kinds["start"] == kinds["end"] == "datetime64[ns, UTC]"


def test_every_name_that_the_manual_imports_has_its_place_in_the_reference() -> None:
    public = {path for path, _ in names.public()} | set(MODULES_SHOWN)
    imported = {
        f"{module}.{name.strip().partition(' as ')[0]}"
        for text in shown()
        for module, listed in IMPORT.findall(text)
        for name in listed.strip("()").split(",")
        if name.strip()
    }
    imported |= {
        f"mxgw_notebook.{name}" for text in shown() for name in re.findall(r"\bmx\.([A-Za-z]\w*)", text)
    }
    assert len(imported) > 80
    assert sorted(imported - public) == []


def shown() -> Iterator[str]:
    """What people paste from: README, pages, examples, notebooks."""
    checkout = PAGES.parents[1]
    for path in [
        checkout / "README.md",
        *written_pages(),
        *snippets.files(),
        *(checkout / "examples").glob("*.py"),
        *(checkout / "notebooks").glob("*.ipynb"),
    ]:
        yield path.read_text(encoding="utf-8").replace("\\n", "\n")
