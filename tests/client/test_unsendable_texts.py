"""Half of a character, cut in two, can be sent in no request: each says so in one line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from mxgw_notebook.client import GatewayClient, ItemHandle, ServerHandle, Session
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.live import AlarmBoard, Hub

HALF = "Tank\ud800.Level"
SERVER, ITEM = ServerHandle(1), ItemHandle(1)

COMMANDS: dict[str, Callable[[Session], Awaitable[Any]]] = {
    "register": lambda session: session.register(HALF),
    "add_item": lambda session: session.add_item(SERVER, HALF),
    "add_item2": lambda session: session.add_item2(SERVER, "Level", HALF),
    "add_buffered_item": lambda session: session.add_buffered_item(SERVER, HALF),
    "add_item_bulk": lambda session: session.add_item_bulk(SERVER, ["Tank001.Level", HALF]),
    "subscribe_bulk": lambda session: session.subscribe_bulk(SERVER, ["Tank001.Level", HALF]),
    "read_bulk": lambda session: session.read_bulk(SERVER, ["Tank001.Level", HALF]),
    "write_tags": lambda session: session.write_tags(SERVER, {HALF: 1.0}),
    "write": lambda session: session.write(SERVER, ITEM, HALF, data_type="String"),
    "authenticate_user": lambda session: session.authenticate_user(SERVER, HALF, "word"),
}
CALLS: dict[str, Callable[[GatewayClient], Any]] = {
    "watch_alarms": lambda client: client.watch_alarms(HALF),
    "stream_alarms_raw": lambda client: client.stream_alarms_raw(HALF),
    "query_active_alarms_raw": lambda client: client.query_active_alarms_raw(HALF),
}
BEGUN: dict[str, Callable[[GatewayClient], Any]] = {
    "an alarm board": lambda client: AlarmBoard(client, HALF),
    "a hub": lambda client: Hub(client, HALF),
}
AWAITED: dict[str, Callable[[GatewayClient], Awaitable[Any]]] = {
    "open_session": lambda client: client.open_session(client_session_name=HALF),
    "query_active_alarms": lambda client: client.query_active_alarms(HALF),
    "acknowledge_alarm": lambda client: client.acknowledge_alarm(HALF),
    "its comment": lambda client: client.acknowledge_alarm("Galaxy!A.B", comment=HALF),
    "its operator": lambda client: client.acknowledge_alarm("Galaxy!A.B", operator_user=HALF),
}


def refused() -> Any:
    return pytest.raises(ConfigurationError, match=r"^[^\n\ud800]*$")


@pytest.mark.parametrize("name", COMMANDS)
async def test_no_command_of_a_session_takes_it(session: Session, name: str) -> None:
    with refused():
        await COMMANDS[name](session)


@pytest.mark.parametrize("name", CALLS)
async def test_no_stream_of_alarms_takes_it(client: GatewayClient, name: str) -> None:
    with refused():
        CALLS[name](client)


@pytest.mark.parametrize("name", BEGUN)
async def test_nothing_is_begun_with_it_that_would_try_again_for_ever(
    client: GatewayClient, name: str
) -> None:
    with refused():
        BEGUN[name](client)


@pytest.mark.parametrize("name", AWAITED)
async def test_no_call_takes_it(client: GatewayClient, name: str) -> None:
    with refused():
        await AWAITED[name](client)


async def test_it_is_told_which_text_and_which_character(session: Session) -> None:
    with pytest.raises(ConfigurationError, match=r"'Tank\\ud800\.Level' cannot be sent: its character 5"):
        await session.read_bulk(SERVER, ["Tank001.Level", HALF])


async def test_a_password_is_not_told(session: Session) -> None:
    with pytest.raises(ConfigurationError, match="The password cannot be sent") as caught:
        await session.authenticate_user(SERVER, "operator", "sesame\ud800")
    assert "sesame" not in str(caught.value)
