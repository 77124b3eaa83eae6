"""The OPC quality byte in words.

192 and up is good, 64 to 191 uncertain, below 64 bad; only the low byte counts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

GOOD_FROM = 192
UNCERTAIN_FROM = 64
WORDS = ["bad", "uncertain", "good"]
QUALITY = pd.CategoricalDtype(WORDS, ordered=True)


def quality_word(code: int) -> str:
    """good, uncertain or bad."""
    byte = code & 0xFF
    return "good" if byte >= GOOD_FROM else "uncertain" if byte >= UNCERTAIN_FROM else "bad"


def quality_words(codes: ArrayLike) -> pd.Categorical[Any]:
    """The words of many codes, as an ordered categorical: bad < uncertain < good."""
    places = np.digitize(np.asarray(codes, dtype=np.int64) & 0xFF, (UNCERTAIN_FROM, GOOD_FROM))
    return pd.Categorical.from_codes(places, dtype=QUALITY)
