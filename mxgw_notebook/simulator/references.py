"""From what a client calls a tag to the attribute, or to one element of an array."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from mxgw_notebook.simulator import statuses
from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.plant import Attribute, Listing, Plant, Traits, Value
from mxgw_notebook.simulator.refusal import MxFailureError, invalid_reference

_ELEMENT = re.compile(r"(?P<name>.+)\[(?P<index>\d*)\]")


@dataclass(frozen=True, slots=True)
class Target:
    """An attribute, or the element at `index` (from 0) of an array."""

    attribute: Attribute
    index: int | None = None

    @property
    def traits(self) -> Traits:
        """What may be written to it."""
        traits = self.attribute.traits
        return traits if self.index is None else replace(traits, is_array=False)

    @property
    def value(self) -> Value:
        """The present value; an element that is gone reads as the last one."""
        whole = self.attribute.value
        factor = self.attribute.traits.factor
        if factor != 1.0 and isinstance(whole, float):
            return whole * factor
        if self.index is None or not isinstance(whole, list):
            return whole
        return whole[min(self.index, len(whole) - 1)] if whole else 0.0

    def write(self, value: Value, now: float, user: str) -> None:
        """Writes the attribute, or the element into a copy of the array."""
        whole = self.attribute.value
        if self.index is not None and isinstance(whole, list):
            value = [*whole[: self.index], value, *whole[self.index + 1 :]]
        self.attribute.write(value, now, user)


def resolve(plant: Plant, key: Key, tag: str, *, context: str = "", bare_arrays: bool = True) -> Target:
    """Finds a tag. A bare array name is the whole array, or an error where `bare_arrays` is false.

    Raises MxFailureError when the galaxy does not know it or the key may not see it.
    """
    name, brackets, index = _parts(tag.strip())
    attribute = plant.attribute(f"{context}.{name}") if context else None
    # Where the context has no such attribute, the name may be that of a whole tag.
    attribute = attribute or plant.attribute(name)
    if attribute is None or not allowed(plant, key, attribute):
        raise invalid_reference(tag)
    if brackets != attribute.traits.is_array and (brackets or not bare_arrays):
        detail = statuses.BARE_ARRAY_NAME if attribute.traits.is_array else statuses.INVALID_REFERENCE
        text = f"{tag}: {statuses.TEXTS[detail]}"
        raise MxFailureError(text, statuses.configuration_error(detail))
    if index is None:
        return Target(attribute)
    if not isinstance(attribute.value, list) or not 1 <= index <= len(attribute.value):
        raise invalid_reference(tag)
    return Target(attribute, index - 1)


def allowed(plant: Plant, key: Key, attribute: Attribute) -> bool:
    """Whether a key may touch an attribute; a narrow one never that of an undeployed object."""
    if not key.narrowed:
        return True
    owner = plant.object(attribute.owner)
    return owner is not None and key.allows(owner, Listing(attribute.name, attribute.traits))


def _parts(tag: str) -> tuple[str, bool, int | None]:
    """Name, whether there are brackets, and the 1-based index between them."""
    found = _ELEMENT.fullmatch(tag)
    if found is None:
        return tag, False, None
    return found["name"], True, int(found["index"]) if found["index"] else None
