"""The OPC quality byte in words, many at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from mxgw_notebook.words import GOOD_FROM, QUALITIES, UNCERTAIN_FROM

QUALITY = pd.CategoricalDtype(list(QUALITIES), ordered=True)


def quality_words(codes: ArrayLike) -> pd.Categorical[Any]:
    """The words of many codes, as an ordered categorical: bad < uncertain < good."""
    places = np.digitize(np.asarray(codes, dtype=np.int64) & 0xFF, (UNCERTAIN_FROM, GOOD_FROM))
    return pd.Categorical.from_codes(places, dtype=QUALITY)
