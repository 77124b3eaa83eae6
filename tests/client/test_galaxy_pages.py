"""Pages of the galaxy that have no end are ended, with one line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import pytest

from mxgw_notebook.client import GalaxyRepositoryClient
from mxgw_notebook.client.contract import galaxy_wire as wire
from mxgw_notebook.errors import CallError, GatewayError
from tests.client.conftest import Context, answering, one_line_without_key
from tests.conftest import KEY

Pages = Callable[[int], dict[str, Any]]
WALKS: dict[str, Callable[[GalaxyRepositoryClient], Awaitable[Any]]] = {
    "objects": lambda galaxy: galaxy.discover_hierarchy(),
    "columns": lambda galaxy: galaxy.hierarchy_columns(),
    "children": lambda galaxy: galaxy.browse().expand(),
}


def objects(number: int, each: int) -> list[wire.GalaxyObject]:
    return [wire.GalaxyObject(gobject_id=number * each + place + 1) for place in range(each)]


ENDLESS: dict[str, Pages] = {
    "the same token": lambda number: {"objects": objects(number, 2), "token": "again", "total": 1_000},
    "two tokens in turn": lambda number: {
        "objects": objects(number, 2), "token": "ab"[number % 2], "total": 1_000,
    },
    "empty pages": lambda number: {"objects": [], "token": str(number), "total": 1_000},
    "more than there are": lambda number: {"objects": objects(number, 2), "token": str(number), "total": 5},
}  # fmt: skip


@pytest.mark.parametrize("kind", ENDLESS)
@pytest.mark.parametrize("walk", WALKS)
async def test_a_listing_without_end_is_ended_with_a_line(walk: str, kind: str) -> None:
    numbers = count()

    async def answer(_request: bytes, _context: Context) -> bytes:
        page = ENDLESS[kind](next(numbers))
        if walk == "children":
            return wire.BrowseChildrenReply(
                children=page["objects"], next_page_token=page["token"], total_child_count=page["total"]
            ).SerializeToString()
        return wire.DiscoverHierarchyReply(
            objects=page["objects"], next_page_token=page["token"], total_object_count=page["total"]
        ).SerializeToString()

    async with (
        answering(answer) as endpoint,
        await GalaxyRepositoryClient.connect(endpoint, api_key=KEY, plaintext=True) as galaxy,
    ):
        with pytest.raises(GatewayError, match=r"same next page|empty pages|though there are 5") as caught:
            await WALKS[walk](galaxy)
    assert one_line_without_key(caught.value)
    assert next(numbers) < 40


@pytest.mark.parametrize("walk", WALKS)
@pytest.mark.parametrize(
    "data", [b"\xff\xff", b"\x0a\x05ab", b"\x0a\x02\x12\xff"], ids=["none", "cut", "odd"]
)
async def test_a_page_that_is_no_message_is_one_line(walk: str, data: bytes) -> None:
    async def answer(_request: bytes, _context: Context) -> bytes:
        return data

    async with (
        answering(answer) as endpoint,
        await GalaxyRepositoryClient.connect(endpoint, api_key=KEY, plaintext=True) as galaxy,
    ):
        with pytest.raises(CallError, match="could not be read") as caught:
            await WALKS[walk](galaxy)
    assert one_line_without_key(caught.value)
