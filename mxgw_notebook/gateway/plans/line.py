"""One line of a plan: what a tag is now, what it is to be, and whether that may be written."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from mxgw_notebook.client import ValueType, as_sent
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway.plans.bounds import Bound, span_of
from mxgw_notebook.words import exact

GOOD = "good"
# Whatever is written there, the plant refuses it.
NEVER_WRITTEN = ("ViewOnly",)
# How many people a write takes, and what is said where there are fewer.
SIGNED = {
    "SecuredWrite": (1, "it takes a user who signs"),
    "VerifiedWrite": (2, "it takes a user who signs and another who verifies"),
}


class LineVerdict(StrEnum):
    """What is to become of a line."""

    WRITE = "write"
    SAME = "nothing to do"
    OVERRIDDEN = "override"
    ASKS = "needs an override"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the plant says of a tag now; `failure` is why it says nothing."""

    value: Any = None
    quality: str = ""
    failure: str = ""
    kind: ValueType | None = None
    units: str = ""
    security: str = ""
    bounds: tuple[Bound, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A tag, its facts, and the value that was asked for; `override` is the reason to write it all the same.

    `largest_step` is the share of the range, or where none is known of the present value, that needs none;
    infinite for the way back of a step that was allowed. `signers` is how many people sign.
    """

    tag: str
    facts: Facts
    asked: Any
    override: str = ""
    largest_step: float = 0.5
    signers: int = 0

    @property
    def is_signed(self) -> bool:
        """Whether its write takes a signature."""
        return self.facts.security in SIGNED

    @property
    def new(self) -> Any:
        """The value as it would be sent; as it was asked for where it cannot be."""
        try:
            return as_sent(self.asked, self.facts.kind)
        except ConfigurationError:
            return self.asked

    @property
    def change(self) -> float | None:
        """By how much it rises; None of what is not a number."""
        now, new = number(self.facts.value), number(self.new)
        return None if now is None or new is None else new - now

    @property
    def refusal(self) -> str:
        """Why it can certainly not be written; empty where it can."""
        facts = self.facts
        if facts.failure:
            return facts.failure
        if facts.security in NEVER_WRITTEN:
            return f"{facts.security}: the plant takes no value for it"
        people, wanted = SIGNED.get(facts.security, (0, ""))
        if self.signers < people:
            return f"{facts.security}: {wanted}"
        try:
            as_sent(self.asked, facts.kind)
        except ConfigurationError as error:
            return str(error)
        return ""

    def doubts(self) -> Iterator[str]:
        """Every reason for which it is written only where somebody gives a better one."""
        facts = self.facts
        if facts.quality != GOOD:
            yield f"its quality is {facts.quality or 'not known'} now"
        now_shape, new_shape = np.shape(facts.value), np.shape(self.new)
        if facts.kind is not None and facts.kind.is_array and now_shape != new_shape:
            yield f"{sized(new_shape)} instead of {sized(now_shape)}"
        for bound in facts.bounds:
            yield from (beyond(bound, one) for one in numbers(self.new) if bound.is_passed(one))
        yield from self._step()

    def _step(self) -> Iterator[str]:
        """What there is to say of how far it moves, of an array the first element that moves too far."""
        before, after = numbers(self.facts.value), numbers(self.new)
        if after and self.facts.value is None:
            yield "a step whose size is not known, as what it is now is not"
        # An array of another length is told as that.
        if len(before) != len(after) or math.isinf(self.largest_step):
            return
        span = span_of(self.facts.bounds)
        for now, new in zip(before, after, strict=True):
            of = abs(now) if span is None else span
            share = 0.0 if same(now, new) else abs(new - now) / of if of else math.nan
            if not share <= self.largest_step:  # nor without a size: from NaN, or from 0 and no range
                whole = "what it is" if span is None else "its range"
                why = (
                    "and no range that says how large that is" if span is None else "whose size is not known"
                )
                no_share = f"a step from {exact(now)} to {exact(new)}, {why}"
                yield no_share if math.isnan(share) else f"a step of {share:.0%} of {whole}"
                return

    @property
    def verdict(self) -> LineVerdict:
        """What is to become of it."""
        if self.refusal:
            return LineVerdict.REFUSED
        doubtful = next(self.doubts(), "")
        if not doubtful and not is_missing_time(self.new) and same(self.facts.value, self.new):
            return LineVerdict.SAME
        if not doubtful:
            return LineVerdict.WRITE
        return LineVerdict.OVERRIDDEN if self.override else LineVerdict.ASKS

    @property
    def reason(self) -> str:
        """Why, in words; empty where nothing speaks against it."""
        doubts = "; ".join(self.doubts()) if not self.refusal else self.refusal
        return f"{self.override} (though {doubts})" if self.verdict is LineVerdict.OVERRIDDEN else doubts


def beyond(bound: Bound, new: float) -> str:
    """That a value passes a bound."""
    return f"{exact(new)} is {'above' if bound.is_upper else 'below'} {bound}"


def sized(shape: tuple[int, ...]) -> str:
    """How many elements."""
    return f"{'x'.join(map(str, shape)) or 'no'} elements"


def number(value: Any) -> float | None:
    """A number; None for anything else, booleans too."""
    is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_)
    return float(value) if is_number else None


def numbers(value: Any) -> list[float]:
    """The numbers of a value, of an array the elements that are."""
    found = map(number, np.ravel(value).tolist() if np.ndim(value) else [value])
    return [one for one in found if one is not None]


def is_missing_time(value: Any) -> bool:
    """Whether a value is a "never", of which nobody can say which it is: year 1 and 1601 read alike."""
    return isinstance(value, np.datetime64) and bool(np.isnat(value))


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same, arrays and times too; NaN is the same as NaN."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        first, second = np.asarray(one), np.asarray(other)
        return first.shape == second.shape and all(map(same, first.ravel().tolist(), second.ravel().tolist()))
    if one is None or other is None:
        return one is other
    return bool(one == other) or (one != one and other != other)
