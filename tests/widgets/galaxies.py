"""Galaxies of any shape, without a gateway."""

from __future__ import annotations

from collections.abc import Sequence

from mxgw_notebook.client import LastDeploy
from mxgw_notebook.client.contract import galaxy_wire as wire
from mxgw_notebook.client.galaxy.columns import hierarchy_columns
from mxgw_notebook.frames import TagIndex, galaxy_frames, reply_page
from mxgw_notebook.gateway.model import Galaxy

AREA, APPLICATION_OBJECT, DOUBLE, OPERATE = 13, 10, 4, 1


def galaxy_of(objects: Sequence[wire.GalaxyObject]) -> Galaxy:
    """The objects as a loaded galaxy."""
    page = hierarchy_columns(wire.DiscoverHierarchyReply(objects=objects).SerializeToString())
    frames = galaxy_frames([reply_page(page)])
    return Galaxy(*frames, LastDeploy(False, None), TagIndex(*frames))


def area(number: int, name: str, parent: int = 0) -> wire.GalaxyObject:
    """An area."""
    return wire.GalaxyObject(
        gobject_id=number,
        tag_name=name,
        browse_name=name,
        parent_gobject_id=parent,
        is_area=True,
        category_id=AREA,
        template_chain=["$Area"],
    )


def application_object(
    number: int, name: str, parent: int, attributes: Sequence[str] = (), template: str = "$Pump"
) -> wire.GalaxyObject:
    """An object; attributes named Alarm... are alarms, the first one is historized."""
    return wire.GalaxyObject(
        gobject_id=number,
        tag_name=name,
        browse_name=name,
        parent_gobject_id=parent,
        category_id=APPLICATION_OBJECT,
        template_chain=[template, "$UserDefined"],
        attributes=[
            wire.GalaxyAttribute(
                attribute_name=attribute,
                full_tag_reference=f"{name}.{attribute}",
                mx_data_type=DOUBLE,
                security_classification=OPERATE,
                is_historized=place == 0,
                is_alarm=attribute.startswith("Alarm"),
            )
            for place, attribute in enumerate(attributes)
        ],
    )


def large_galaxy(areas: int = 10, objects: int = 9_999) -> Galaxy:
    """Areas of many objects each, with an attribute each."""
    made = [area(number, f"Area{number:02}") for number in range(1, areas + 1)]
    for parent in range(1, areas + 1):
        first = areas + (parent - 1) * objects + 1
        made += [
            application_object(number, f"Pump{number:06}", parent, ["Speed"])
            for number in range(first, first + objects)
        ]
    return galaxy_of(made)
