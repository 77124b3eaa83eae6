"""The galaxy as browse shows it: objects and attributes as they travel, made again after each deploy."""

from __future__ import annotations

from mxgw_notebook._generated import galaxy_repository_pb2 as wire

from . import values
from .keys import Key
from .mailbox import Mailbox
from .plant.attribute import Attribute
from .plant.codes import CATEGORY_CALCULATED, CATEGORY_WRITEABLE, DATA_TYPE_NAMES, Category, Classification
from .plant.layout import Site
from .plant.plant_object import PlantObject


def attribute_message(attribute: Attribute) -> wire.GalaxyAttribute:
    """An attribute as it travels."""
    traits, value = attribute.traits, attribute.value
    read_only = traits.classification is Classification.VIEW_ONLY
    return wire.GalaxyAttribute(
        attribute_name=attribute.name,
        full_tag_reference=f"{attribute.reference}[]" if traits.is_array else attribute.reference,
        mx_data_type=int(traits.data_type),
        data_type_name=DATA_TYPE_NAMES[traits.data_type],
        is_array=traits.is_array,
        array_dimension=len(value) if isinstance(value, list) else 0,
        array_dimension_present=traits.is_array,
        mx_attribute_category=CATEGORY_CALCULATED if read_only else CATEGORY_WRITEABLE,
        security_classification=int(traits.classification),
        is_historized=traits.historized,
        is_alarm=traits.is_alarm,
    )


def object_message(item: PlantObject) -> wire.GalaxyObject:
    """An object without its attributes."""
    return wire.GalaxyObject(
        gobject_id=item.number,
        tag_name=item.tag_name,
        contained_name=item.contained_name,
        browse_name=item.browse_name,
        parent_gobject_id=item.parent.number if item.parent is not None else 0,
        is_area=item.category is Category.AREA,
        category_id=int(item.category),
        hosted_by_gobject_id=item.host.number if item.host is not None else 0,
        template_chain=item.template_chain,
    )


class Galaxy:
    """The deployed objects. `sequence` is the cache's: it grows by one with each deploy."""

    def __init__(self, site: Site, most_events: int) -> None:
        self.plant = site.plant
        self.attribute_count = 0
        self._deploys = site.deploys
        self._most_events = most_events
        self._messages: dict[tuple[int, bool], wire.GalaxyObject] = {}
        self._watchers: set[Mailbox[wire.DeployEvent]] = set()
        self._load()
        site.deploys.listeners.append(self._deployed)

    @property
    def sequence(self) -> int:
        """The number of the present deploy."""
        return self._deploys.sequence

    @property
    def last_deploy(self) -> float:
        """When it was, in seconds since the epoch."""
        return self._deploys.time

    def roots(self) -> list[PlantObject]:
        """The objects directly under the galaxy."""
        return [item for item in self.plant.objects.values() if item.parent is None]

    def by_number(self, number: int) -> PlantObject | None:
        """The object of a gobject id."""
        return next((item for item in self.plant.objects.values() if item.number == number), None)

    def by_tag(self, tag_name: str) -> PlantObject | None:
        """The object of a tag name, without regard to case."""
        wanted = tag_name.lower()
        return next((i for i in self.plant.objects.values() if i.tag_name.lower() == wanted), None)

    def by_path(self, path: str) -> PlantObject | None:
        """The object of a path of browse names with slashes between them, without regard to case."""
        wanted = path.strip("/").lower()
        return next((i for i in self.plant.objects.values() if i.path.lower() == wanted), None)

    def message(self, item: PlantObject, key: Key, with_attributes: bool) -> wire.GalaxyObject:
        """An object as it travels, with the attributes that the key may see."""
        if key.narrowed and with_attributes:
            return self._make(item, [a for a in item.attributes.values() if key.allows(item, a)])
        cached = self._messages.get((item.number, with_attributes))
        if cached is None:
            cached = self._make(item, list(item.attributes.values()) if with_attributes else [])
            self._messages[(item.number, with_attributes)] = cached
        return cached

    @staticmethod
    def _make(item: PlantObject, attributes: list[Attribute]) -> wire.GalaxyObject:
        made = object_message(item)
        made.attributes.extend(attribute_message(one) for one in attributes if one.traits.listed)
        return made

    def event(self) -> wire.DeployEvent:
        """The present state as a deploy event."""
        return wire.DeployEvent(
            sequence=self.sequence,
            observed_at=values.timestamp(self.plant.now),
            time_of_last_deploy=values.timestamp(self.last_deploy),
            time_of_last_deploy_present=True,
            object_count=len(self.plant.objects),
            attribute_count=self.attribute_count,
        )

    def watch(self) -> Mailbox[wire.DeployEvent]:
        """A mailbox that gets one event a deploy; a reader that is too slow misses some."""
        mailbox: Mailbox[wire.DeployEvent] = Mailbox(self._most_events)
        self._watchers.add(mailbox)
        return mailbox

    def unwatch(self, mailbox: Mailbox[wire.DeployEvent]) -> None:
        """Sends nothing more to a mailbox."""
        self._watchers.discard(mailbox)

    def close(self) -> None:
        """Lets every watcher go."""
        for mailbox in self._watchers:
            mailbox.close()

    def _load(self) -> None:
        self._messages.clear()
        self.attribute_count = sum(
            attribute.traits.listed
            for item in self.plant.objects.values()
            for attribute in item.attributes.values()
        )

    def _deployed(self) -> None:
        self._load()
        event = self.event()
        for mailbox in self._watchers:
            mailbox.put(event)
