"""How many bytes the texts and arrays of all histories may take; numbers are bounded by their count.

Why: DECISIONS.md, "With many tags the bound for each tag shrinks in steps".
"""

from __future__ import annotations

import sys

import numpy as np

from mxgw_notebook.client import Value

MOST_BYTES = 512 << 20
ARRAY_BYTES = sys.getsizeof(np.empty(0))


class Room:
    """Shared by the histories of a hub. Changed on the loop thread.

    A history may take what the others leave; only when all is taken does one give way that has more than its
    `share`. So a lone text tag has everything, and with many tags it is never more than twice `most`.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most = self.share = most
        self.used = 0

    def share_out(self, tags: int) -> None:
        """So many histories share it."""
        self.share = self.most // max(1, tags)

    def is_too_small(self, own: int) -> bool:
        """Whether a history that takes so much has to give way."""
        return self.used > self.most and own > self.share


def size_of(value: Value) -> int:
    """The bytes that a value takes in memory."""
    if isinstance(value, np.ndarray):
        held = sum(map(sys.getsizeof, value.flat)) if value.dtype == object else 0
        return int(value.nbytes) + held + ARRAY_BYTES
    return 0 if value is None else sys.getsizeof(value)
