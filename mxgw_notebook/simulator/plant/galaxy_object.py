"""What every object of the galaxy is, whether physics moves it or it is a row of a catalogue."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from mxgw_notebook.simulator.plant.attribute import Traits
from mxgw_notebook.simulator.plant.codes import Category


@dataclass(frozen=True, slots=True)
class Listing:
    """An attribute as browse shows it. `dimension` is an array's length."""

    name: str
    traits: Traits
    dimension: int = 0


class Place(TypedDict, total=False):
    """Where an object stands, as `GalaxyObject` takes it: what is left out is as that has it."""

    parent: GalaxyObject | None
    contained_name: str
    category: Category
    host: GalaxyObject | None


class GalaxyObject(ABC):
    """An object with its place in the galaxy's tree. A parent of None stands for the galaxy's root."""

    __slots__ = (
        "category",
        "children",
        "contained_name",
        "host",
        "number",
        "parent",
        "tag_name",
        "template_chain",
    )

    def __init__(
        self,
        number: int,
        tag_name: str,
        template_chain: tuple[str, ...],
        *,
        parent: GalaxyObject | None = None,
        contained_name: str = "",
        category: Category = Category.APPLICATION_OBJECT,
        host: GalaxyObject | None = None,
    ) -> None:
        self.number = number
        self.tag_name = tag_name
        self.template_chain = template_chain
        self.parent = parent
        self.contained_name = contained_name
        self.category = category
        self.host = host
        self.children: Sequence[GalaxyObject] = ()  # most objects have none: a list only where there are any
        if parent is not None:
            parent.adopt(self)

    def adopt(self, child: GalaxyObject) -> None:
        """Takes another child."""
        if isinstance(self.children, list):
            self.children.append(child)
        else:
            self.children = [child]

    def disown(self, child: GalaxyObject) -> None:
        """Lets a child go."""
        self.children = [one for one in self.children if one is not child]

    @property
    def browse_name(self) -> str:
        """The contained name where there is one, else the tag name."""
        return self.contained_name or self.tag_name

    @property
    def path(self) -> str:
        """Browse names from the root, with slashes between them."""
        return self.browse_name if self.parent is None else f"{self.parent.path}/{self.browse_name}"

    @property
    def area(self) -> str:
        """The nearest area's tag name; the galaxy's own where there is none."""
        if self.category is Category.AREA:
            return self.tag_name
        return self.parent.area if self.parent is not None else "Galaxy"

    @abstractmethod
    def listings(self) -> Iterable[Listing]:
        """The attributes that browse shows, in order."""

    @property
    def bears_alarms(self) -> bool:
        """Whether at least one attribute is an alarm."""
        return any(one.traits.is_alarm for one in self.listings())

    @property
    def bears_history(self) -> bool:
        """Whether at least one attribute is historized."""
        return any(one.traits.historized for one in self.listings())
