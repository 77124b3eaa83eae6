"""What every command of %mxgw is: a name, a line about it, its arguments, and what it does."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.magics.words import SHIELD, Meaning, Names, expanded, plain

Arguments = argparse.Namespace
NOTHING: Names = {}
NUMBER = re.compile(r"-[0-9.]+(e[+-]?[0-9]+)?|-inf(inity)?|-nan", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `run` gets the parsed arguments and returns what the magic returns."""

    name: str
    summary: str
    example: str
    run: Callable[[Arguments], Any]
    configure: Callable[[Parser], None] = lambda parser: None
    takes_tags: bool = False
    takes_body: bool = False  # the cell's body comes as `arguments.body`
    body_words: tuple[str, ...] = ()  # what completes in it
    # The command as it is with a cell, where its arguments are others then.
    with_cell: Command | None = None
    # What completes at each place: a kind of name of frames.suggest, or "command"; the last holds on.
    completes: tuple[str, ...] = ()
    # The argument whose words may begin with a dash: -1e-3, -.5, or a text such as -hello.
    dashed: str = ""

    def parser(self, names: Names = NOTHING) -> Parser:
        """The parser of what follows the command's name; `names` are the variables that it may name."""
        parser = Parser(prog=f"%mxgw {self.name}", description=self.summary, add_help=False)
        parser.names = names
        self.configure(parser)
        return parser

    def options(self) -> dict[str, argparse.Action]:
        """The options by every way to write them."""
        return self.parser().options

    def choices_at(self, place: int) -> list[str]:
        """The words that alone fit at a place among those that are no options."""
        positional = [action for action in self.parser().known if not action.option_strings]
        return list(positional[place].choices or ()) if place < len(positional) else []

    def list_before(self, words: list[str]) -> argparse.Action | None:
        """The option that takes these words and more, `--tags a b`; None where they belong to none."""
        last = next((word for word in reversed(words) if word.startswith("-")), "")
        option = self.options().get(last)
        return option if option is not None and option.nargs in ("+", "*") else None

    def parsed(self, words: list[str], names: Names = NOTHING) -> Arguments:
        """The arguments. Raises ConfigurationError, one line, when they do not fit."""
        parser = self.parser(names)
        words = parser.values_shielded(words)
        parser.check_options(words)
        return parser.parse_args([parser.shielded(word) for word in words] if self.dashed else words)

    def help(self) -> str:
        """Usage, arguments and an example."""
        cell = "" if self.with_cell is None else f"\n%{self.with_cell.help()}"
        return f"{self.parser().format_help()}\nexample:\n  {self.example}\n{cell}".rstrip()


class Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of leaving the process."""

    def __init__(self, **settings: Any) -> None:
        self.known: list[argparse.Action] = []
        self.names: Names = NOTHING
        super().__init__(**settings)

    def add_argument(self, *names: str, meant: Meaning = expanded, **settings: Any) -> argparse.Action:
        """Adds an argument, what its words mean, and remembers it for completion."""
        # A flag takes no word, so there is nothing that could have a meaning.
        if "action" not in settings:
            settings["type"] = self._reader(meant, settings.get("type"))
        action = super().add_argument(*names, **settings)
        self.known.append(action)
        return action

    def _reader(self, meant: Meaning, kind: Callable[[Any], Any] | None) -> Callable[[str], Any]:
        """What makes an argument of a word."""

        def read(word: str) -> Any:
            value = meant(word, self.names)
            return value if kind is None else kind(value)

        read.__name__ = getattr(kind, "__name__", "text")  # argparse says it of what does not fit
        return read

    def shielded(self, word: str) -> str:
        """A word that begins with a dash and is no option, so that it is taken for an argument.

        One that is spelt almost as an option is left to be refused: it is a slip, and no value.
        """
        name = word.partition("=")[0]
        is_option = any(option.startswith(name) for option in self.options) or get_close_matches(
            name, self.options
        )
        # A dash alone is a word, two end the options: argparse knows both.
        plain = word in ("-", "--") or not word.startswith("-")
        return word if plain or (is_option and not NUMBER.fullmatch(word)) else SHIELD + word

    def values_shielded(self, words: list[str]) -> list[str]:
        """The words, a text behind an option that takes one shielded: `--comment -seen`."""
        single = {name for action in self.known if action.nargs is None for name in action.option_strings}
        pairs = zip(["", *words], words, strict=False)
        return [self.shielded(word) if before in single else word for before, word in pairs]

    def check_options(self, words: list[str]) -> None:
        """Refuses what is spelt almost as an option, and says which: argparse names only what is missing."""
        for word in words[: words.index("--")] if "--" in words else words:
            name = word.partition("=")[0]
            near = get_close_matches(name, self.options, n=1) if name.startswith("--") else []
            if near and not any(option.startswith(name) for option in self.options):
                raise ConfigurationError(
                    f"{self.prog}: unrecognized arguments: {name}", hint=f"Did you mean {near[0]}?"
                )

    @property
    def options(self) -> dict[str, argparse.Action]:
        """The options by every way to write them."""
        return {name: action for action in self.known for name in action.option_strings}

    def error(self, message: str) -> NoReturn:
        """Says in one line what does not fit."""
        message = plain(message)
        usage = self.format_usage().removeprefix("usage: ").strip()
        raise ConfigurationError(f"{self.prog}: {message}", hint=f"Usage: {' '.join(usage.split())}")
