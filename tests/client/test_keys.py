"""The key: sent with every call, refused with a reason, and never shown."""

from __future__ import annotations

import pytest

from mxgw_notebook import errors
from mxgw_notebook.client import GalaxyRepositoryClient, GatewayClient
from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.conftest import Code, Context, answering, one_line_without_key, served_with
from tests.conftest import KEY


@pytest.mark.parametrize("streamed", [False, True], ids=["call", "stream"])
async def test_a_key_that_the_gateway_echoes_is_not_shown(streamed: bool) -> None:
    async def echo(_: bytes, context: Context) -> bytes:
        header = dict(context.invocation_metadata() or ())["authorization"]
        await context.abort(Code.UNAUTHENTICATED, f"bad header {header!r}")
        raise AssertionError

    async with (
        answering(echo) as endpoint,
        await GatewayClient.connect(endpoint, api_key=KEY, plaintext=True) as client,
    ):
        with pytest.raises(errors.AuthenticationError, match="<api-key>") as caught:
            await (client.query_active_alarms() if streamed else client.open_session())
        assert KEY not in f"{client!r}{client.options!r}"
    assert one_line_without_key(caught.value)


async def test_the_key_goes_with_calls_and_with_streams(client: GatewayClient) -> None:
    await client.open_session()
    assert isinstance(await client.query_active_alarms(), list)


@pytest.mark.parametrize("key", ["", "mxgw_test_wrong", "nonsense"])
async def test_a_key_that_is_not_known_is_an_authentication_error(served: ServedGateway, key: str) -> None:
    async with await GatewayClient.connect(served.endpoint, api_key=key, plaintext=True) as client:
        with pytest.raises(errors.AuthenticationError, match="MXGATEWAY_API_KEY") as caught:
            await client.open_session()
        with pytest.raises(errors.AuthenticationError):
            await client.query_active_alarms()
    assert not key or key not in str(caught.value)


async def test_a_key_without_the_scope_says_which_it_lacks() -> None:
    reader = Key("mxgw_reader_secret", scopes=frozenset({"session:open", "session:close", "invoke:read"}))
    async with (
        served_with(keys=(reader,)) as gateway,
        await GatewayClient.connect(gateway.endpoint, api_key=reader.text, plaintext=True) as client,
        await GalaxyRepositoryClient.connect(gateway.endpoint, api_key=reader.text, plaintext=True) as galaxy,
        await client.open_session() as session,
    ):
        handle = await session.register("tests")
        item = await session.add_item(handle, "FIC101.SP")
        await session.advise(handle, item)
        with pytest.raises(errors.PermissionDeniedError, match="invoke:write"):
            await session.write(handle, item, 1.0)
        with pytest.raises(errors.PermissionDeniedError, match="events:read"):
            await client.query_active_alarms()
        with pytest.raises(errors.PermissionDeniedError, match="metadata:read"):
            await galaxy.get_last_deploy_time()
