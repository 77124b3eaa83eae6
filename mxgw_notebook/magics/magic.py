"""%mxgw and %%mxgw themselves; the only place where an error becomes one line."""

from __future__ import annotations

import re
import shlex
from typing import Any

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.magics import completion
from mxgw_notebook.magics.commands import HELP, command_named

# A key that stands in the cell by mistake need not stand in its output as well.
KEY = re.compile(r"mxgw_[A-Za-z0-9-]+_[^\s'\"]+")
HELP_WORDS = {"-h", "--help"}


def mxgw(line: str, cell: str | None = None) -> Any:
    """Runs a command: %mxgw COMMAND ..., or %%mxgw COMMAND with tags in the cell, one a line."""
    try:
        return ran(line, cell)
    except GatewayError as error:
        message = str(error)
    except KeyboardInterrupt:
        message = "Interrupted. What was asked of the gateway may still have happened."
    # UsageError alone is shown without a traceback, not a subclass of it.
    raise UsageError(KEY.sub("<api-key>", message))


def ran(line: str, cell: str | None) -> Any:
    """What the command returns."""
    name, *words = words_of(line) or (["help"] if cell is None else ["read"])
    command = command_named(name)
    if HELP_WORDS & set(words):
        return HELP.run(HELP.parsed([name]))
    if cell is not None and command.takes_body:
        arguments = command.parsed(words)
        arguments.body = cell
        return command.run(arguments)
    if cell is not None:
        if not command.takes_tags:
            hint = "The cell's body lists tags, for read or watch, or is run by when."
            raise ConfigurationError(f"%%mxgw {name} takes no cell", hint=hint)
        words += tags_of(cell)
    return command.run(command.parsed(words))


def load(shell: InteractiveShell) -> None:
    """Registers %mxgw and %%mxgw."""
    shell.magics_manager.register_function(mxgw, "line_cell", "mxgw")
    completion.load(shell)


def unload(shell: InteractiveShell) -> None:
    """Takes them back."""
    completion.unload(shell)
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("mxgw", None)


def words_of(line: str) -> list[str]:
    """The words of a line; quotes group, a backslash is a character (alarm references have them).

    Raises ConfigurationError for a quote that is not closed.
    """
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.escape = ""
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:
        raise ConfigurationError("A quote is not closed", hint=f"In: {line.strip()}") from None


def tags_of(body: str) -> list[str]:
    """The tags of a cell's body: one a line, `#` begins a comment, blank lines are skipped."""
    lines = (line.partition("#")[0].strip() for line in body.splitlines())
    return [line for line in lines if line]
