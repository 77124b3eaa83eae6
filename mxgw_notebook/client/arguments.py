"""What callers give: refused in one line where it is of another kind than asked for."""

from __future__ import annotations

import operator
import os
import reprlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mxgw_notebook.errors import ConfigurationError

# What the contract's milliseconds hold is a month more; nobody waits for a day.
LONGEST_WAIT_SECONDS = 86_400.0
# What an acknowledge may take, where the caller does not say.
ACKNOWLEDGE_SECONDS = 10.0


def shown(value: Any) -> str:
    """What was given, in a message: short, and in characters that can be printed."""
    try:
        return repr(value) if isinstance(value, str) and len(value) < 60 else reprlib.repr(value)
    except Exception:  # a repr of somebody else's
        return f"a {type(value).__name__}"


def text_given(value: Any, what: str, hint: str) -> str:
    """The text itself. Raises ConfigurationError for what is none, or cannot be sent."""
    if not isinstance(value, str):
        raise ConfigurationError(f"{what} is a text, not {shown(value)}", hint=hint)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise not_sendable(error) from None
    return value


def not_sendable(error: UnicodeEncodeError) -> ConfigurationError:
    """What to raise for a text that UTF-8 cannot carry, such as half of a character cut in two."""
    # As Python writes it: shown as it is, it could not be printed either.
    message = f"{error.object!r:.60} cannot be sent: its character {error.start + 1} is incomplete"
    return ConfigurationError(message, hint="Give the text again, e.g. copied from the galaxy.")


def texts_given(value: Any, what: str, hint: str) -> list[str]:
    """Several texts; one alone is a list of one, not its letters. Raises ConfigurationError for others."""
    if isinstance(value, str):
        return [text_given(value, what, hint)]
    if isinstance(value, bytes | bytearray | Mapping) or not isinstance(value, Iterable):
        raise ConfigurationError(f"{what} is a text or a list of them, not {shown(value)}", hint=hint)
    return [text_given(one, what, hint) for one in value]


def whole_number_given(value: Any, what: str, allowed: range) -> int:
    """A whole number in a range. Raises ConfigurationError for what is none."""
    try:
        number = operator.index(value)
    except TypeError:
        number = allowed.start - 1
    if number not in allowed or isinstance(value, bool):
        hint = f"Give a whole number from {allowed.start} to {allowed.stop - 1}."
        raise ConfigurationError(f"{what} is not {shown(value)}", hint=hint)
    return number


def seconds_given(value: Any, what: str = "timeout", *, most: float = LONGEST_WAIT_SECONDS) -> float:
    """A number of seconds from 0 to a day. Raises ConfigurationError for what is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (is_number and 0 <= value <= most):  # NaN is not either
        hint = f"Give a number of seconds from 0 to {most:.0f}, e.g. 5."
        raise ConfigurationError(f"{what} {shown(value)} is not a time to wait", hint=hint)
    return float(value)


def path_given(value: Any, hint: str) -> str:
    """A file's path; `~` is the home. Raises ConfigurationError for what names no file."""
    if not (isinstance(value, str | os.PathLike) and os.path.basename(os.fspath(value))):
        raise ConfigurationError(f"{shown(value)} names no file", hint=hint)
    try:
        if b"\0" in os.fsencode(value):  # which ends a name, and which Python itself refuses
            raise ValueError
    except ValueError:  # also half of a character, as from a text cut in two
        raise ConfigurationError(f"{value!r:.60} cannot be a file's name", hint=hint) from None
    return os.path.expanduser(str(value))


def check_settings(settings: Mapping[str, Any], known: Sequence[str], taker: str) -> None:
    """Refuses a setting that is misspelt, or belongs to another kind of gateway."""
    if unknown := [name for name in settings if name not in known]:
        message = f"{taker} takes no {' and no '.join(unknown)}"
        raise ConfigurationError(message, hint=f"It takes {', '.join(known) or 'none'}.")
