"""%mxgw and %%mxgw themselves; the only place where an error becomes one line."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
from IPython import get_ipython
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import needs_local_scope, no_var_expand

from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.gateway import meant
from mxgw_notebook.magics import completion, settings
from mxgw_notebook.magics.command import Command
from mxgw_notebook.magics.commands import HELP, command_named
from mxgw_notebook.magics.words import ON, Names, marked_words, plain
from mxgw_notebook.next_steps import Place

# A key that stands in the cell by mistake need not stand in its output as well.
KEY = re.compile(r"mxgw_[A-Za-z0-9-]+_[^\s'\"]+")
HELP_WORDS = {"-h", "--help"}
# A statement that calls us, or is given what we return.
# [1-3] or [ab], or digits within a name; [2] at its end is an element of an array.
SET = re.compile(r"\[[^\]]*[^\d\]][^\]]*\]|\[\d+\].")
CALLED = re.compile(r"\s*(?:[^\s%#'\"=][^%#'\"=]*=\s*)?%mxgw\s")
ASKED = re.compile(r"(?P<before>\s*(?:[^\s%#'\"=][^%#'\"=]*=\s*)?)%mxgw\s+(?P<line>.*\?)\s*", re.DOTALL)


@needs_local_scope
@no_var_expand
def mxgw(line: str, cell: str | None = None, local_ns: dict[str, Any] | None = None) -> Any:
    """Runs a command: %mxgw COMMAND ..., or %%mxgw COMMAND with tags in the cell, one per line.

    %mxgw help lists the commands, %mxgw help COMMAND explains one. The manual: mxgw-py docs.
    """
    shell = get_ipython()
    try:
        # The cell's own names come last: within a function they are what the person sees.
        return ran(line, cell, {**(shell.user_ns if shell else {}), **(local_ns or {})})
    except GatewayError as error:
        message = error.line_in(Place.MAGICS)
    except KeyboardInterrupt:
        message = "Interrupted. What was asked of the gateway may still have happened."
    # UsageError alone is shown without a traceback, not a subclass of it.
    raise UsageError(KEY.sub("<api-key>", message))


def ran(line: str, cell: str | None, names: Names) -> Any:
    """What the command returns."""
    name, *words = marked_words(line) or (["help"] if cell is None else ["read"])
    if name.endswith("?"):
        name, words = "help", [name.rstrip("?") or "help"]
    command = command_named(plain(name))
    if HELP_WORDS & set(words):
        return HELP.run(HELP.parsed([command.name]))
    if cell is not None:
        command = command.with_cell or command
    with plant_meant(words) as words:
        return ran_on(command, words, cell, names)


@contextmanager
def plant_meant(words: list[str]) -> Iterator[list[str]]:
    """The words without `--on PLANT`; within it that plant is meant. Raises NotConnectedError."""
    place = next((at for at, word in enumerate(words) if plain(word).partition("=")[0] == ON), None)
    if place is None:
        yield words
        return
    _, equals, plant = plain(words[place]).partition("=")
    behind = words[place + 1 :]
    if not equals:
        if not behind:
            raise ConfigurationError("--on takes the name of a plant", hint="%mxgw connections lists them.")
        plant, behind = plain(behind[0]), behind[1:]
    with meant(plant):
        yield [*words[:place], *behind]


def ran_on(command: Command, words: list[str], cell: str | None, names: Names) -> Any:
    """What the command returns, at the plant that is meant."""
    if cell is not None and command.takes_body:
        arguments = command.parsed(words, names)
        arguments.body, arguments.names = cell, names
        return command.run(arguments)
    if cell is not None:
        if not command.takes_tags:
            hint = "A cell's body lists tags for read or watch, tags and values for write, or is run by when."
            raise ConfigurationError(f"%%mxgw {command.name} takes no cell", hint=hint)
        words += tags_of(cell)
    found = command.run(command.parsed(words, names))
    if isinstance(found, pd.DataFrame) and found.empty:
        say_of_patterns(command, words, names)
    return found


def say_of_patterns(command: Command, words: list[str], names: Names) -> None:
    """Says what a word that found nothing is not, where it is spelt as a variable or a set of letters."""
    options = command.options()
    for before, word in zip(["", *words], map(plain, words), strict=False):
        # A template that the galaxy does not have is an error of its own.
        if before not in options and word.startswith("$") and word[1:] in names:
            print(f"{word} is not your variable here: gateway.{command.name}({word[1:]}) takes it.")  # noqa: T201
        elif before not in options and word.startswith("$") and "--template" in options:
            print(f"{word} is a template: --template {word} finds what is derived from it.")  # noqa: T201
        if SET.search(word) and not word.startswith("/"):
            print(f"{word}: [ and ] stand for themselves in a glob. A /regular expression/ has sets.")  # noqa: T201


def load(shell: InteractiveShell) -> None:
    """Registers %mxgw and %%mxgw."""
    settings.load(shell)
    shell.magics_manager.register_function(mxgw, "line_cell", "mxgw")
    forget_questions(shell)
    shell.input_transformers_cleanup.append(keep_questions)
    completion.load(shell)


def unload(shell: InteractiveShell) -> None:
    """Takes them back."""
    completion.unload(shell)
    settings.unload(shell)
    forget_questions(shell)
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("mxgw", None)


def forget_questions(shell: InteractiveShell) -> None:
    """Leaves lines that end in ? to IPython."""
    transforms = shell.input_transformers_cleanup
    # By its name, not by identity: an extension that is loaded again after a reload has another function.
    transforms[:] = [one for one in transforms if getattr(one, "__qualname__", "") != "keep_questions"]


def tags_of(body: str) -> list[str]:
    """The tags of a cell's body, commonly one a line; a blank and # begin a comment."""
    return [word for line in body.splitlines() for word in marked_words(line)]


def keep_questions(lines: list[str]) -> list[str]:
    """Hands lines of %mxgw that end in ? to it before IPython takes them for a question about an object."""
    if lines and lines[0].startswith("%%"):
        return lines
    kept: list[str] = []
    for line in continued(lines):
        asked = ASKED.fullmatch(line)
        if asked and is_between_statements("".join(kept)):
            kept.append(f"{asked['before']}get_ipython().run_line_magic('mxgw', {asked['line']!r})\n")
        else:
            kept.append(line)
    return kept


def continued(lines: list[str]) -> Iterator[str]:
    """The lines, those of %mxgw that go on behind a backslash as one."""
    begun = ""
    for line in lines:
        whole = begun + line
        going_on = whole.rstrip().endswith("\\") and CALLED.match(whole)
        begun = whole.rstrip()[:-1] + " " if going_on else ""
        if not begun:
            yield whole
    if begun:
        yield begun


def is_between_statements(code: str) -> bool:
    """Whether a statement can begin behind this code: it is not within a text over several lines."""
    try:
        list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError) as error:
        return "EOF in multi-line" not in str(error) and "triple-quoted" not in str(error)
    return True
