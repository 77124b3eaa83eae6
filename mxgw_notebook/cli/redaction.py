"""API keys kept out of whatever is shown, wherever they came from."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

KEY_VARIABLE = "MXGATEWAY_API_KEY"
SHOWN = "<api-key>"
KEY_FORM = r"mxgw_[A-Za-z0-9-]+_[^\s\"'\\]+"


class Redaction:
    """Takes keys out of texts; with `also_forms` whatever else looks like one: a slip may put it anywhere."""

    def __init__(self, keys: Iterable[str], *, also_forms: bool = False) -> None:
        # The longest first: a key that another one begins with would leave that one's rest in the text.
        exact = [re.escape(key) for key in sorted(filter(None, keys), key=len, reverse=True)]
        # An empty pattern would be found everywhere; this one is found nowhere.
        self._keys = re.compile("|".join([*exact, *([KEY_FORM] if also_forms else [])]) or r"(?!)")

    def text(self, text: str) -> str:
        """The text without keys."""
        return self._keys.sub(SHOWN, text)

    def data(self, data: Any) -> Any:
        """The same for every text in lists and dicts; the dicts' own keys are names, and stay."""
        if isinstance(data, str):
            return self.text(data)
        if isinstance(data, dict):
            return {name: self.data(value) for name, value in data.items()}
        return [self.data(one) for one in data] if isinstance(data, list) else data


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
