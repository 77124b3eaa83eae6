"""Deploys, followed with what they changed."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.client import GalaxyRepositoryClient
from mxgw_notebook.gateway import Deploys, Gateway, connect
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


async def test_a_galaxy_that_cannot_be_loaded_after_a_deploy_is_told_and_loaded_again(
    served: ServedGateway, followed: Gateway, eventually: Eventually
) -> None:
    deploys = await asyncio.to_thread(followed.deploys)
    await asyncio.to_thread(eventually, lambda: "(live)" in deploys.line())
    await served.fault("refuse", rpc="DiscoverHierarchy", code="INTERNAL")
    await served.advance(10)
    served.deploy()
    await asyncio.to_thread(eventually, lambda: "what follows on a deploy failed" in deploys.line())
    assert len(deploys.changes()) == 0
    await served.clear_faults()
    await asyncio.to_thread(eventually, lambda: len(deploys.changes()) > 0)
    await asyncio.to_thread(eventually, lambda: "(live)" in deploys.line())
    assert len(deploys.frame()) == 2
    await asyncio.to_thread(followed.close)


async def test_the_oldest_changes_give_way_and_are_counted(
    served: ServedGateway, followed: Gateway, eventually: Eventually, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mxgw_notebook.gateway.galaxy.deploys.MOST_CHANGES", 1)
    deploys = await asyncio.to_thread(followed.deploys)
    await asyncio.to_thread(eventually, lambda: "(live)" in deploys.line())
    for _ in range(2):
        newest = deploys.frame()["sequence"].max()
        await served.advance(10)
        served.deploy()
        await asyncio.to_thread(eventually, partial(has_followed, deploys, newest))
    assert deploys.changes().attrs["dropped"] > 0
    assert deploys.changes()["deployed"].nunique() == 1
    await asyncio.to_thread(followed.close)


def has_followed(deploys: Deploys, newest: int) -> bool:
    """Whether what follows on a later deploy has been done."""
    later = deploys.frame()["sequence"].max() > newest
    return bool(later and deploys.changes()["deployed"].max() == deploys.frame()["deployed"].max())
