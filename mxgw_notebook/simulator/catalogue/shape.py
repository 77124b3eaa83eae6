"""The attributes that many objects share: one shape for all objects of a template that look alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mxgw_notebook.simulator.plant import Listing, Traits


@dataclass(frozen=True, slots=True)
class Span:
    """Between what a simulated number moves, and the text that a string begins with."""

    low: float = 0.0
    high: float = 100.0
    text: str = ""


class Shape:
    """Attributes in the galaxy's order. Objects hold a shape, never attributes: a million cost nothing."""

    __slots__ = ("_places", "bears_alarms", "bears_history", "listings", "spans")

    def __init__(self, listings: Sequence[Listing], spans: Sequence[Span]) -> None:
        self.listings = tuple(listings)
        self.spans = tuple(spans)
        self.bears_alarms = any(one.traits.is_alarm for one in listings)
        self.bears_history = any(one.traits.historized for one in listings)
        self._places = {one.name.lower(): place for place, one in enumerate(self.listings)}

    def place(self, name: str) -> int | None:
        """Where an attribute stands, without regard to case; None where there is none."""
        return self._places.get(name.lower())

    @property
    def alarms(self) -> list[Listing]:
        """The attributes that are alarms."""
        return [one for one in self.listings if one.traits.is_alarm]


# One for all that look alike: a Traits costs more than all that an object has of its own.
_TRAITS: dict[Traits, Traits] = {}


def shared(traits: Traits) -> Traits:
    """The one equal Traits that everybody uses."""
    return _TRAITS.setdefault(traits, traits)
