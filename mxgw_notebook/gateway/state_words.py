"""Values that are no numbers as places in a list of words, which is what a trend draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.client.values import Value
from mxgw_notebook.live import Samples

# A tag with more different texts than a person can tell apart is no state; the rest share a word.
MOST_WORDS = 200
LONGEST = 40
OTHERS = "…"
BOOLEAN = ("False", "True")


class StateWords:
    """The states that one tag was ever in. `words` is None while all its values are numbers."""

    def __init__(self) -> None:
        self._places: dict[str, int] | None = None

    @property
    def words(self) -> tuple[str, ...] | None:
        """The words, each at its place."""
        return None if self._places is None else tuple(self._places)

    def learn(self, samples: Samples, *, boolean: bool) -> None:
        """Takes in what these samples hold."""
        if boolean and self._places is None:
            self._places = {word: place for place, word in enumerate(BOOLEAN)}
        if samples.objects is None or boolean:
            return
        self._places = self._places or {}
        for row in range(len(samples)):
            value = samples.value(row)
            if value is None:
                continue
            word = shown(value)
            if word not in self._places:
                word = word if len(self._places) < MOST_WORDS else OTHERS
                self._places.setdefault(word, len(self._places))

    def places(self, samples: Samples) -> NDArray[np.float64]:
        """Each sample's state by its place; NaN for one that held nothing. Numbers stay numbers."""
        if self._places is None or samples.objects is None:
            return samples.number
        made = np.full(len(samples), np.nan)
        for row in range(len(samples)):
            value = samples.value(row)
            if value is not None:
                made[row] = self._places.get(shown(value), self._places.get(OTHERS, np.nan))
        return made


def shown(value: Value) -> str:
    """A value in a few words."""
    if isinstance(value, np.ndarray):
        inside = ", ".join(f"{each:g}" if isinstance(each, float) else str(each) for each in value.flat[:8])
        text = f"[{inside}{', …' if value.size > 8 else ''}]"
    elif isinstance(value, np.datetime64):
        text = f"{np.datetime_as_string(value, unit='s')}Z"
    else:
        text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
