"""Samples of one tag in columns: what histories give, frames are made of and trends draw.

Why: DECISIONS.md, "Integers beyond 2**53 are kept beside the numbers".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.client.values import Value


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Samples of one tag, oldest first; all arrays have the same length.

    Args:
        time_ns: Nanoseconds since 1970 UTC.
        number: The values that are numbers; NaN for all others.
        quality: OPC's quality; 192 and more is good.
        objects: The values that are not numbers; None where `number` has the value. An integer beyond 2**53
            is in both, here with every digit. None instead of an array if all values are numbers.
        replayed: True for each sample that came late, in a replay. None instead of an array if none did.
        boolean: The tag has sent booleans: the numbers 0 and 1 are False and True.
        total: How many samples the tag had had so far.
    """

    time_ns: NDArray[np.int64]
    number: NDArray[np.float64]
    quality: NDArray[np.uint8]
    objects: NDArray[Any] | None = None
    replayed: NDArray[np.bool_] | None = None
    boolean: bool = False
    total: int = 0

    def __len__(self) -> int:
        return len(self.time_ns)

    def rows(self, wanted: NDArray[Any] | slice) -> Samples:
        """Some of the samples, by place, mask or slice."""
        return Samples(
            self.time_ns[wanted],
            self.number[wanted],
            self.quality[wanted],
            None if self.objects is None else self.objects[wanted],
            None if self.replayed is None else self.replayed[wanted],
            self.boolean,
            self.total,
        )

    def value(self, row: int) -> Value:
        """One sample's value: a boolean, a float, or any other kind; None if it had no value."""
        if self.objects is not None and self.objects[row] is not None:
            kept: Value = self.objects[row]
            return kept
        number = float(self.number[row])
        if self.boolean and number in {0.0, 1.0}:
            return bool(number)
        return None if np.isnan(number) else number

    @property
    def booleans(self) -> NDArray[np.bool_]:
        """True for each sample that is a boolean. After a deploy a tag of booleans may send numbers too."""
        if not self.boolean:
            return np.zeros(len(self), np.bool_)
        found: NDArray[np.bool_] = (self.number == 0) | (self.number == 1)
        return found

    @property
    def all_boolean(self) -> bool:
        """True if each sample is a boolean or has no value."""
        return self.boolean and self.objects is None and bool((self.booleans | np.isnan(self.number)).all())
