"""Values that are no numbers as places in a list of words, which is what a trend draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.client import Value
from mxgw_notebook.frames import Samples
from mxgw_notebook.words import figures

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

    def learn(self, samples: Samples) -> None:
        """Takes in what these samples hold."""
        if samples.boolean and self._places is None:
            self._places = {word: place for place, word in enumerate(BOOLEAN)}
        if self._are_drawn_as_they_are(samples):
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
        if self._places is None or self._are_drawn_as_they_are(samples):
            return samples.number
        made = np.full(len(samples), np.nan)
        for row in range(len(samples)):
            value = samples.value(row)
            if value is not None:
                made[row] = self._places.get(shown(value), self._places.get(OTHERS, np.nan))
        return made

    def _are_drawn_as_they_are(self, samples: Samples) -> bool:
        """Whether each number is its own place: of numbers alone, and of booleans whose words come first."""
        if self._places is None:
            return not has_words(samples)
        return samples.all_boolean and tuple(self._places)[: len(BOOLEAN)] == BOOLEAN


def has_words(samples: Samples) -> bool:
    """Whether some of them are no numbers: an integer is one, however large."""
    kept = () if samples.objects is None else samples.objects
    return any(value is not None and type(value) is not int for value in kept)


def shown(value: Value) -> str:
    """A value in a few words."""
    if isinstance(value, np.ndarray):
        inside = ", ".join(shown(each) for each in value.flat[:8])
        text = f"[{inside}{', …' if value.size > 8 else ''}]"
    elif isinstance(value, np.datetime64):
        text = "no time" if np.isnat(value) else f"{np.datetime_as_string(value, unit='s')}Z"
    else:
        text = figures(float(value)) if isinstance(value, float | np.floating) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
