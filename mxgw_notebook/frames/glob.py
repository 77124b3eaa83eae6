"""Globs of names: `*` and `?`, anchored, without regard to case, as the galaxy's own browse has them."""

from __future__ import annotations

import re
from collections.abc import Sequence

WILD = re.compile(r"[*?]")


def is_glob(pattern: str) -> bool:
    """Whether the pattern has a wild card."""
    return WILD.search(pattern) is not None


def glob_regex(pattern: str) -> str:
    """The regular expression of a glob, for text in lower case; every other character stands for itself."""
    wild = {"*": ".*", "?": "."}
    return "".join(wild.get(character, re.escape(character)) for character in pattern.lower())


def glob_matches(pattern: str, names: Sequence[str]) -> list[str]:
    """The names that the glob matches, in order."""
    regex = re.compile(glob_regex(pattern), re.DOTALL)
    return [name for name in names if regex.fullmatch(name.lower())]
