"""Globs of names: `*` and `?`, anchored, without regard to case, as the galaxy's own browse has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mxgw_notebook.errors import ConfigurationError

WILD = re.compile(r"[*?]")


def folded(text: str) -> str:
    """Names in one case, letter by letter, as Arrow's `utf8_lower` has them: as long as they were.

    `str.lower()` makes two letters of `İ`, which one `?` then misses, and another of `Σ` at a word's end.
    """
    return text.lower() if text.isascii() else "".join(letter.lower()[0] for letter in text)


def is_glob(pattern: str) -> bool:
    """Whether the pattern has a wild card."""
    return WILD.search(pattern) is not None


def are_globs(names: Iterable[str]) -> bool:
    """Whether any of the names is one: looked for once in all of them, for there may be ten thousand."""
    return is_glob("\n".join(names))


def glob_regex(pattern: str) -> str:
    """The regular expression of a glob, for a `folded` text; every other character stands for itself."""
    wild = {"*": ".*", "?": "."}
    return "".join(wild.get(character, re.escape(character)) for character in folded(pattern))


def glob_matches(pattern: str, names: Sequence[str]) -> list[str]:
    """The names that the glob matches, in order."""
    regex = re.compile(glob_regex(pattern), re.DOTALL)
    return [name for name in names if regex.fullmatch(folded(name))]


def resolve(wanted: Iterable[str], known: Sequence[str], what: str, hint: str) -> list[str]:
    """What is wanted, each glob replaced by the known names that it matches; each name once, in order.

    Raises ConfigurationError for a glob that matches none of them, which are `what`.
    """
    found: dict[str, None] = {}
    for name in wanted:
        matches = glob_matches(name, known) if is_glob(name) else [name]
        if not matches:
            raise ConfigurationError(f"No {what} matches {name}", hint=hint)
        found |= dict.fromkeys(matches)
    return list(found)
