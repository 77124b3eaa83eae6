"""What a person types to find names, applied to a column of them at once; never by case."""

from __future__ import annotations

import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mxgw_notebook.client import text_given
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames.columns import whole
from mxgw_notebook.globs import WILD, folded, glob_regex, is_glob

Rows = NDArray[np.int64]
# As many take a regular expression some milliseconds, and a thread a tenth of one.
NAMES_A_PART = 1 << 17
REGEX = re.compile(r"/(.+)/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pattern:
    """`/regex/`, or words that all have to fit, in any order: a glob (* and ?) as a whole, others in part."""

    regex: str = ""
    globs: tuple[str, ...] = ()
    words: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, text: str) -> Pattern:
        """What a text means. A regular expression stands between slashes.

        Raises ConfigurationError for one that is not valid.
        """
        text_given(text, "A pattern", "Give a glob such as *Pump*.Speed, or words.")
        if regex := REGEX.fullmatch(text.strip()):
            return cls(regex=checked(regex[1]))
        words = folded(text).split()
        # The longest word first: it leaves the fewest names for the others.
        plain = sorted((word for word in words if not is_glob(word)), key=len, reverse=True)
        return cls(globs=tuple(word for word in words if is_glob(word)), words=tuple(plain))

    def rows(self, lowered: Any) -> Rows:
        """The places of the names that fit, in order; the names are Arrow strings in lower case."""
        rows = np.arange(len(lowered))
        if self.regex:
            return rows[search(lowered, f"(?i){self.regex}")]
        for word in self.words:
            rows = kept(rows, pc.match_substring(at(lowered, rows), word))
        for glob in self.globs:
            rows = glob_rows(lowered, rows, glob)
        return rows

    def mask(self, lowered: Any) -> NDArray[np.bool_]:
        """Which of the names fit."""
        found = np.zeros(len(lowered), bool)
        found[self.rows(lowered)] = True
        return found


def glob_rows(lowered: Any, rows: Rows, glob: str) -> Rows:
    """Those of the rows whose name the glob matches; its fixed ends sort out most of them cheaply."""
    first, last = WILD.search(glob), list(WILD.finditer(glob))[-1]
    start, end = glob[: first.start()] if first else "", glob[last.end() :]
    for test, text in ((pc.starts_with, start), (pc.ends_with, end)):
        # Plain comparisons first, which are several times as fast as a regular expression, and leave it few
        # names.
        if text:
            rows = kept(rows, test(at(lowered, rows), text))
    middle = glob.strip("*")
    if not middle:
        return rows
    # A star at an end needs no anchor there, and the search ends sooner.
    before, after = "" if glob.startswith("*") else "^", "" if glob.endswith("*") else "$"
    regex = f"(?s){before}{glob_regex(middle)}{after}"
    return rows[search(at(lowered, rows), regex)]


def search(names: Any, regex: str) -> NDArray[np.bool_]:
    """Which names a regular expression finds; of many, a part of them on each core: Arrow uses one a call."""
    parts = [names.slice(start, NAMES_A_PART) for start in range(0, len(names), NAMES_A_PART)]
    if len(parts) < 2:
        found: NDArray[np.bool_] = pc.match_substring_regex(names, regex).to_numpy(zero_copy_only=False)
        return found
    with ThreadPoolExecutor(min(len(parts), os.cpu_count() or 1)) as cores:
        searched = cores.map(lambda part: pc.match_substring_regex(part, regex), parts)
        return np.concatenate([one.to_numpy(zero_copy_only=False) for one in searched])


def matches(names: pd.Series[Any], text: str) -> NDArray[np.bool_]:
    """Which names of a column fit; a missing one never does. A categorical is asked by category."""
    # Names repeat a hundred times: each is compared once.
    encoded = names.astype("category").array
    found = Pattern.of(text).mask(lower(encoded.categories))
    # A missing name has the code -1, and so takes the last entry.
    accepted: NDArray[np.bool_] = np.append(found, False)[encoded.codes]
    return accepted


def lower(names: Any) -> Any:
    """Names in lower case, as one Arrow array."""
    return pc.utf8_lower(whole(pa.array(names, from_pandas=True)).cast(pa.large_string()))


def at(lowered: Any, rows: Rows) -> Any:
    """The names at some rows; all of them as they are."""
    return lowered if len(rows) == len(lowered) else lowered.take(pa.array(rows))


def kept(rows: Rows, fits: Any) -> Rows:
    """The rows for which an Arrow truth holds."""
    left: Rows = rows[fits.to_numpy(zero_copy_only=False)]
    return left


def checked(regex: str) -> str:
    """The regular expression. Raises ConfigurationError when Arrow's engine does not take it."""
    try:
        # On nothing, for the sake of its error: a million names are not searched to find that a bracket is
        # missing.
        pc.match_substring_regex(pa.array([""]), regex)
    except pa.ArrowInvalid as error:
        reason = str(error).removeprefix("Invalid regular expression:").strip()
        hint = "It uses the syntax of RE2, which has no look-around."
        raise ConfigurationError(f"/{regex}/ is not a regular expression: {reason}", hint=hint) from None
    return regex
