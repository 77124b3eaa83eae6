"""Deploys that break something, as an engineer's slip does: to learn by, and to try what tells of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from mxgw_notebook.simulator.plant.attribute import Attribute
from mxgw_notebook.simulator.plant.codes import Quality
from mxgw_notebook.simulator.plant.plant import Plant
from mxgw_notebook.simulator.plant.plant_object import PlantObject

LIMIT, FACTOR = ".Limit", 1000.0
BROKEN: Final = "Tank001.Level"  # what breaks where no other tag is named


def break_tag(plant: Plant, kind: str, tag: str) -> None:
    """Breaks a tag of the plant; its object is one of another template since. The deploy is yet to be told.

    Raises ValueError for a kind, or a tag, with which it cannot be done.
    """
    if kind not in BREAKS:
        raise ValueError(f"No deploy breaks {kind!r}. There are: {', '.join(BREAKS)}.")
    owner, _, name = tag.partition(".")
    made = plant.objects.get(owner)
    attribute = made.attributes.get(name) if made is not None else None
    if made is None or attribute is None:
        raise ValueError(f"The simulated plant has no tag {tag!r}.")
    BREAKS[kind](plant, made, attribute)
    # A limit alone is in no galaxy; such slips come with a template that somebody has changed.
    made.template_chain = (f"{made.template_chain[0]}_Changed", *made.template_chain)


def put_limit_off(plant: Plant, made: PlantObject, attribute: Attribute) -> None:
    """The first limit of an alarm of the tag is a tenth."""
    limits = [one for name, one in made.attributes.items()
              if name.startswith(f"{attribute.name}.") and name.endswith(LIMIT)]  # fmt: skip
    if not limits:
        raise ValueError(f"{attribute.reference} has no alarm with a limit.")
    # High ones before low ones: a tenth of these is passed at once.
    limit = min(limits, key=lambda one: not one.name.endswith(f".Hi{LIMIT}"))
    limit.put(limit.number / 10, plant.now)


def stop_scan(plant: Plant, made: PlantObject, attribute: Attribute) -> None:
    """What is measured comes no more; the last value stands, and its quality says nothing of it."""
    del plant, made
    check_measured(attribute)
    attribute.traits = replace(attribute.traits, deadband=math.inf)


def rename(plant: Plant, made: PlantObject, attribute: Attribute) -> None:
    """The attribute has another name: whoever asks for the old one, or advised it, finds it disconnected."""
    plant.forget(attribute)
    del made.attributes[attribute.name]
    made.add(f"{attribute.name}_New", attribute.value, attribute.traits)
    plant.complete()
    attribute.judge(Quality.NOT_CONNECTED, plant.now)


def scale_wrongly(plant: Plant, made: PlantObject, attribute: Attribute) -> None:
    """What is told of it is a thousand times as much, in units that are called as before."""
    del made
    check_measured(attribute)
    attribute.traits = replace(attribute.traits, factor=FACTOR)
    attribute.put(attribute.value, plant.now)


def check_measured(attribute: Attribute) -> None:
    """Raises ValueError for what is no measured number."""
    if type(attribute.value) is not float:
        raise ValueError(f"{attribute.reference} is no measured number.")


BREAKS: Final[dict[str, Callable[[Plant, PlantObject, Attribute], None]]] = {
    "limit": put_limit_off,
    "scan": stop_scan,
    "rename": rename,
    "units": scale_wrongly,
}
