"""What every command of %mxgw is: a name, a line about it, its arguments, and what it does."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from mxgw_notebook.errors import ConfigurationError

Arguments = argparse.Namespace


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
        return self.parser().parse_args(words)

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

    def error(self, message: str) -> NoReturn:
        """Says in one line what does not fit."""
        usage = self.format_usage().removeprefix("usage: ").strip()
        raise ConfigurationError(f"{self.prog}: {message}", hint=f"Usage: {' '.join(usage.split())}")
