"""The galaxy as a tree that is fetched where it is opened."""

from __future__ import annotations

import asyncio

import pytest

from mxgw_notebook.client import GalaxyNode, GalaxyRepositoryClient
from mxgw_notebook.errors import CallError
from mxgw_notebook.simulator.server import ServedGateway


async def descendants(node: GalaxyNode) -> list[str]:
    """The tag names below a node, each child after its parent."""
    found = []
    for child in await node.expand():
        assert child.object is not None
        found += [child.object.tag_name, *(await descendants(child))]
    return found


async def test_the_whole_tree_is_what_the_hierarchy_lists(galaxy: GalaxyRepositoryClient) -> None:
    listed = {found.tag_name async for found in galaxy.iter_hierarchy(include_attributes=False)}
    browsed = await descendants(galaxy.browse(include_attributes=False))
    assert set(browsed) == listed
    assert len(browsed) == len(listed)


async def test_areas_come_first_then_names_without_case(galaxy: GalaxyRepositoryClient) -> None:
    children = await galaxy.browse().expand()
    order = [(not child.is_area, child.name.lower()) for child in children]
    assert order == sorted(order)


async def test_a_node_expanded_by_many_at_once_is_fetched_once_and_never_seen_in_part(
    galaxy: GalaxyRepositoryClient,
) -> None:
    root = galaxy.browse(page_size=2)
    assert root.children == ()
    results = await asyncio.gather(*(root.expand() for _ in range(20)))
    assert all(result is results[0] for result in results)
    assert root.children is results[0]
    assert len(root.children) > 2


async def test_a_node_without_children_says_so_before_it_is_expanded(galaxy: GalaxyRepositoryClient) -> None:
    (area,) = [child for child in await galaxy.browse().expand() if child.name == "Production1"]
    assert area.has_children
    leaves = [child for child in await area.expand() if not child.has_children]
    assert leaves
    assert await leaves[0].expand() == ()


async def test_filters_narrow_every_level(galaxy: GalaxyRepositoryClient) -> None:
    areas = galaxy.browse(category_ids=[13])
    names = await descendants(areas)
    assert "Production1" in names
    assert not any(name.startswith("Pump") for name in names)


async def test_a_failed_expansion_can_be_tried_again(
    galaxy: GalaxyRepositoryClient, served: ServedGateway
) -> None:
    root = galaxy.browse(page_size=-5)
    with pytest.raises(CallError):
        await root.expand()
    assert root.children == ()
    assert served.endpoint
