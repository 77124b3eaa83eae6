"""Values by tag, in the forms in which people have them: a mapping, a table, pairs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from mxgw_notebook.errors import ConfigurationError

WHOLE = re.compile(r"-?[0-9]+")
TRUTHS = {"True": True, "False": False}
FORMS = "Give {tag: value}, a table with the columns tag and value, or pairs [(tag, value), ...]."


def values_by_tag(given: Any) -> dict[str, Any]:
    """Each tag with its value, in the order given.

    Raises ConfigurationError for any other form, for a text that is not a tag, and for a tag that comes
    twice: nobody can say which of its values is meant.
    """
    pairs = pairs_of(given)
    if not pairs:
        raise ConfigurationError("No tag given", hint=FORMS)
    values: dict[str, Any] = {}
    met: set[str] = set()
    for tag, value in pairs:
        if not isinstance(tag, str) or not tag.strip():
            raise ConfigurationError(f"{tag!r:.80} is not a tag", hint=FORMS)
        # As the galaxy has its names: two spellings are one tag, and two values for it.
        if tag.strip().casefold() in met:
            raise ConfigurationError(f"{tag} is given twice", hint="Write its values one after the other.")
        met.add(tag.strip().casefold())
        values[tag] = value
    return values


def pairs_of(given: Any) -> list[tuple[Any, Any]]:
    """Tags and values, side by side; tables are known by their columns, for pandas need not be here."""
    if (columns := getattr(given, "columns", None)) is not None:
        check_columns(list(columns))
        return list(zip(given["tag"], values_in(given), strict=True))
    if hasattr(given, "items"):
        return list(given.items())
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise ConfigurationError(f"{given!r:.80} names no tags and values", hint=FORMS)
    return [pair(entry) for entry in given]


def values_in(table: Any) -> list[Any]:
    """The column `value`; where a table that was read has texts beside it, those of what is not a number."""
    values = list(table["value"])
    if "text" not in table.columns or not all(isinstance(value, int | float) for value in values):
        return values
    return [
        value_told(value, text) if isinstance(text, str) else value
        for value, text in zip(values, table["text"], strict=True)
    ]


def value_told(number: Any, text: str) -> Any:
    """The value for which a number and a text beside it stand.

    A text beside none is the value. Else it says that the number is a boolean, or every digit of an integer;
    one that does neither is a remark.
    """
    if number is None or number == "" or number != number:
        return text
    if text in TRUTHS:
        return TRUTHS[text]
    return int(text) if WHOLE.fullmatch(text) and float(text) == float(number) else number


def pair(entry: Any) -> tuple[Any, Any]:
    """One entry of a list of pairs."""
    if isinstance(entry, tuple | list) and len(entry) == 2:
        return entry[0], entry[1]
    raise ConfigurationError(f"{entry!r:.80} is not a pair of a tag and a value", hint=FORMS)


def check_columns(columns: Sequence[Any]) -> None:
    """Raises ConfigurationError for a table that has not both columns, each once."""
    if missing := [name for name in ("tag", "value") if name not in columns]:
        raise ConfigurationError(f"The table has no column {' and no '.join(missing)}", hint=FORMS)
    # Of two columns by one name a table makes a table, and of that a list its columns' names.
    if twice := [name for name in ("tag", "value") if columns.count(name) > 1]:
        message = f"The table has the column {twice[0]} more than once"
        raise ConfigurationError(message, hint="Which of them is meant?")
