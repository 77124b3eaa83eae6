"""What stands in the columns of a long frame: qualities by word or number, values of every kind."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.words import QUALITIES, quality_word

STATES: dict[str, Any] = {"True": True, "False": False}
RANKS = {word: rank for rank, word in enumerate(QUALITIES)}


def ranks_of(quality: pd.Series[Any]) -> pd.Series[int]:
    """0 for bad, 1 for uncertain, 2 for good, by words of any case or OPC's numbers; a missing one is bad.

    Raises ConfigurationError for a word that is none of these: taken for bad, it would be 0 % good.
    """
    codes, words = pd.factorize(quality)
    ranks = [rank_of(word) for word in words]
    strange = [word for word, rank in zip(words, ranks, strict=True) if rank is None]
    if strange:
        listed = ", ".join(repr(word) for word in strange[:8])
        message = f"quality has unknown words: {listed}"
        raise ConfigurationError(
            message, hint="It holds bad, uncertain, good, or OPC's numbers from 0 to 255."
        )
    # A missing word has the code -1, the last place.
    return pd.Series(np.array([*ranks, 0], np.int8)[codes], index=quality.index)


def rank_of(word: Any) -> int | None:
    """One word's or number's rank; None for what is no quality."""
    if word is None or word is pd.NaT:
        return 0
    text = str(word).strip().lower()
    if text in RANKS:
        return RANKS[text]
    if re.fullmatch(r"-?[0-9]+(\.0+)?", text):
        return RANKS[quality_word(int(float(text)))]
    return 0 if text in ("", "nan", "<na>") else None


def are_texts(values: pd.Series[Any]) -> bool:
    """Whether each of them is a text, or missing."""
    return values.dtype == "str" or (values.dtype == "object" and all(is_text(one) for one in values))


def read_values(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame; where a file made text of every value, the tags whose texts are all numbers have numbers.

    A file has made texts of the qualities, too: a watch's own frame, whose qualities are categorical, is left
    as it is, for there "007" is what the plant said.
    """
    values = frame["value"]
    if isinstance(frame["quality"].dtype, pd.CategoricalDtype) or not are_texts(values):
        return frame
    words = values.astype("object").where(values.notna(), None)
    numbers = [STATES.get(word, word) if isinstance(word, str) else np.nan for word in words]
    read = pd.to_numeric(pd.Series(numbers, index=frame.index, dtype="object"), errors="coerce")
    is_number = read.notna() | words.isna() | (words == "")
    # A tag at a time: one text that is not a number keeps the others texts, or one tag would have two kinds.
    numeric = is_number.groupby([frame["tag"].astype("object").to_numpy()]).transform("all")
    return frame.assign(value=read.astype("object").where(numeric, words.where(~is_number, words)))


def is_text(value: Any) -> bool:
    """Whether a value is a text, or none at all."""
    return value is None or isinstance(value, str) or (isinstance(value, float) and np.isnan(value))


def with_room(values: pd.Series[Any]) -> pd.Series[Any]:
    """The same values in a column that can have missing ones without rounding the others."""
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.astype("boolean")
    return values.astype("Int64") if pd.api.types.is_integer_dtype(values.dtype) else values


def numbers(values: pd.Series[Any]) -> NDArray[np.float64]:
    """Numbers as float64, booleans as 0 and 1, NaN for whatever else."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.to_numpy(dtype=np.float64, na_value=np.nan)
    kinds = (bool, int, float, np.number, np.bool_)
    made = (float(value) if isinstance(value, kinds) else np.nan for value in values)
    return np.fromiter(made, np.float64, len(values))


def hashable(value: Any) -> Any:
    """An array as a tuple, so that it can be a state; anything else as it is."""
    return tuple(value.tolist()) if isinstance(value, np.ndarray) else value


def sorting(value: Any) -> tuple[str, Any]:
    """Orders states: numbers by size, texts by letter, kinds apart."""
    if isinstance(value, bool | int | float | np.number | np.bool_):
        return "", float(value)
    return type(value).__name__, value if isinstance(value, str | bytes | pd.Timestamp) else str(value)
