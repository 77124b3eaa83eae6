"""The library's documented programs, with this package's import, and the test's endpoint and key."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone

import pytest

from mxgw_notebook import DeployEvent, GalaxyRepositoryClient, GatewayClient
from mxgw_notebook.client import AlarmRecord
from mxgw_notebook.client.requests import command, request
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY
from tests.until import until


async def test_a_session_is_opened_used_and_closed(documented: ServedGateway) -> None:
    async with await GatewayClient.connect(
        endpoint=documented.endpoint,
        api_key=KEY,
        plaintext=True,
    ) as client:
        session = await client.open_session(client_session_name="python-client")
        try:
            server_handle = await session.register("python-client")
            item_handle = await session.add_item(server_handle, "Object.Attribute")
            await session.advise(server_handle, item_handle)
            assert len(documented.sessions.ready()) == 1
        finally:
            await session.close()
    assert not documented.sessions.ready()


async def test_raw_replies_and_events_are_the_contracts_own(documented: ServedGateway) -> None:
    async with await GatewayClient.connect(
        endpoint=documented.endpoint, api_key=KEY, plaintext=True
    ) as client:
        opened = await client.open_session_raw(request("OpenSession", client_session_name="raw"))
        registered = await client.invoke_raw(command(opened.session_id, "register", client_name="raw"))
        handle = registered.register.server_handle
        refused = await client.invoke_raw(
            command(opened.session_id, "add_item", server_handle=handle, item_definition="Nope.Nope")
        )
        assert refused.hresult == -2147024809  # not judged
        tags = {"server_handle": handle, "tag_addresses": ["Object.Attribute"]}
        await client.invoke_raw(command(opened.session_id, "subscribe_bulk", **tags))
        asked = request("StreamEvents", session_id=opened.session_id)
        async with client.stream_events_raw(asked) as events:
            assert (await anext(events)).value.int32_value == 7
        await client.close_session_raw(request("CloseSession", session_id=opened.session_id))
    assert not documented.sessions.ready()


async def test_alarms_are_asked_for_followed_and_acknowledged(documented: ServedGateway) -> None:
    async with await GatewayClient.connect(
        endpoint=documented.endpoint, api_key=KEY, plaintext=True
    ) as client:
        active = [alarm for alarm in await client.query_active_alarms() if alarm.state == "ACTIVE"]
        stream = client.stream_alarms()
        first = await anext(stream)
        assert isinstance(first, AlarmRecord)
        assert first.state in {"ACTIVE", "ACTIVE_ACKED"}
        await client.acknowledge_alarm(active[0].reference, comment="checked", operator_user="tester")
        await stream.aclose()
        (again,) = await client.query_active_alarms(active[0].reference)
        assert isinstance(again, AlarmRecord)
        assert (again.state, again.comment, again.operator) == ("ACTIVE_ACKED", "checked", "tester")


async def test_cancelling_the_task_ends_a_stream_at_the_gateway(documented: ServedGateway) -> None:
    async def follow(client: GatewayClient) -> None:
        async for _ in client.stream_alarms():
            pass

    async with await GatewayClient.connect(
        endpoint=documented.endpoint, api_key=KEY, plaintext=True
    ) as client:
        following = asyncio.create_task(follow(client))
        await until(lambda: documented.open_calls["StreamAlarms"] == 1)
        following.cancel()
        with pytest.raises(asyncio.CancelledError):
            await following
        await until(lambda: documented.open_calls["StreamAlarms"] == 0)


async def test_the_galaxy_is_printed(documented: ServedGateway, capsys: pytest.CaptureFixture[str]) -> None:
    async with await GalaxyRepositoryClient.connect(
        endpoint=documented.endpoint,
        api_key=KEY,
        plaintext=True,
    ) as galaxy:
        if not await galaxy.test_connection():
            raise RuntimeError("gateway cannot reach the Galaxy Repository DB")
        last_deploy = await galaxy.get_last_deploy_time()
        print(f"last deploy: {last_deploy}")  # noqa: T201 - as documented
        for obj in await galaxy.discover_hierarchy():
            print(obj.tag_name, obj.contained_name)  # noqa: T201
            for attr in obj.attributes:
                print(" ", attr.attribute_name, "->", attr.full_tag_reference)  # noqa: T201
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("last deploy: 20")
    assert "  Attribute -> Object.Attribute" in printed


async def test_deploys_are_watched(documented: ServedGateway, capsys: pytest.CaptureFixture[str]) -> None:
    async def watch(deploys: int) -> datetime | None:
        async with await GalaxyRepositoryClient.connect(
            endpoint=documented.endpoint,
            api_key=KEY,
            plaintext=True,
        ) as galaxy:
            last_seen: datetime | None = None
            seen = 0
            async for event in galaxy.watch_deploy_events(last_seen_deploy_time=last_seen):
                assert isinstance(event, DeployEvent)
                print(  # noqa: T201
                    f"#{event.sequence} "
                    f"deploy={event.time_of_last_deploy.ToDatetime(tzinfo=timezone.utc)} "  # noqa: UP017
                    f"objects={event.object_count} attributes={event.attribute_count}"
                )
                if event.time_of_last_deploy_present:
                    last_seen = event.time_of_last_deploy.ToDatetime(tzinfo=timezone.utc)  # noqa: UP017
                seen += 1
                if seen == deploys:
                    break
            return last_seen

    watching = asyncio.create_task(watch(2))
    await until(lambda: "#2 deploy=20" in capsys.readouterr().out)
    await documented.advance(1.0)
    documented.deploy()
    last_seen = await watching
    assert last_seen is not None
    assert f"#3 deploy={last_seen} objects=" in capsys.readouterr().out
    await until(lambda: documented.open_calls["WatchDeployEvents"] == 0)
