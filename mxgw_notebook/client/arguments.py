"""What callers give: refused in one line where it is of another kind than asked for."""

from __future__ import annotations

import os
from typing import Any

from mxgw_notebook.errors import ConfigurationError

# What the contract's milliseconds hold is a month more; nobody waits for a day.
LONGEST_WAIT_SECONDS = 86_400.0


def text_given(value: Any, what: str, hint: str) -> str:
    """The text itself. Raises ConfigurationError for what is none, or cannot be sent."""
    if not isinstance(value, str):
        raise ConfigurationError(f"{what} is a text, not {value!r:.60}", hint=hint)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise not_sendable(error) from None
    return value


def not_sendable(error: UnicodeEncodeError) -> ConfigurationError:
    """What to raise for a text that UTF-8 cannot carry, such as half of a character cut in two."""
    # As Python writes it: shown as it is, it could not be printed either.
    message = f"{error.object!r:.60} cannot be sent: its character {error.start + 1} is half of one"
    return ConfigurationError(message, hint="Give the text anew, e.g. copied from the galaxy.")


def seconds_given(value: Any, what: str = "timeout") -> float:
    """A number of seconds from 0 to a day. Raises ConfigurationError for what is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (is_number and 0 <= value <= LONGEST_WAIT_SECONDS):  # NaN is not either
        hint = f"Give a number of seconds from 0 to {LONGEST_WAIT_SECONDS:g}, e.g. 5."
        raise ConfigurationError(f"{what} {value!r:.60} is no time to wait", hint=hint)
    return float(value)


def path_given(value: Any, hint: str) -> str:
    """A file's path. Raises ConfigurationError for what names no file."""
    if not (isinstance(value, str | os.PathLike) and os.path.basename(os.fspath(value))):
        raise ConfigurationError(f"{value!r:.60} names no file", hint=hint)
    return str(value)
