"""One object of the galaxy and the making of its attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Unpack

from mxgw_notebook.simulator.plant.attribute import Attribute, Journal, Traits, Value
from mxgw_notebook.simulator.plant.codes import Classification, DataType
from mxgw_notebook.simulator.plant.galaxy_object import GalaxyObject, Listing, Place


class PlantObject(GalaxyObject):
    """An object whose attributes are made one by one and moved by the plant."""

    __slots__ = ("_journal", "attributes")

    def __init__(
        self,
        number: int,
        tag_name: str,
        template_chain: tuple[str, ...],
        journal: Journal,
        **place: Unpack[Place],
    ) -> None:
        super().__init__(number, tag_name, template_chain, **place)
        self.attributes: dict[str, Attribute] = {}
        self._journal = journal

    def listings(self) -> Iterator[Listing]:
        """The attributes that browse shows, in the order of their making."""
        for attribute in self.attributes.values():
            if attribute.traits.listed:
                value = attribute.value
                dimension = len(value) if isinstance(value, list) else 0
                yield Listing(attribute.name, attribute.traits, dimension)

    def add(self, name: str, value: Value, traits: Traits) -> Attribute:
        """Makes an attribute."""
        attribute = Attribute(self.tag_name, name, value, traits, self._journal)
        self.attributes[name] = attribute
        return attribute

    def analog(
        self,
        name: str,
        value: float,
        unit: str,
        description: str = "",
        *,
        deadband: float = 0.0,
        digits: int = 3,
        data_type: DataType = DataType.DOUBLE,
        classification: Classification = Classification.VIEW_ONLY,
        historized: bool = False,
    ) -> Attribute:
        """A number with engineering units and, where given, a description."""
        traits = Traits(data_type, classification, historized=historized, digits=digits, deadband=deadband)
        attribute = self.add(name, round(float(value), digits), traits)
        self.text(f"{name}.EngUnits", unit)
        if description:
            self.text(f"{name}.Description", description)
        return attribute

    def text(
        self, name: str, value: str, classification: Classification = Classification.CONFIGURE
    ) -> Attribute:
        """A string."""
        return self.add(name, value, Traits(DataType.STRING, classification))

    def switch(
        self,
        name: str,
        value: bool,
        classification: Classification = Classification.VIEW_ONLY,
        *,
        historized: bool = False,
    ) -> Attribute:
        """A boolean."""
        return self.add(name, value, Traits(DataType.BOOLEAN, classification, historized=historized))

    def count(
        self, name: str, value: int, classification: Classification = Classification.VIEW_ONLY
    ) -> Attribute:
        """An integer."""
        return self.add(name, value, Traits(DataType.INTEGER, classification))

    def moment(self, name: str, value: float) -> Attribute:
        """A point in time, in seconds since the epoch."""
        return self.add(name, float(value), Traits(DataType.TIME))

    def choice(
        self,
        name: str,
        value: str,
        names: tuple[str, ...],
        classification: Classification = Classification.OPERATE,
    ) -> Attribute:
        """An enumeration; its value is the member's name."""
        attribute = self.add(name, value, Traits(DataType.QUALIFIED_ENUM, classification, names=names))
        self.array(f"{name}.EnumValues", list(names), DataType.STRING)
        return attribute

    def array(
        self,
        name: str,
        value: list[float] | list[int] | list[str] | list[bool],
        data_type: DataType,
        classification: Classification = Classification.VIEW_ONLY,
    ) -> Attribute:
        """An array of one type."""
        return self.add(name, value, Traits(data_type, classification, is_array=True))
