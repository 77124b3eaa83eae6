"""A list as text: what a command line has for an array."""

from __future__ import annotations

import json
import math
import reprlib
from typing import Any

from mxgw_notebook.errors import ConfigurationError


def json_list(text: str) -> list[Any]:
    """The elements of a JSON list. A number beyond a double, and NaN, stay the texts that they are."""
    try:
        found = json.loads(text, parse_float=number, parse_constant=str)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise ConfigurationError(
            f"{reprlib.repr(text)} is no JSON list", hint='An array is written [1, 2] or ["a", "b"].'
        )
    return found


def number(text: str) -> float | str:
    """The number, or its text where it would become infinite."""
    value = float(text)
    return value if math.isfinite(value) else text
