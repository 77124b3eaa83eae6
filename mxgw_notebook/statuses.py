"""MXAccess statuses: what their categories and numbers say, and what to ask for instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# What the numbers of MXAccess statuses mean, as far as the gateway's documents name them.
DETAIL_MEANINGS: Mapping[int, str] = {
    0: "success",
    1: "request timed out",
    2: "platform communication error",
    3: "invalid platform id",
    4: "invalid engine id",
    5: "engine communication error",
    6: "invalid reference",
    7: "no galaxy repository",
    8: "invalid object id",
    1003: "an array's name without []",
    1012: "secured write refused",
    1013: "verified write refused",
}
# Refusals that say what to ask for instead.
DETAIL_HINTS: Mapping[int, str] = {
    1003: "An array is named with [], e.g. Tank001.StrappingTable[], one element of it with [1].",
    1012: "The attribute is SecuredWrite: it takes a user who signs: {sign}.",
    1013: "The attribute is VerifiedWrite: it takes a user who signs and another who verifies: {sign}.",
}
# Categories in which something went as it should, or is still going.
UNTROUBLED = ("OK", "PENDING", "WARNING", "UNSPECIFIED")


@dataclass(frozen=True, slots=True)
class Status:
    """One MXAccess status, judged by `category` alone. Its text always has its number.

    `success` is kept as sent: it is a COM number, and gateways have sent both -1 and 1 for success.
    """

    category: str
    detail: int = 0
    detected_by: str = "UNSPECIFIED"
    text: str = ""
    success: int = 0
    raw_category: int = 0
    raw_detected_by: int = 0

    @property
    def failed(self) -> bool:
        """True for an error category. PENDING, WARNING and an unset category are not failures."""
        return self.category.endswith("_ERROR")

    @property
    def is_unknown(self) -> bool:
        """True for a category without meaning: UNKNOWN, or a number that this version does not know."""
        return self.category == "UNKNOWN" or self.category.lstrip("-").isdecimal()

    @property
    def is_telling(self) -> bool:
        """True if it may explain a failure: it is one, or has a category or number of its own."""
        return self.failed or self.category not in UNTROUBLED or self.detail != 0

    @property
    def number(self) -> str:
        """The detail and its meaning: `6: invalid reference`, or `321` if no document names it."""
        meaning = DETAIL_MEANINGS.get(self.detail) if self.detail else None
        return f"{self.detail}: {meaning}" if meaning else str(self.detail)

    def __str__(self) -> str:
        if self.text:
            return with_numbers(self.text, [self])
        meaning = DETAIL_MEANINGS.get(self.detail)
        if meaning and (self.detail or not self.is_telling):
            return f"{meaning} ({self.detail})"
        category = f"category {self.category}" if self.category.isdecimal() else in_words(self.category)
        return f"{category} ({self.detail}), detected by {in_words(self.detected_by)}"


def in_words(name: str) -> str:
    """A name of the contract as people write it: `SECURITY_ERROR` is `security error`."""
    return name.replace("_", " ").lower()


def with_numbers(words: str, statuses: Sequence[Status]) -> str:
    """The words, and the numbers of statuses which are not in them yet, with what those mean."""
    numbers = dict.fromkeys(
        str(status.detail) if DETAIL_MEANINGS.get(status.detail, "") in words.lower() else status.number
        for status in statuses
        if f"({status.detail}" not in words
    )
    return f"{words} ({', '.join(numbers)})" if numbers else words


def hint_of(statuses: Iterable[Status]) -> str | None:
    """What to ask for instead, of the first status that says so."""
    return next((DETAIL_HINTS[status.detail] for status in statuses if status.detail in DETAIL_HINTS), None)
