"""The galaxy's objects and deploys as records, so that nobody outside has to know the contract's messages.

Fields have the contract's names. Codes (`mx_data_type`, `category_id`, `security_classification`) stay
numbers: what a galaxy calls them is for tables to say.

Why: DECISIONS.md, "Galaxy objects and deploys are records, with the messages' names".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.contract import galaxy_wire as wire


@dataclass(frozen=True, slots=True, kw_only=True)
class GalaxyAttribute:
    """One attribute of an object; read it by its `full_tag_reference`."""

    attribute_name: str
    full_tag_reference: str
    mx_data_type: int = 0
    data_type_name: str = ""
    is_array: bool = False
    array_dimension: int = 0
    array_dimension_present: bool = False
    mx_attribute_category: int = 0
    security_classification: int = 0
    is_historized: bool = False
    is_alarm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GalaxyObject:
    """One deployed object; `template_chain` begins with its own template, `parent_gobject_id` may be 0."""

    gobject_id: int
    tag_name: str
    contained_name: str = ""
    browse_name: str = ""
    parent_gobject_id: int = 0
    is_area: bool = False
    category_id: int = 0
    hosted_by_gobject_id: int = 0
    template_chain: tuple[str, ...] = ()
    attributes: tuple[GalaxyAttribute, ...] = ()


class DeployTime(datetime):
    """A time in UTC, to the microsecond, that also answers as the contract's own timestamp does."""

    def ToDatetime(self, tzinfo: tzinfo | None = None) -> datetime:  # noqa: N802 - protobuf's name for it
        """The time in a zone; without one, in UTC and naive."""
        if tzinfo is None:
            return datetime.fromtimestamp(0, UTC).replace(tzinfo=None) + (self - ZERO)
        return self.astimezone(tzinfo)


ZERO = DeployTime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployEvent:
    """The galaxy after a deploy. A time that is not known (not sent, or impossible) is 1970.

    If nothing was ever deployed, `time_of_last_deploy_present` is False.
    """

    sequence: int
    observed_at: DeployTime = ZERO
    time_of_last_deploy: DeployTime = ZERO
    time_of_last_deploy_present: bool = False
    object_count: int = 0
    attribute_count: int = 0


@dataclass(frozen=True, slots=True)
class LastDeploy:
    """Whether the galaxy was ever deployed, and its last deploy in UTC (None if that is not known).

    `sent` is the time as received, seconds and nanoseconds since 1970. It is different for every deploy.
    """

    present: bool
    time: datetime | None
    sent: tuple[int, int] = (0, 0)


def attribute_from_wire(message: wire.GalaxyAttribute) -> GalaxyAttribute:
    """One attribute's record."""
    return GalaxyAttribute(
        attribute_name=message.attribute_name,
        full_tag_reference=message.full_tag_reference,
        mx_data_type=message.mx_data_type,
        data_type_name=message.data_type_name,
        is_array=message.is_array,
        array_dimension=message.array_dimension,
        array_dimension_present=message.array_dimension_present,
        mx_attribute_category=message.mx_attribute_category,
        security_classification=message.security_classification,
        is_historized=message.is_historized,
        is_alarm=message.is_alarm,
    )


def object_from_wire(message: wire.GalaxyObject) -> GalaxyObject:
    """One object's record, with its attributes where they were asked for."""
    return GalaxyObject(
        gobject_id=message.gobject_id,
        tag_name=message.tag_name,
        contained_name=message.contained_name,
        browse_name=message.browse_name,
        parent_gobject_id=message.parent_gobject_id,
        is_area=message.is_area,
        category_id=message.category_id,
        hosted_by_gobject_id=message.hosted_by_gobject_id,
        template_chain=tuple(message.template_chain),
        attributes=tuple(map(attribute_from_wire, message.attributes)),
    )


def objects_to_wire(objects: Sequence[GalaxyObject]) -> list[wire.GalaxyObject]:
    """The messages that such objects come from."""
    return [wire.GalaxyObject(**asdict(one)) for one in objects]


def deploy_from_wire(message: wire.DeployEvent, clock: GatewayClock) -> DeployEvent:
    """One deploy's record, its times judged by the clock."""
    return DeployEvent(
        sequence=message.sequence,
        observed_at=deploy_time(clock.time_ns(message.observed_at)),
        time_of_last_deploy=deploy_time(clock.time_ns(message.time_of_last_deploy)),
        time_of_last_deploy_present=message.time_of_last_deploy_present,
        object_count=message.object_count,
        attribute_count=message.attribute_count,
    )


def deploy_time(time_ns: int) -> DeployTime:
    """Nanoseconds since 1970 UTC, to the microsecond."""
    return ZERO + timedelta(microseconds=time_ns // 1000)
