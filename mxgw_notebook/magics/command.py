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
SURPLUS = re.compile(r"unrecognized arguments: (?!-)")  # argparse's words


@dataclass(frozen=True, slots=True)
class Command:
    """One command of `%mxgw`.

    Args:
        name: What stands behind `%mxgw`.
        summary: One line about it, for `%mxgw help`.
        example: A line that uses it, for `%mxgw help NAME`.
        run: Gets the parsed arguments. What it returns is the result of the cell.
        configure: Adds the arguments to the parser.
        takes_tags: With `%%mxgw NAME`, the lines of the cell are further words.
        takes_body: With `%%mxgw NAME`, the text of the cell is `arguments.body`.
        body_words: What completes in that text.
        with_cell: The command to use with a cell, if it has other arguments.
        completes: What completes at each place: `tag`, `object`, `template`, `area`, `alarm`, `file`,
            `command`. The last one also applies to all further places.
        dashed: The argument whose words may begin with a dash, such as `-0.5`.
    """

    name: str
    summary: str
    example: str
    run: Callable[[Arguments], Any]
    configure: Callable[[Parser], None] = lambda parser: None
    takes_tags: bool = False
    takes_body: bool = False
    body_words: tuple[str, ...] = ()
    with_cell: Command | None = None
    completes: tuple[str, ...] = ()
    dashed: str = ""

    def parser(self, names: Names = NOTHING) -> Parser:
        """The parser of what follows the command's name; `names` are the user's variables."""
        parser = Parser(prog=f"%mxgw {self.name}", description=self.summary, add_help=False)
        parser.names = names
        self.configure(parser)
        return parser

    def options(self) -> dict[str, argparse.Action]:
        """The options by every way to write them."""
        return self.parser().options

    def choices_at(self, place: int) -> list[str]:
        """The only words that fit at a place; options do not count as places."""
        positional = [action for action in self.parser().known if not action.option_strings]
        return list(positional[place].choices or ()) if place < len(positional) else []

    def list_before(self, words: list[str]) -> argparse.Action | None:
        """The option that takes these words and more, `--tags a b`; None if they belong to none."""
        last = next((word for word in reversed(words) if word.startswith("-")), "")
        option = self.options().get(last)
        return option if option is not None and option.nargs in ("+", "*") else None

    def parsed(self, words: list[str], names: Names = NOTHING) -> Arguments:
        """The arguments. Raises ConfigurationError if the words do not fit."""
        parser = self.parser(names)
        words = parser.values_shielded(words)
        parser.check_options(words)
        return parser.parse_args([parser.shielded(word) for word in words] if self.dashed else words)

    def help(self) -> str:
        """Usage, arguments and an example."""
        cell = "" if self.with_cell is None else f"\n%{self.with_cell.help()}"
        return f"{self.parser().format_help()}\nexample:\n  {self.example}\n{cell}".rstrip()


class Parser(argparse.ArgumentParser):
    """The parser of Python's argparse. It raises ConfigurationError instead of ending the process."""

    def __init__(self, **settings: Any) -> None:
        self.known: list[argparse.Action] = []
        self.names: Names = NOTHING
        super().__init__(**settings)

    def add_argument(self, *names: str, meant: Meaning = expanded, **settings: Any) -> argparse.Action:
        """Adds an argument, as argparse does: `parser.add_argument("--limit", type=float)`.

        `meant` makes a value of each word. Default: `$name` and `{expression}` are the user's variables.
        """
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
        """The word, marked as an argument if it begins with a dash and is not an option.

        A word that is almost an option is not marked: it is a slip, and is refused.
        """
        name = word.partition("=")[0]
        is_option = any(option.startswith(name) for option in self.options) or get_close_matches(
            name, self.options
        )
        # A dash alone is a word, two end the options: argparse knows both.
        plain = word in ("-", "--") or not word.startswith("-")
        return word if plain or (is_option and not NUMBER.fullmatch(word)) else SHIELD + word

    def values_shielded(self, words: list[str]) -> list[str]:
        """The words; a text behind an option that takes one is marked as by `shielded`: `--comment -seen`."""
        single = {name for action in self.known if action.nargs is None for name in action.option_strings}
        pairs = zip(["", *words], words, strict=False)
        return [self.shielded(word) if before in single else word for before, word in pairs]

    def check_options(self, words: list[str]) -> None:
        """Raises ConfigurationError for a word that is almost an option, with the name of that option."""
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
        """Raises ConfigurationError: one line about what does not fit."""
        message = plain(message)
        usage = "Usage: " + " ".join(self.format_usage().removeprefix("usage: ").split())
        quotes = self.quotes_hint() if SURPLUS.match(message) else ""
        raise ConfigurationError(f"{self.prog}: {message}", hint=quotes + usage)

    def quotes_hint(self) -> str:
        """What to do about a word too many: it may belong to the last argument, if that is a single word."""
        single = [action for action in self.known if not action.option_strings]
        last = single[-1] if single else None
        return "" if last is None or last.nargs else f'{last.metavar} of several words: "two words". '
