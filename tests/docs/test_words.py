"""What people read is in short sentences, and one thing has one word: the glossary's.

That is: docstrings, helps, messages and tables, and what is written by hand: README, pages and notebooks.
"""

from __future__ import annotations

import functools
import inspect
import json
import re
from collections.abc import Iterator

import click
import pytest

from docs.columns import MEANINGS
from docs.names import found, public
from docs.remedies import messages
from docs.settings import VARIABLES
from docs.site import PAGES, written_pages
from mxgw_notebook.cli.main import MODULES, mxgw
from mxgw_notebook.magics.commands import COMMANDS
from mxgw_notebook.simulator import START_SETTINGS

MOST_WORDS = 25
# A sentence ends here; so does one entry of a list, and what a heading with a colon begins.
END = re.compile(r"(?<=[.;:!?])\s|\n\s*\n|\n\s*- |\n\s+\*{0,2}\w+: ")
CODE = re.compile(r"`+[^`]*`+")
ASIDE = re.compile(r"\([^()]*\)")
NAMES_IN_A_ROW = re.compile(r"(?:X(?:, | and | or |,)?){2,}")
CHECKOUT = PAGES.parents[1]
# Made by a measurement; and the list of the words themselves.
OTHERS_WORDS = ("measured.md", "glossary.md")
# What is no sentence in a text: code, drawings, headings, and the bars of a table and the marks of a list.
FENCED = re.compile(r"^(`{3,}).*?^\1$|<div.*?</div>", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#.*$", re.MULTILINE)
BAR_OR_MARK = re.compile(r"(?<!\\)\||^\s*(?:[-*]|\d+\.) ", re.MULTILINE)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
NOT_USED = re.compile(r"^\| ([a-z ]+) \| ([^|]+) \|$", re.MULTILINE)


def test_no_public_docstring_has_a_long_sentence() -> None:
    assert not [told for told in docstrings() if longest(told[1]) > MOST_WORDS]


def test_no_help_text_has_a_long_sentence() -> None:
    assert not [told for told in help_texts() if longest(told[1]) > MOST_WORDS]


def test_no_message_setting_or_column_has_a_long_sentence() -> None:
    assert not [told for told in short_texts() if longest(told[1]) > MOST_WORDS]


def test_no_page_and_no_notebook_has_a_long_sentence() -> None:
    assert not [told for told in written_texts() if longest(told[1]) > MOST_WORDS]


def test_words_that_the_glossary_replaces_are_not_used() -> None:
    replaced = dict(NOT_USED.findall((PAGES / "glossary.md").read_text("utf-8")))
    assert len(replaced) > 5, "the glossary lists them"
    words = re.compile(rf"\b({'|'.join(replaced)})\b", re.IGNORECASE)
    texts = [*docstrings(), *help_texts(), *short_texts(), *written_texts()]
    used = [(name, met[0]) for name, text in texts if (met := words.search(CODE.sub("", text)))]
    assert not used, {met: replaced[met.lower()] for _, met in used}


@pytest.mark.parametrize("texts", ["docstrings", "help_texts", "short_texts", "written_texts"])
def test_there_is_something_of_each_kind_to_look_at(texts: str) -> None:
    assert len(list(globals()[texts]())) > 20


def test_the_command_lines_own_help_is_looked_at() -> None:
    assert {f"mxgw-py {name}" for name in MODULES} <= {name for name, _ in help_texts()}


def longest(text: str) -> int:
    """The words of the longest sentence; code is one word, names in a row are one, asides are not counted."""
    return max(len(NAMES_IN_A_ROW.sub("X ", plain(one)).split()) for one in END.split(text))


def plain(sentence: str) -> str:
    return ASIDE.sub("", ASIDE.sub("", CODE.sub("X", " ".join(sentence.split()))))


def docstrings() -> Iterator[tuple[str, str]]:
    """Each public name's, and its public members'."""
    for path, _ in public():
        one = found(path)
        if callable(one):
            yield from told_of(path, one)
        if inspect.isclass(one):
            for name in dir(one):
                if not name.startswith("_"):
                    yield from told_of(f"{path}.{name}", inspect.getattr_static(one, name))


def told_of(path: str, one: object) -> Iterator[tuple[str, str]]:
    """A docstring that is ours: another library's classes tell what they like."""
    if isinstance(one, staticmethod | classmethod):
        one = one.__func__
    if isinstance(one, property):
        one = one.fget
    if isinstance(one, functools.cached_property):
        one = one.func
    home = getattr(one, "__module__", None) or ""
    if home.startswith("mxgw_notebook") and (text := inspect.getdoc(one)):
        yield path, text


def help_texts() -> Iterator[tuple[str, str]]:
    """Those of `%mxgw` and of `mxgw-py`: each command's, and each option's."""
    for name, magic in COMMANDS.items():
        yield f"%mxgw {name}", magic.summary
        for action in magic.parser().known:
            yield f"%mxgw {name} {action.dest}", action.help or ""
    for name in MODULES:  # the group has none of them in itself: it imports each when it is asked for
        command = mxgw.get_command(click.Context(mxgw), name)
        assert command is not None
        yield f"mxgw-py {name}", inspect.cleandoc(command.help or "")
        for option in command.params:
            yield f"mxgw-py {name} {option.name}", getattr(option, "help", "") or ""


def short_texts() -> Iterator[tuple[str, str]]:
    """What is listed in tables: errors with their remedies, settings, columns."""
    for error, said, remedy in messages():
        yield error, said
        yield error, remedy
    yield from VARIABLES.items()
    yield from ((name, say.about) for name, say in START_SETTINGS.items())
    yield from re.findall(r'^(\w+) = "(.+)"$', MEANINGS.read_text("utf-8"), re.MULTILINE)


def written_texts() -> Iterator[tuple[str, str]]:
    """README, each page of the manual by hand, and each notebook, without what is no sentence."""
    for path in [CHECKOUT / "README.md", *sorted(written_pages())]:
        if path.name not in OTHERS_WORDS:
            yield path.name, sentences(path.read_text("utf-8"))
    for path in sorted((CHECKOUT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        yield path.name, sentences("\n\n".join(texts))


def sentences(text: str) -> str:
    """A text of Markdown as a person reads it aloud."""
    words = HEADING.sub("\n", FENCED.sub("\n\n", text))
    return LINK.sub(lambda link: link[1] or "X", BAR_OR_MARK.sub("\n\n", words))
