"""Completion behind %mxgw and in the body of %%mxgw: commands, options, tags, other names of the galaxy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from IPython.core.completer import CompletionContext, SimpleCompletion, context_matcher
from IPython.core.interactiveshell import InteractiveShell

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Command
from mxgw_notebook.magics.commands import COMMANDS

LINE = re.compile(r"(?:[^%#'\"]*=\s*)?\s*%(?P<cell>%?)mxgw\s+(?P<typed>.*)", re.DOTALL)
CELL = re.compile(r"\s*%%mxgw[^\S\n]*(?P<name>\S*)")


@context_matcher(identifier="mxgw")  # type: ignore[untyped-decorator]
def complete(context: CompletionContext) -> Any:
    """What fits at the cursor; nothing of IPython's own beside it, jedi takes seconds here."""
    lines = context.full_text.split("\n")
    # Up to the cursor: what stands behind it belongs to the person, and is left alone.
    before = lines[context.cursor_line][: context.cursor_position]
    # In a body lines are names, on the first line of a cell there is a command with options.
    if context.cursor_line == 0 or not (cell := CELL.match(context.full_text)):
        found = LINE.fullmatch(before)
        return answer("", [], False) if found is None else on_line(found["typed"], bool(found["cell"]))
    command = COMMANDS.get(cell["name"] or "read")
    if command is None or not (command.takes_tags or command.with_cell):
        return answer("", [], False)
    begun = before.lstrip()
    return answer(begun, names("tag", begun))


def on_line(typed: str, cell: bool) -> Any:
    """What fits behind %mxgw."""
    words = typed.split()
    begun = words.pop() if words and not typed[-1].isspace() else ""
    if not words:
        offered = [name for name, one in COMMANDS.items() if one.takes_tags or one.with_cell or not cell]
        return answer(begun, offered)
    # Of a command that does not exist nothing can follow; the mistake is told when the line runs.
    command = COMMANDS.get(words[0])
    return answer(begun, of_command(command, words[1:], begun) if command else [])


def of_command(command: Command, words: list[str], begun: str) -> Iterable[str]:
    """Options, an option's values, or what the command takes at this place."""
    options = command.options()
    if begun.startswith("-"):
        return [name for name in options if name not in words]
    if words and (option := options.get(words[-1])) is not None and option.nargs != 0:
        return names(option.dest.removeprefix("data_"), begun)
    if not command.completes:
        return []
    place = sum(not word.startswith("-") for word in words)
    kind = command.completes[min(place, len(command.completes) - 1)]
    return COMMANDS if kind == "command" else names(kind, begun)


def names(kind: str, begun: str) -> list[str]:
    """Names of the current gateway's galaxy; none without one."""
    try:
        return current().completing.names(kind, begun)
    except GatewayError:
        return []


def answer(begun: str, found: Iterable[str], ours: bool = True) -> Any:
    """A matcher's result; what was begun is replaced."""
    fitting = [name for name in found if begun.lower() in name.lower()]
    # What begins so comes before what merely holds it.
    fitting.sort(key=lambda name: not name.lower().startswith(begun.lower()))
    if ours and begun and not fitting:
        fitting = [begun]  # without any of ours, IPython would ask jedi after all
    return {
        "completions": [SimpleCompletion(name, type="mxgw") for name in fitting],
        "matched_fragment": begun,
        "suppress": ours,
        "ordered": True,
    }


def load(shell: InteractiveShell) -> None:
    """Makes the shell ask us first."""
    unload(shell)
    shell.Completer.custom_matchers.append(complete)


def unload(shell: InteractiveShell) -> None:
    """Takes that back."""
    matchers = shell.Completer.custom_matchers
    # By its name, not by identity: an extension that is loaded again after a reload has another function.
    matchers[:] = [matcher for matcher in matchers if getattr(matcher, "matcher_identifier", "") != "mxgw"]
