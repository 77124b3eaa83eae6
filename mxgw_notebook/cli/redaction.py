"""API keys kept out of whatever is shown, wherever they came from."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence

KEY_VARIABLE = "MXGATEWAY_API_KEY"
SHOWN = "<api-key>"
KEY_FORM = re.compile(r"mxgw_[A-Za-z0-9-]+_[^\s\"'\\]+")


def redacted(text: str, keys: Iterable[str]) -> str:
    """The text without these keys, also where JSON has escaped them."""
    for key in sorted(filter(None, keys), key=len, reverse=True):
        text = text.replace(json.dumps(key)[1:-1], SHOWN).replace(key, SHOWN)
    return text


def without_keys(text: str, keys: Iterable[str]) -> str:
    """The text without these keys and without whatever else looks like one: a slip may put a key anywhere."""
    return KEY_FORM.sub(SHOWN, redacted(text, keys))


def keys_in(arguments: Sequence[str]) -> set[str]:
    """Every key that a command line gives or names, whether it can be parsed or not."""
    variables = {KEY_VARIABLE, *values_of("--api-key-env", arguments)}
    return {*values_of("--api-key", arguments), *(os.environ.get(name, "") for name in variables)}


def values_of(option: str, arguments: Sequence[str]) -> Iterator[str]:
    """What follows an option, after a space or an equals sign."""
    for position, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == option:
            yield from [value] if equals else arguments[position + 1 : position + 2]
