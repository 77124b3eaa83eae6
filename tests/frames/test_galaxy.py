"""The hierarchy's two DataFrames against a slow, obvious loader."""

from __future__ import annotations

import asyncio
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxgw_notebook.client import GalaxyRepositoryClient
from mxgw_notebook.client.contract import galaxy as wire
from mxgw_notebook.client.galaxy.columns import hierarchy_columns
from mxgw_notebook.frames import Page, galaxy_frames, reply_page
from mxgw_notebook.frames.codes import CATEGORIES, DATA_TYPES, SECURITY
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY

NAMES = st.one_of(
    st.sampled_from(
        ["Level", "level", "Füllstand", "a/b", "a.b", " "]
    ),  # met again and again, also side by side
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=6),
)
CODES = st.integers(-3, 30)
ATTRIBUTES = st.builds(
    wire.GalaxyAttribute,
    attribute_name=NAMES,
    full_tag_reference=NAMES,
    mx_data_type=CODES,
    is_array=st.booleans(),
    array_dimension=st.integers(0, 99),
    security_classification=CODES,
    is_historized=st.booleans(),
    is_alarm=st.booleans(),
)


@st.composite
def hierarchies(draw: st.DrawFn, *, rings: bool = False) -> list[wire.GalaxyObject]:
    """Objects of which some have parents that are not there, or, with `rings`, are below themselves."""
    count = draw(st.integers(0, 12))
    ids = draw(st.permutations([10 * number + 1 for number in range(count)]))
    objects = []
    for place, identity in enumerate(ids):
        above = ids if rings else ids[:place]
        parent = draw(st.sampled_from([0, 999, *above]))
        contained = draw(st.one_of(st.just(""), NAMES))
        tag_name = draw(NAMES)
        objects.append(
            wire.GalaxyObject(
                gobject_id=identity,
                tag_name=tag_name,
                contained_name=contained,
                browse_name=draw(st.sampled_from(["", contained or tag_name])),
                parent_gobject_id=parent,
                is_area=draw(st.booleans()),
                category_id=draw(CODES),
                hosted_by_gobject_id=draw(st.sampled_from([0, 999, *ids])),
                template_chain=draw(st.lists(NAMES, max_size=3)),
                attributes=draw(st.lists(ATTRIBUTES, max_size=3)),
            )
        )
    return draw(st.permutations(objects))


def pages(objects: list[wire.GalaxyObject], size: int) -> list[Page]:
    """The objects as the client has them: a batch a page."""
    parts = [objects[start : start + size] for start in range(0, len(objects), size)] or [[]]
    return [
        reply_page(hierarchy_columns(wire.DiscoverHierarchyReply(objects=part).SerializeToString()))
        for part in parts
    ]


def lineage(one: wire.GalaxyObject, by_id: dict[int, wire.GalaxyObject]) -> list[wire.GalaxyObject]:
    """The object and all above it, itself first."""
    parent = by_id.get(one.parent_gobject_id)
    return [one, *(lineage(parent, by_id) if parent else [])]


def shown(one: wire.GalaxyObject) -> str:
    return one.browse_name or one.contained_name or one.tag_name


def obvious_objects(objects: list[wire.GalaxyObject]) -> list[dict[str, Any]]:
    by_id = {one.gobject_id: one for one in objects}
    rows = []
    for one in objects:
        above = lineage(one, by_id)
        parent, host = by_id.get(one.parent_gobject_id), by_id.get(one.hosted_by_gobject_id)
        rows.append(
            {
                "tag_name": one.tag_name,
                "contained_name": one.contained_name,
                "browse_name": shown(one),
                "path": "/".join(shown(step) for step in reversed(above)),
                "parent": parent.tag_name if parent else None,
                "area": next((step.tag_name for step in above if step.is_area), None),
                "template": next(iter(one.template_chain), None),
                "template_chain": " < ".join(one.template_chain),
                "category": CATEGORIES.get(one.category_id, str(one.category_id)),
                "depth": len(above) - 1,
                "hosted_by": host.tag_name if host else None,
                "attributes": len(one.attributes),
                "alarms": sum(attribute.is_alarm for attribute in one.attributes),
                "historized": sum(attribute.is_historized for attribute in one.attributes),
            }
        )
    return rows


def obvious_attributes(objects: list[wire.GalaxyObject]) -> list[dict[str, Any]]:
    rows = []
    for one, owner in zip(objects, obvious_objects(objects), strict=True):
        rows += [
            {
                "tag": attribute.full_tag_reference,
                "object": one.tag_name,
                "attribute": attribute.attribute_name,
                "data_type": DATA_TYPES.get(attribute.mx_data_type, str(attribute.mx_data_type)),
                "is_array": attribute.is_array,
                "array_dimension": attribute.array_dimension,
                "security": SECURITY.get(
                    attribute.security_classification, str(attribute.security_classification)
                ),
                "is_historized": attribute.is_historized,
                "is_alarm": attribute.is_alarm,
                "area": owner["area"],
                "template": owner["template"],
                "path": owner["path"],
            }
            for attribute in one.attributes
        ]
    return rows


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain values, a missing name as None."""
    plain = frame.astype(object)
    return plain.where(plain.notna(), None).to_dict("records")  # type: ignore[return-value]


@settings(max_examples=60)
@given(hierarchies(), st.integers(1, 13))
def test_the_frames_are_what_an_obvious_loader_makes(objects: list[wire.GalaxyObject], size: int) -> None:
    found, attributes = galaxy_frames(pages(objects, size))
    assert rows_of(found) == obvious_objects(objects)
    assert rows_of(attributes) == obvious_attributes(objects)


@settings(max_examples=60)
@given(hierarchies(rings=True))
def test_objects_that_are_below_themselves_still_show(objects: list[wire.GalaxyObject]) -> None:
    found, _ = galaxy_frames(pages(objects, 5))
    assert found["tag_name"].tolist() == [one.tag_name for one in objects]
    for one, row in zip(objects, rows_of(found), strict=True):
        assert row["path"].endswith(shown(one))
        assert 0 <= row["depth"] < len(objects)


@settings(max_examples=60)
@given(hierarchies())
def test_dtypes_do_not_depend_on_what_is_there(objects: list[wire.GalaxyObject]) -> None:
    for filled, empty in zip(galaxy_frames(pages(objects, 5)), galaxy_frames([]), strict=True):
        assert list(filled.columns) == list(empty.columns)
        assert kinds(filled) == kinds(empty)


def kinds(frame: pd.DataFrame) -> dict[str, str]:
    """The dtypes by column; of categoricals, what the categories are."""
    return {
        str(name): f"category of {frame[name].cat.categories.dtype}"
        if isinstance(dtype, pd.CategoricalDtype)
        else str(dtype)
        for name, dtype in frame.dtypes.items()
    }


async def test_the_embedded_gateways_galaxy_is_read_in_its_own_order(served: ServedGateway) -> None:
    async with await GalaxyRepositoryClient.connect(served.endpoint, api_key=KEY, plaintext=True) as client:
        objects, attributes = galaxy_frames(await client.hierarchy_columns(page_size=64, keep=reply_page))
        messages = [found async for found in client.iter_hierarchy_raw()]
    assert rows_of(objects) == obvious_objects(messages)
    assert rows_of(attributes) == obvious_attributes(messages)
    assert attributes["tag"].is_unique


async def test_objects_without_their_attributes_are_a_frame_too(served: ServedGateway) -> None:
    async with await GalaxyRepositoryClient.connect(served.endpoint, api_key=KEY, plaintext=True) as client:
        objects, attributes = galaxy_frames(
            await client.hierarchy_columns(include_attributes=False, keep=reply_page)
        )
    assert len(objects) > 0
    assert len(attributes) == 0
    assert (objects["attributes"] == 0).all()


async def test_a_load_that_is_interrupted_leaves_nothing_and_can_be_begun_again(
    served: ServedGateway,
) -> None:
    async with await GalaxyRepositoryClient.connect(served.endpoint, api_key=KEY, plaintext=True) as client:

        def interrupt(done: int, total: int) -> None:
            assert done < total
            if done > 10:
                load.cancel()

        load = asyncio.create_task(client.hierarchy_columns(page_size=5, keep=reply_page, progress=interrupt))
        with pytest.raises(asyncio.CancelledError):
            await load
        objects, _ = galaxy_frames(await client.hierarchy_columns(page_size=50, keep=reply_page))
        assert len(objects) == await client.object_count()
