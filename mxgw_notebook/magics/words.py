"""A magic's line as words, and a cell's body as tags."""

from __future__ import annotations

import shlex

from mxgw_notebook.errors import ConfigurationError


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
