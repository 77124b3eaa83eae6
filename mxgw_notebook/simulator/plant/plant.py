"""The plant: its objects, its clock tick and what it steps at each."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Protocol

from mxgw_notebook.simulator.plant.alarm import Alarm, AlarmTexts
from mxgw_notebook.simulator.plant.alarm_board import AlarmBoard
from mxgw_notebook.simulator.plant.attribute import Attribute, Journal
from mxgw_notebook.simulator.plant.codes import CHAINS, Category, Quality
from mxgw_notebook.simulator.plant.galaxy_object import GalaxyObject
from mxgw_notebook.simulator.plant.plant_object import PlantObject
from mxgw_notebook.simulator.plant.shelf import SELDOM

TICK = 0.2
_WHEEL = 50  # ticks; every period divides it


class Equipment(Protocol):
    """Whatever moves with time."""

    def step(self, seconds: float, now: float) -> None:
        """Moves on by so many seconds, to the plant time `now`."""


class FurtherObjects(Protocol):
    """Objects that no physics moves."""

    @property
    def objects(self) -> Sequence[GalaxyObject]:
        """All of them, each after its parent."""

    @property
    def attribute_count(self) -> int:
        """Of all objects together."""

    def by_tag(self, tag_name: str) -> GalaxyObject | None:
        """The object of a tag name; None where there is none."""

    def attribute(self, reference: str, now: float) -> Attribute | None:
        """The attribute of a tag; None where there is none."""


class Plant:
    """All objects and their physics. Time moves only by `step`, a tick of 0.2 s of plant time each."""

    def __init__(self, seed: int, start: float) -> None:
        self.seed = seed
        self.start = start
        self.ticks = 0
        self.journal = Journal()
        self.board = AlarmBoard()
        self.objects: dict[str, PlantObject] = {}
        self.equipment: list[Equipment] = []
        self.catalogue: FurtherObjects | None = None  # further objects that no physics moves
        self.host: PlantObject | None = None  # the engine that hosts what is made next
        self._index: dict[str, Attribute] = {}
        self._wheel: list[list[tuple[Equipment, float]]] = [[] for _ in range(_WHEEL)]
        self._scheduled = 0
        self._numbers = 100

    @property
    def now(self) -> float:
        """Plant time, in seconds since the epoch."""
        return self.start + self.ticks * TICK

    def dice(self, name: str) -> random.Random:
        """A source of chance for one piece of equipment, the same for the same seed."""
        # One each: what one draws changes no other's course, whatever is built or left out beside it.
        return random.Random(f"{self.seed}/{name}")

    def make(
        self,
        tag_name: str,
        template: str,
        parent: PlantObject | None,
        *,
        contained_name: str = "",
        category: Category = Category.APPLICATION_OBJECT,
        description: str = "",
    ) -> PlantObject:
        """Makes an object hosted by the present engine. Raises ValueError for a tag name that is taken."""
        if tag_name in self.objects:
            raise ValueError(f"There is an object {tag_name} already.")
        self._numbers += 1
        made = PlantObject(
            self._numbers,
            tag_name,
            CHAINS[template],
            self.journal,
            parent=parent,
            contained_name=contained_name,
            category=category,
            host=self.host,
        )
        if description:
            made.text("Description", description)
        self.objects[tag_name] = made
        return made

    def remove(self, tag_name: str) -> None:
        """Takes an object without children out of the galaxy."""
        gone = self.objects.pop(tag_name)
        if gone.parent is not None:
            gone.parent.disown(gone)
        for attribute in gone.attributes.values():
            self.forget(attribute)
            attribute.judge(Quality.NOT_CONNECTED, self.now)

    def forget(self, attribute: Attribute) -> None:
        """Its tag is none any more."""
        self._index.pop(attribute.reference.lower(), None)

    def alarm(
        self,
        owner: PlantObject,
        source: Attribute,
        texts: AlarmTexts,
        *,
        limit: float | None = None,
        high: bool = True,
        deadband: float = 0.0,
        delay: float = 2.0,
    ) -> Alarm:
        """Makes an alarm and takes it onto the board."""
        alarm = Alarm(owner, source, texts, limit=limit, high=high, deadband=deadband, delay=delay)
        return self.board.add(alarm)

    def schedule(self, equipment: Equipment, period: float) -> None:
        """Steps equipment every so many seconds: 0.2, 0.4, 1, 2, 5 or 10."""
        ticks = round(period / TICK)
        if ticks < 1 or _WHEEL % ticks:
            raise ValueError(f"A period of {period} s does not divide {_WHEEL * TICK} s.")
        self._scheduled += 1
        self.equipment.append(equipment)
        for slot in range(self._scheduled % ticks, _WHEEL, ticks):
            self._wheel[slot].append((equipment, period))

    def complete(self) -> None:
        """Gives every attribute without a time the present one, and makes every tag findable."""
        now = self.now
        for item in self.objects.values():
            for attribute in item.attributes.values():
                attribute.time = attribute.time or now
                self._index[attribute.reference.lower()] = attribute

    def attribute(self, reference: str) -> Attribute | None:
        """The attribute of a tag, without regard to case; None where there is none."""
        found = self._index.get(reference.lower()) or self._seldom_used(reference)
        if found is None and self.catalogue is not None:
            return self.catalogue.attribute(reference, self.now)
        return found

    def object(self, tag_name: str) -> GalaxyObject | None:
        """The object of a tag name, exactly so spelled; None where there is none."""
        found = self.objects.get(tag_name)
        return found if found is not None or self.catalogue is None else self.catalogue.by_tag(tag_name)

    def everything(self) -> Iterator[GalaxyObject]:
        """All objects of the galaxy, each after its parent."""
        yield from self.objects.values()
        if self.catalogue is not None:
            yield from self.catalogue.objects

    def _seldom_used(self, reference: str) -> Attribute | None:
        """One of the many sub-attributes of an alarm that hardly anybody asks for."""
        source, _, name = reference.rpartition(".")
        known = self._index.get(f"{source}.inalarm".lower())
        if known is None or name.lower() not in {one.lower() for one in SELDOM}:
            return None
        alarm = self.board.find(known.reference.removesuffix(".InAlarm"))
        if isinstance(alarm, Alarm) and alarm.shelf is None:
            for made in alarm.make_shelf(self.objects[known.owner]).attributes.values():
                made.time = known.time
                self._index[made.reference.lower()] = made
        return self._index.get(reference.lower())

    def skip(self, seconds: float) -> None:
        """Leaves a gap: time goes on, the equipment stands as it was."""
        self.start += seconds

    def step(self) -> None:
        """Moves on by one tick."""
        self.ticks += 1
        now = self.now
        # A wheel of slots, so that a tick costs as much as is due, not as much as stands.
        for equipment, seconds in self._wheel[self.ticks % _WHEEL]:
            equipment.step(seconds, now)
