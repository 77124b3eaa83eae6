"""A plant that is a tape's: its tags read what was recorded, everything else is not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mxgw_notebook.simulator.catalogue import FIRST_NUMBER, Catalogue, CatalogueObject, Shape, read_plant_file
from mxgw_notebook.simulator.plant import (
    Attribute,
    BareSite,
    Classification,
    DataType,
    Listing,
    Plant,
    Quality,
    Stamp,
    Traits,
    Value,
    bare,
)
from mxgw_notebook.simulator.tape.alarms import TapeAlarms
from mxgw_notebook.simulator.tape.deck import Deck
from mxgw_notebook.simulator.tape.tape import Tape, traits_of

# So many at once; a quarter of a session's queue, which then has time to be read.
_AT_ONCE = 2_000
_UNKNOWN = Traits(DataType.NO_DATA)
NANOSECONDS = 1_000_000_000


class TapeCatalogue(Catalogue):
    """The galaxy of a tape. `known` are the attributes of which it tells anything, by their lower case."""

    def __init__(self, seed: int, plant: Plant) -> None:
        super().__init__(seed, plant.journal)
        self.known: dict[str, Attribute] = {}

    def tell(self, tag: str, value: Value | None, traits: Traits, quality: int, moment: float) -> Attribute:
        """An attribute that the tape knows."""
        owner, _, name = tag.removesuffix("[]").partition(".")
        made = Attribute(owner, name, value, self.traits(owner, name) or traits, self.journal)
        made.quality, made.time = quality, moment
        self.known[made.reference.lower()] = made
        return made

    def traits(self, owner: str, name: str) -> Traits | None:
        """What the galaxy says of an attribute."""
        found = self.by_tag(owner)
        place = found.shape.place(name) if found is not None else None
        return None if found is None or place is None else found.shape.listings[place].traits

    def attribute(self, reference: str, now: float) -> Attribute | None:  # type: ignore[override]
        """The attribute of a tag; one that was not recorded is there, and reads nothing."""
        if (known := self.known.get(reference.lower())) is not None:
            return known
        owner, _, name = reference.partition(".")
        traits = self.traits(owner, name)
        if traits is None:
            return None
        return self.tell(reference, None, traits, Quality.NOT_CONNECTED, now)


@dataclass(frozen=True)
class TapeSite(BareSite):
    """A plant whose values and alarms come from a tape, at its deck's time."""

    player: Player


class Player:
    """Brings a plant to its deck's time, and tells what was recorded on the way."""

    def __init__(self, tape: Tape, plant: Plant, catalogue: TapeCatalogue, alarms: TapeAlarms, deck: Deck):
        self.deck = deck
        self._tape, self._plant, self._alarms = tape, plant, alarms
        self._attributes = [
            catalogue.tell(tag, None, _UNKNOWN, Quality.WAITING, Stamp(0)) for tag in tape.tags
        ]
        self._row = 0
        self._show_last(tape.due(tape.begin_ns))
        alarms.seek(tape.begin_ns)

    def status(self) -> dict[str, Any]:
        """Where it is (seconds since the epoch), how fast, and whether all of it was told."""
        deck = self.deck
        is_over = self._row >= len(self._tape) and self._plant.now >= deck.end
        return {
            "begin": deck.begin, "end": deck.end, "at": self._plant.now, "speed": deck.speed,
            "playing": deck.playing and not is_over, "over": is_over,
        }  # fmt: skip

    def play(self, publish: Callable[[], None]) -> bool:
        """Tells what is due, at most so much at once. True where all of it was."""
        now, now_ns = self._now()
        due = self._tape.due(now_ns)
        end = min(due, self._row + _AT_ONCE)
        noted: set[Attribute] = set()
        for row in range(self._row, end):
            attribute = self._attributes[self._tape.codes[row]]
            if attribute in noted:  # what is published is the present value: one of each at a time
                self._publish(row - 1, publish)
                noted.clear()
            self._show(row)
            noted.add(attribute)
        self._row = end
        self._plant.skip((now if end == due else float(self._tape.stamp(end))) - self._plant.now)
        publish()
        if end == due:
            self._alarms.play(now_ns)
        return end == due

    def _now(self) -> tuple[float, int]:
        """The deck's time, and in nanoseconds; of the very end nothing may be left out by rounding."""
        now = self.deck.now()
        return now, self._tape.end_ns if now >= self.deck.end else int(now * NANOSECONDS)

    def seek(self, moment: float, publish: Callable[[], None]) -> None:
        """Goes to a time, in either direction: every tag reads what it read then."""
        self.deck.seek(moment)
        self._plant.skip(self.deck.now() - self._plant.now)
        _, now_ns = self._now()
        self._show_last(self._tape.due(now_ns))
        publish()
        self._alarms.seek(now_ns)

    def _publish(self, row: int, publish: Callable[[], None]) -> None:
        self._plant.skip(max(0.0, float(self._tape.stamp(row)) - self._plant.now))
        publish()

    def _show_last(self, end: int) -> None:
        """Every tag reads its last of the first so many samples; one without any, nothing."""
        self._row = end
        codes, places = np.unique(self._tape.codes[:end][::-1], return_index=True)
        shown = set(codes.tolist())
        for place in sorted(places.tolist(), reverse=True):
            self._show(end - 1 - place)
        for code, attribute in enumerate(self._attributes):
            if code not in shown and attribute.quality != Quality.WAITING:
                attribute.quality = int(Quality.WAITING)
                attribute.put(None, Stamp(0))

    def _show(self, row: int) -> None:
        told = self._tape.told(row)
        attribute = self._attributes[self._tape.codes[row]]
        attribute.traits = traits_of(told, attribute.traits)
        attribute.quality = int(self._tape.quality[row])
        attribute.put(told[0], self._tape.stamp(row))


def tape_site(folder: str, deck: Deck) -> TapeSite:
    """What a tape tells of a plant, as it was when the tape begins. Raises ValueError."""
    place = Path(folder)
    tape = Tape(place)
    site = bare(0, deck.now())
    plant = site.plant
    plant.catalogue = catalogue = TapeCatalogue(0, plant)
    if (place / "plant.parquet").exists():
        read_plant_file(str(place / "plant.parquet"), catalogue)
    _add_unlisted(tape, catalogue)
    for tag, facts in tape.facts.items():
        for name, value in facts.items():
            kind = DataType.STRING if isinstance(value, str) else DataType.DOUBLE
            catalogue.tell(f"{tag}.{name}", value, Traits(kind), Quality.GOOD, deck.now())
    owner = catalogue.objects[0] if catalogue.objects else _object(catalogue, "Plant", [])
    alarms = TapeAlarms(tape.alarms, plant.board, owner)
    return TapeSite(plant, site.deploys, Player(tape, plant, catalogue, alarms, deck))


def _add_unlisted(tape: Tape, catalogue: TapeCatalogue) -> None:
    """Objects of tags that the galaxy does not list: it was not recorded, or is another by now."""
    names: dict[str, list[str]] = {}
    for tag in tape.tags:
        owner, _, name = tag.removesuffix("[]").partition(".")
        names.setdefault(owner, []).append(name)
    for owner, attributes in names.items():
        if catalogue.by_tag(owner) is None:
            _object(catalogue, owner, attributes)


def _object(catalogue: TapeCatalogue, tag_name: str, attributes: list[str]) -> CatalogueObject:
    traits = Traits(DataType.DOUBLE, Classification.VIEW_ONLY)
    shape = Shape([Listing(name, traits) for name in attributes], [])
    number = FIRST_NUMBER + len(catalogue.objects)
    return catalogue.add(CatalogueObject(number, tag_name, (), shape))
