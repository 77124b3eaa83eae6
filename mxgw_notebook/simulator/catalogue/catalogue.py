"""A galaxy of rows: objects with shared shapes, whose attributes exist only while somebody uses them."""

from __future__ import annotations

from typing import Unpack
from weakref import WeakValueDictionary

from mxgw_notebook.simulator.catalogue.shape import Shape, Span
from mxgw_notebook.simulator.catalogue.signal import phase, signal
from mxgw_notebook.simulator.plant import Attribute, GalaxyObject, Journal, Listing, Place, Value


class CatalogueObject(GalaxyObject):
    """An object that owns nothing but its place and its names."""

    __slots__ = ("shape",)

    def __init__(
        self,
        number: int,
        tag_name: str,
        template_chain: tuple[str, ...],
        shape: Shape,
        **place: Unpack[Place],
    ) -> None:
        super().__init__(number, tag_name, template_chain, **place)
        self.shape = shape

    def listings(self) -> tuple[Listing, ...]:
        """The shape's attributes."""
        return self.shape.listings

    @property
    def bears_alarms(self) -> bool:
        """Whether at least one attribute is an alarm."""
        return self.shape.bears_alarms

    @property
    def bears_history(self) -> bool:
        """Whether at least one attribute is historized."""
        return self.shape.bears_history


class CatalogueAttribute(Attribute):
    """An attribute in use. Its value follows from the moment until somebody writes it."""

    __slots__ = ("_catalogue", "dimension", "own", "span")

    def __init__(
        self, catalogue: Catalogue, owner: CatalogueObject, listing: Listing, span: Span, now: float
    ) -> None:
        self.own = phase(catalogue.seed, f"{owner.tag_name}.{listing.name}")
        self.span = span
        self.dimension = listing.dimension
        self._catalogue = catalogue
        value = signal(self.own, listing.traits, span, self.dimension, now)
        super().__init__(owner.tag_name, listing.name, value, listing.traits, catalogue.journal)
        self.time = now

    def watch(self) -> None:
        """One more session advised it; the first makes it move."""
        super().watch()
        if self.watchers == 1:
            self._catalogue.moving[self] = None
            self._catalogue.has_changed = True

    def unwatch(self) -> None:
        """One session less advises it; after the last it stands."""
        super().unwatch()
        if not self.watchers:
            self._catalogue.moving.pop(self, None)
            self._catalogue.has_changed = True

    def move(self, now: float) -> None:
        """Takes the value of the moment, which counts as a change also where it is the same."""
        if self.written == float("-inf"):
            self.put(signal(self.own, self.traits, self.span, self.dimension, now), now)
        else:
            self.put(self.value, now)

    def write(self, value: Value, now: float, user: str) -> None:
        """A write from outside; what was written is kept, also when nobody watches any more."""
        super().write(value, now, user)
        self._catalogue.written[self.reference.lower()] = self


class Catalogue:
    """The rows, and the attributes in use. `moving` are those that somebody advised, in that order."""

    def __init__(self, seed: int, journal: Journal) -> None:
        self.seed = seed
        self.journal = journal
        self.objects: list[CatalogueObject] = []
        self.moving: dict[CatalogueAttribute, None] = {}
        self.has_changed = False  # whether others move than when somebody last looked
        self.written: dict[str, CatalogueAttribute] = {}
        self._by_tag: dict[str, CatalogueObject] = {}
        self._in_use: WeakValueDictionary[str, CatalogueAttribute] = WeakValueDictionary()

    def add(self, item: CatalogueObject) -> CatalogueObject:
        """Takes an object. Raises ValueError for a tag name that is taken."""
        if self._by_tag.setdefault(item.tag_name.lower(), item) is not item:
            raise ValueError(f"There is an object {item.tag_name} already.")
        self.objects.append(item)
        return item

    def by_tag(self, tag_name: str) -> CatalogueObject | None:
        """The object of a tag name, without regard to case."""
        return self._by_tag.get(tag_name.lower())

    def attribute(self, reference: str, now: float) -> CatalogueAttribute | None:
        """The attribute of a tag, without regard to case; None where there is none."""
        key = reference.lower()
        found = self._in_use.get(key)
        if found is None and (found := self._make(reference, now)) is not None:
            self._in_use[key] = found
        return found

    def _make(self, reference: str, now: float) -> CatalogueAttribute | None:
        tag_name, _, name = reference.partition(".")
        owner = self.by_tag(tag_name)
        place = owner.shape.place(name) if owner is not None else None
        if owner is None or place is None:
            return None
        return CatalogueAttribute(self, owner, owner.shape.listings[place], owner.shape.spans[place], now)

    @property
    def attribute_count(self) -> int:
        """Of all objects together."""
        return sum(len(item.shape.listings) for item in self.objects)
