"""One object of the galaxy and the making of its attributes."""

from __future__ import annotations

from .attribute import Attribute, Journal, Traits, Value
from .codes import Category, Classification, DataType


class PlantObject:
    """An object with its place in the galaxy's tree. A parent of None stands for the galaxy's root."""

    def __init__(
        self,
        number: int,
        tag_name: str,
        template_chain: tuple[str, ...],
        journal: Journal,
        *,
        parent: PlantObject | None = None,
        contained_name: str = "",
        category: Category = Category.APPLICATION_OBJECT,
        host: PlantObject | None = None,
    ) -> None:
        self.number = number
        self.tag_name = tag_name
        self.template_chain = template_chain
        self.parent = parent
        self.contained_name = contained_name
        self.category = category
        self.host = host
        self.children: list[PlantObject] = []
        self.attributes: dict[str, Attribute] = {}
        self._journal = journal
        if parent is not None:
            parent.children.append(self)

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
