"""What every command of %mxgw is: a name, a line about it, its arguments, and what it does."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn

from mxgw_notebook.errors import ConfigurationError

Arguments = argparse.Namespace
NUMBER = re.compile(r"-[0-9.]+(e[+-]?[0-9]+)?|-inf(inity)?|-nan", re.IGNORECASE)
# Stands before what argparse would take for an option, until it is parsed; nobody can type it.
SHIELD = "\0"


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `run` gets the parsed arguments and returns what the magic returns."""

    name: str
    summary: str
    example: str
    run: Callable[[Arguments], Any]
    configure: Callable[[argparse.ArgumentParser], None] = lambda parser: None
    takes_tags: bool = False
    takes_body: bool = False  # the cell's body is code, and comes as `arguments.body`
    # What completes at each place: a kind of name of frames.suggest, or "command"; the last holds on.
    completes: tuple[str, ...] = ()
    # The argument whose words may begin with a dash: -1e-3, -.5, or a text such as -hello.
    dashed: str = ""

    def parser(self) -> Parser:
        """The parser of what follows the command's name."""
        parser = Parser(prog=f"%mxgw {self.name}", description=self.summary, add_help=False)
        self.configure(parser)
        return parser

    def options(self) -> dict[str, argparse.Action]:
        """The options by every way to write them."""
        return {name: action for action in self.parser().known for name in action.option_strings}

    def parsed(self, words: list[str]) -> Arguments:
        """The arguments. Raises ConfigurationError, one line, when they do not fit."""
        parser = self.parser()
        if not self.dashed:
            return parser.parse_args(words)
        arguments = parser.parse_args([parser.shielded(word) for word in words])
        setattr(arguments, self.dashed, unshielded(getattr(arguments, self.dashed)))
        return arguments

    def help(self) -> str:
        """Usage, arguments and an example."""
        return f"{self.parser().format_help()}\nexample:\n  {self.example}"


class Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of leaving the process."""

    def __init__(self, **settings: Any) -> None:
        self.known: list[argparse.Action] = []
        super().__init__(**settings)

    def add_argument(self, *names: str, **settings: Any) -> argparse.Action:
        """Adds an argument, and remembers it for completion."""
        action = super().add_argument(*names, **settings)
        self.known.append(action)
        return action

    def shielded(self, word: str) -> str:
        """A word that begins with a dash and is no option, so that it is taken for an argument.

        One that is spelt almost as an option is left to be refused: it is a slip, and no value.
        """
        options = [name for action in self.known for name in action.option_strings]
        name = word.partition("=")[0]
        is_option = any(option.startswith(name) for option in options) or get_close_matches(name, options)
        plain = word in ("-", "--") or not word.startswith("-")
        return word if plain or (is_option and not NUMBER.fullmatch(word)) else SHIELD + word

    def error(self, message: str) -> NoReturn:
        """Says in one line what does not fit."""
        message = unshielded(message)
        usage = self.format_usage().removeprefix("usage: ").strip()
        raise ConfigurationError(f"{self.prog}: {message}", hint=f"Usage: {' '.join(usage.split())}")


def unshielded(text: str) -> str:
    """A text as it was typed."""
    return text.replace(SHIELD, "")
