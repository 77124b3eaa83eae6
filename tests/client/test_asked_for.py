"""What a write refuses unless it is asked for by name: the name that the refusal gives is the one to give."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from mxgw_notebook.client import Allowed, ItemHandle, ServerHandle, Session, WriteEntry, check
from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.simulator.server import ServedGateway

NUMBER, ARRAY = "FIC101.SP", "Recipe_101.Charges[]"
AT = datetime(2026, 5, 24, tzinfo=UTC)
Writing = Callable[[Session, ServerHandle, ItemHandle, Allowed], Awaitable[Any]]


async def bulk(session: Session, server: ServerHandle, item: ItemHandle, allowed: Allowed) -> None:
    entries = [WriteEntry(item, math.inf, data_type="Double", **allowed)]
    check(await session.write_bulk(server, entries))


async def tags(session: Session, server: ServerHandle, item: ItemHandle, allowed: Allowed) -> None:
    del item
    check(list((await session.write_tags(server, {NUMBER: math.inf}, **allowed)).values()))


WAYS: dict[str, Writing] = {
    "write": lambda session, *item, **_: session.write(*item[:2], math.inf, **item[2]),
    "write2": lambda session, *item, **_: session.write2(*item[:2], math.inf, AT, **item[2]),
    "write_bulk": bulk,
    "write_tags": tags,
}


@pytest.mark.parametrize("way", WAYS)
async def test_infinity_is_written_where_it_is_asked_for_alone(
    session: Session, server_handle: ServerHandle, served: ServedGateway, way: str
) -> None:
    item = await session.add_item(server_handle, NUMBER)
    await session.advise(server_handle, item)
    with pytest.raises(GatewayError, match="allow_nonfinite=True"):
        await WAYS[way](session, server_handle, item, {})
    await WAYS[way](session, server_handle, item, {"allow_nonfinite": True})
    attribute = served.plant.attribute(NUMBER)
    assert attribute is not None
    assert attribute.value == math.inf


@pytest.mark.kind_only("every outcome has to be told", "unknown-enums")
async def test_an_element_is_infinite_where_it_is_asked_for_alone_and_never_nothing(
    session: Session, server_handle: ServerHandle
) -> None:
    item = await session.add_item(server_handle, ARRAY)
    elements: dict[str, Any] = {"total_length": 2, "data_type": "Double", "confirm": True}
    with pytest.raises(ConfigurationError, match="allow_nonfinite=True"):
        await session.write_array_elements(server_handle, item, {1: math.inf}, **elements)
    with pytest.raises(ConfigurationError, match="None cannot be written to an element") as caught:
        await session.write_array_elements(server_handle, item, {1: None}, **elements)
    assert "allow" not in str(caught.value)
    await session.write_array_elements(server_handle, item, {1: math.inf}, allow_nonfinite=True, **elements)
    (reading,) = await session.read_bulk(server_handle, [ARRAY])
    assert list(reading.value) == [0.0, math.inf]  # type: ignore[arg-type]


@pytest.mark.kind_only("every outcome has to be told", "unknown-enums")
async def test_an_array_is_emptied_where_it_is_asked_for_alone(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    item = await session.add_item(server_handle, ARRAY)
    with pytest.raises(ConfigurationError, match="allow_empty=True"):
        await session.write(server_handle, item, [], confirm=True)
    await session.write(server_handle, item, [], confirm=True, allow_empty=True)
    attribute = served.plant.attribute(ARRAY.removesuffix("[]"))
    assert attribute is not None
    assert attribute.value == []
