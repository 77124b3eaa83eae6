"""Deploys, followed with what they changed."""

from __future__ import annotations

import asyncio
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.client import GalaxyRepositoryClient
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY, Eventually


@pytest.fixture
async def followed(served: ServedGateway) -> Gateway:
    return await asyncio.to_thread(connect, served.endpoint, api_key=KEY, plaintext=True)


async def test_deploys_are_followed_and_say_what_they_changed(
    served: ServedGateway, followed: Gateway, eventually: Eventually, loads: list[str]
) -> None:
    deploys = await asyncio.to_thread(followed.deploys)
    await asyncio.to_thread(eventually, lambda: loads)
    before = await asyncio.to_thread(followed.galaxy)
    await served.advance(10)
    served.deploy()
    await asyncio.to_thread(eventually, lambda: len(deploys.changes()) > 0)
    assert len(deploys.frame()) == 2
    assert deploys.frame()["deployed"].is_monotonic_increasing
    assert deploys.changes()["change"].isin(["added", "removed", "changed"]).all()
    since = await asyncio.to_thread(followed.diff, before)
    assert since["object"].tolist() == deploys.changes()["object"].tolist()
    assert "1 since we look, the last: 1 object added" in deploys.line()
    await asyncio.to_thread(deploys.stop)
    assert "stopped" in deploys.line()
    await asyncio.to_thread(followed.close)


async def test_a_gateway_that_is_closed_follows_no_deploys(followed: Gateway) -> None:
    deploys = await asyncio.to_thread(followed.deploys)
    await asyncio.to_thread(followed.close)
    assert deploys.stopped


async def test_a_deploy_during_the_first_load_is_among_the_changes_though_nobody_saw_what_was_before(
    served: ServedGateway,
    followed: Gateway,
    eventually: Eventually,
    monkeypatch: pytest.MonkeyPatch,
    loads: list[str],
) -> None:
    pages = GalaxyRepositoryClient.hierarchy_columns

    async def deployed_meanwhile(client: GalaxyRepositoryClient, **asked: Any) -> list[Any]:
        monkeypatch.setattr(GalaxyRepositoryClient, "hierarchy_columns", pages)
        served.deploy()
        return await pages(client, **asked)

    await served.advance(10)
    monkeypatch.setattr(GalaxyRepositoryClient, "hierarchy_columns", deployed_meanwhile)
    deploys = await asyncio.to_thread(followed.deploys)
    await asyncio.to_thread(eventually, lambda: len(deploys.changes()) > 0)
    changes = deploys.changes()
    assert changes[["change", "kind"]].values.tolist() == [["unknown", "galaxy"]]
    assert changes["deployed"].iloc[0] == deploys.frame()["deployed"].iloc[-1]
    assert "what the last changed is not known" in deploys.line()
    before = len(loads)
    galaxy = await asyncio.to_thread(followed.galaxy)
    assert pd.Timestamp(galaxy.deployed) == deploys.frame()["deployed"].iloc[-1]
    assert len(loads) == before  # it was of the deploy already
    await served.advance(10)
    served.deploy()
    await asyncio.to_thread(eventually, lambda: len(deploys.changes()) > 1)
    assert deploys.changes()["change"].iloc[1] in {"added", "removed"}
    await asyncio.to_thread(followed.close)
