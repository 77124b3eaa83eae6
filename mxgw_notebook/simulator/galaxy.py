"""The galaxy as browse shows it: objects and attributes as they travel, each serialised once."""

from __future__ import annotations

from collections.abc import Iterable

from google.protobuf.message import Message

from mxgw_notebook._generated import galaxy_repository_pb2 as wire
from mxgw_notebook.simulator import values
from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.mailbox import Mailbox
from mxgw_notebook.simulator.plant import (
    CATEGORY_CALCULATED,
    CATEGORY_WRITEABLE,
    DATA_TYPE_NAMES,
    BareSite,
    Category,
    Classification,
    GalaxyObject,
    Listing,
)


def attribute_message(tag_name: str, one: Listing) -> wire.GalaxyAttribute:
    """An attribute as it travels."""
    traits = one.traits
    read_only = traits.classification is Classification.VIEW_ONLY
    return wire.GalaxyAttribute(
        attribute_name=one.name,
        full_tag_reference=f"{tag_name}.{one.name}{'[]' if traits.is_array else ''}",
        mx_data_type=int(traits.data_type),
        data_type_name=DATA_TYPE_NAMES[traits.data_type],
        is_array=traits.is_array,
        array_dimension=one.dimension,
        array_dimension_present=traits.is_array,
        mx_attribute_category=CATEGORY_CALCULATED if read_only else CATEGORY_WRITEABLE,
        security_classification=int(traits.classification),
        is_historized=traits.historized,
        is_alarm=traits.is_alarm,
    )


def object_message(item: GalaxyObject, attributes: Iterable[Listing]) -> wire.GalaxyObject:
    """An object with some of its attributes."""
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
        attributes=[attribute_message(item.tag_name, one) for one in attributes],
    )


class Frames:
    """Objects as parts of a reply: the bytes that a reply with nothing but this object has, kept for good.

    Replies are their frames one after the other, which is what protobuf makes of a repeated field.
    """

    def __init__(self, kind: type[Message], field: str) -> None:
        self._kind, self._field = kind, field
        self._kept: dict[tuple[int, bool], bytes] = {}

    def frame(self, item: GalaxyObject, key: Key, full: bool) -> bytes:
        """An object, with the attributes that the key may see where `full`."""
        # Such a key sees attributes of its own; what is kept is as everybody else sees it.
        if key.narrowed and full:
            return self._make(item, key.shown(item))
        kept = self._kept.get((item.number, full))
        if kept is None:
            kept = self._kept[(item.number, full)] = self._make(item, item.listings() if full else ())
        return kept

    def forget(self, numbers: Iterable[int]) -> None:
        """These objects are made again."""
        for number in numbers:
            self._kept.pop((number, True), None)
            self._kept.pop((number, False), None)

    def _make(self, item: GalaxyObject, attributes: Iterable[Listing]) -> bytes:
        return self._kind(**{self._field: [object_message(item, attributes)]}).SerializeToString()


class Galaxy:
    """The deployed objects. `sequence` is the cache's: it grows by one with each deploy."""

    def __init__(self, site: BareSite, most_events: int) -> None:
        self.plant = site.plant
        self.sequence = 1
        self.hierarchy = Frames(wire.DiscoverHierarchyReply, "objects")
        self.children = Frames(wire.BrowseChildrenReply, "children")
        self._deploys = site.deploys
        self._most_events = most_events
        self._watchers: set[Mailbox[wire.DeployEvent]] = set()
        self._visible: dict[Key, frozenset[int]] = {}
        self._load()
        site.deploys.listeners.append(self._on_deployed)

    @property
    def last_deploy(self) -> float:
        """When it was, in seconds since the epoch."""
        return self._deploys.time

    def roots(self) -> list[GalaxyObject]:
        """The objects directly under the galaxy."""
        return [item for item in self._by_number.values() if item.parent is None]

    def by_number(self, number: int) -> GalaxyObject | None:
        """The object of a gobject id."""
        return self._by_number.get(number)

    def by_tag(self, tag_name: str) -> GalaxyObject | None:
        """The object of a tag name, without regard to case."""
        wanted = tag_name.lower()
        # Those that live are few and looked through; of the catalogue's 50,000 an index knows each.
        own = (item for item in self.plant.objects.values() if item.tag_name.lower() == wanted)
        return next(own, None) or (self.plant.catalogue.by_tag(tag_name) if self.plant.catalogue else None)

    def by_path(self, path: str) -> GalaxyObject | None:
        """The object of a path of browse names with slashes between them, without regard to case."""
        found, among = None, self.roots()
        for name in path.strip("/").lower().split("/"):
            found = next((item for item in among if item.browse_name.lower() == name), None)
            if found is None:
                return None
            among = list(found.children)
        return found

    def sees(self, key: Key, item: GalaxyObject) -> bool:
        """Whether a key sees an object at all."""
        if not key.narrowed:
            return True
        if key not in self._visible:
            self._visible[key] = key.visible(self._by_number.values())
        return item.number in self._visible[key]

    def event(self) -> wire.DeployEvent:
        """The present state as a deploy event."""
        return wire.DeployEvent(
            sequence=self.sequence,
            observed_at=values.timestamp(self.plant.now),
            time_of_last_deploy=values.timestamp(self.last_deploy),
            time_of_last_deploy_present=True,
            object_count=len(self._by_number),
            attribute_count=self._attribute_count,
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
        """Lets every watcher go, and the deploys."""
        self._deploys.listeners.remove(self._on_deployed)
        for mailbox in self._watchers:
            mailbox.close()

    def _load(self) -> None:
        plant = self.plant
        self._by_number = {item.number: item for item in plant.everything()}
        self._visible.clear()
        own = sum(sum(1 for _ in item.listings()) for item in plant.objects.values())
        self._attribute_count = own + (plant.catalogue.attribute_count if plant.catalogue else 0)
        for frames in (self.hierarchy, self.children):
            frames.forget(item.number for item in plant.objects.values())

    def _on_deployed(self) -> None:
        # Page tokens are bound to it: a walk that is under way learns of the deploy by its next page.
        self.sequence += 1
        self._load()
        event = self.event()
        for mailbox in self._watchers:
            mailbox.put(event)
