"""Bulk replies that do not answer what was asked are told in one line, never taken for another entry's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from mxgw_notebook.client import GatewayClient, ItemHandle, ServerHandle, Session
from mxgw_notebook.client.contract import wire
from mxgw_notebook.errors import ReplyError
from tests.client.conftest import Context, answering, one_line_without_key
from tests.conftest import KEY

TAGS = ["Tank001.Level", "Pump001.Speed", "FIC101.SP"]
HANDLES = [ItemHandle(handle) for handle in (11, 12, 13)]
SERVER = ServerHandle(1)
Call = Callable[[Session], Awaitable[Any]]
BY_TAG: dict[str, Call] = {
    "add_item_bulk": lambda session: session.add_item_bulk(SERVER, TAGS),
    "subscribe_bulk": lambda session: session.subscribe_bulk(SERVER, TAGS),
    "read_bulk": lambda session: session.read_bulk(SERVER, TAGS),
}
BY_HANDLE: dict[str, Call] = {
    "advise_item_bulk": lambda session: session.advise_item_bulk(SERVER, HANDLES),
    "un_advise_item_bulk": lambda session: session.un_advise_item_bulk(SERVER, HANDLES),
    "remove_item_bulk": lambda session: session.remove_item_bulk(SERVER, HANDLES),
    "unsubscribe_bulk": lambda session: session.unsubscribe_bulk(SERVER, HANDLES),
}
ORDERS = {"short": [0, 1], "empty": [], "long": [0, 1, 2, 2], "out of order": [0, 2, 1], "twice": [0, 1, 1]}


async def asked(field: str, call: Call, entries: list[dict[str, Any]]) -> Any:
    """What a session makes of a reply with these entries."""
    kind: Any = f"MX_COMMAND_KIND_{field.upper()}"
    body: Any = {field: {"results": entries}}
    reply = wire.MxCommandReply(kind=kind, **body)

    async def answer(_request: bytes, _context: Context) -> bytes:
        return reply.SerializeToString()

    async with (
        answering(answer) as endpoint,
        await GatewayClient.connect(endpoint, api_key=KEY, plaintext=True) as client,
    ):
        return await call(client.session("s"))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("field", BY_TAG)
async def test_an_answer_about_other_tags_is_told(field: str, order: str) -> None:
    entries = [{"tag_address": TAGS[place], "was_successful": True} for place in ORDERS[order]]
    with pytest.raises(ReplyError, match=field) as caught:
        await asked(field, BY_TAG[field], entries)
    assert one_line_without_key(caught.value)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("field", BY_HANDLE)
async def test_an_answer_about_other_items_is_told(field: str, order: str) -> None:
    entries = [{"item_handle": HANDLES[place], "was_successful": True} for place in ORDERS[order]]
    with pytest.raises(ReplyError, match=field) as caught:
        await asked(field, BY_HANDLE[field], entries)
    assert one_line_without_key(caught.value)


async def test_a_gateway_may_spell_a_tag_its_own_way_and_leave_a_failed_one_out() -> None:
    entries = [
        {"tag_address": "TANK001.LEVEL", "item_handle": 11, "was_successful": True},
        {"tag_address": "", "was_successful": False, "error_message": "invalid reference"},
        {"tag_address": "FIC101.SP[]", "item_handle": 13, "was_successful": True},
    ]
    results = await asked("subscribe_bulk", BY_TAG["subscribe_bulk"], entries)
    assert [bool(entry.failure) for entry in results] == [False, True, False]


async def test_the_names_of_the_contract_answer_beside_ours() -> None:
    plain = [{"tag_address": tag, "was_successful": True, "item_handle": 7} for tag in TAGS]
    first, *_ = await asked(
        "read_bulk", BY_TAG["read_bulk"], [entry | {"was_cached": True} for entry in plain]
    )
    assert (first.tag_address, first.was_successful, first.was_cached, first.item_handle) == (
        TAGS[0], True, True, 7,
    )  # fmt: skip
    added, *_ = await asked("add_item_bulk", BY_TAG["add_item_bulk"], plain)
    assert (added.tag_address, added.was_successful, added.error_message) == (TAGS[0], True, "")
