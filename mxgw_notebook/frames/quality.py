"""The OPC quality byte in words, many at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from mxgw_notebook.words import GOOD_FROM, QUALITIES, UNCERTAIN_FROM

QUALITY = pd.CategoricalDtype(list(QUALITIES), ordered=True)
# Of each quality byte.
PLACES = np.digitize(np.arange(256), (UNCERTAIN_FROM, GOOD_FROM)).astype(np.int8)


def quality_words(codes: ArrayLike) -> pd.Categorical[Any]:
    """The words of many codes, as an ordered categorical: bad < uncertain < good."""
    return pd.Categorical.from_codes(
        PLACES[np.asarray(codes, dtype=np.int64) & 0xFF], dtype=QUALITY, validate=False
    )
