"""The galaxy saved, compared, followed and browsed through the facade."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.client import GalaxyRepositoryClient
from mxgw_notebook.errors import ConfigurationError, NotConnectedError, TagError
from mxgw_notebook.gateway import Gateway, SavedGalaxy, connect
from mxgw_notebook.gateway.galaxy.tree_browse import BrowseTree
from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.conftest import served_with
from tests.conftest import KEY, Eventually

# ------------------------------------------------------------------ saved and opened


def test_a_saved_galaxy_answers_as_the_gateway_did(gateway: Gateway, tmp_path: Path) -> None:
    objects, attributes, found = gateway.objects(), gateway.attributes(), gateway.find("pump speed")
    path = gateway.snapshot(tmp_path / "plant.parquet")
    saved = connect(str(path))
    assert isinstance(saved, SavedGalaxy)
    for before, after in (
        (objects, saved.objects()),
        (attributes, saved.attributes()),
        (found, saved.find("pump speed")),
    ):
        pd.testing.assert_frame_equal(before, after, check_categorical=False)
    assert saved.objects().attrs["deployed"] == objects.attrs["deployed"]
    assert saved.object_count() == len(objects)
    assert saved.status().loc["objects", "value"] == len(objects)


def test_a_saved_galaxy_is_browsed_and_compared(gateway: Gateway, tmp_path: Path) -> None:
    saved = connect(str(gateway.snapshot(tmp_path / "plant.parquet")))
    browser = saved.browse()
    rows = saved.runner.run(browser.tree.children("templates", "", ""))
    browser.select(rows.key[:1])
    assert len(browser.selection) > 0
    assert "copied" in saved.runner.run(browser.act("copy")).notice
    with pytest.raises(NotConnectedError, match="no live values"):
        saved.runner.run(browser.act("read"))
    assert len(saved.diff(tmp_path / "plant.parquet")) == 0
    assert saved.completing.names("object", "tank001") == ["Tank001"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda saved: saved.read("Tank001.Level"),
        lambda saved: saved.watch("Tank001.Level"),
        lambda saved: saved.write("Tank001.Level", 1),
        lambda saved: saved.alarms(),
        lambda saved: saved.acknowledge("*"),
        lambda saved: saved.deploys(),
        lambda saved: saved.instances("$Tank").read("Level"),
    ],
)
def test_a_saved_galaxy_has_no_live_values(
    gateway: Gateway, tmp_path: Path, ask: Callable[[Gateway], object]
) -> None:
    saved = connect(str(gateway.snapshot(tmp_path / "plant.parquet")))
    with pytest.raises(NotConnectedError, match="a saved galaxy, not a plant"):
        ask(saved)


def test_whatever_a_gateway_has_a_saved_galaxy_has_too_or_says_that_it_is_no_plant(
    gateway: Gateway, tmp_path: Path
) -> None:
    saved = connect(str(gateway.snapshot(tmp_path / "plant.parquet")))
    assert not isinstance(saved, Gateway)
    lacking = [name for name in dir(Gateway) if not name.startswith("_") and not hasattr(SavedGalaxy, name)]
    assert {"actions", "alarm_report", "audit", "options", "tag_health", "watch", "write"} <= set(lacking)
    for name in lacking:
        with pytest.raises(NotConnectedError, match="a saved galaxy, not a plant"):
            getattr(saved, name)
    with pytest.raises(AttributeError, match="no attribute 'reed'"):
        assert saved.reed


def test_the_embedded_gateway_simulates_a_saved_galaxy(gateway: Gateway, tmp_path: Path) -> None:
    before = gateway.galaxy()
    path = gateway.snapshot(tmp_path / "plant.parquet")
    with EmbeddedGateway.start(seed=1, api_key=KEY, galaxy=str(path)) as again:
        loaded = connect(again.endpoint, api_key=KEY, plaintext=True)
        assert set(loaded.objects()["tag_name"]) == set(before.objects["tag_name"])
        assert set(loaded.attributes()["tag"]) >= set(before.attributes["tag"])


def test_a_file_that_holds_no_galaxy_is_told(tmp_path: Path) -> None:
    other = tmp_path / "other.parquet"
    pd.DataFrame({"a": [1]}).to_parquet(other)
    text = tmp_path / "text.parquet"
    text.write_text("not Parquet")
    for path in (other, text, tmp_path / "missing.parquet"):
        with pytest.raises(ConfigurationError, match=path.name):
            connect(str(path))


def test_a_folder_that_is_not_there_is_told(gateway: Gateway, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written"):
        gateway.snapshot(tmp_path / "nowhere" / "plant.parquet")


# ------------------------------------------------------------------ deploys


@pytest.fixture
async def followed(served: ServedGateway) -> Gateway:
    return await asyncio.to_thread(connect, served.endpoint, api_key=KEY, plaintext=True)


async def test_deploys_are_followed_and_say_what_they_changed(
    served: ServedGateway, followed: Gateway, eventually: Eventually
) -> None:
    deploys = await asyncio.to_thread(followed.deploys)
    await asyncio.to_thread(eventually, lambda: followed._model.known is not None)
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
    served: ServedGateway, followed: Gateway, eventually: Eventually, monkeypatch: pytest.MonkeyPatch
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
    known = followed._model.known
    assert known is not None
    assert known.deployed.time == deploys.feed.deploys[-1].deployed
    await served.advance(10)
    served.deploy()
    await asyncio.to_thread(eventually, lambda: len(deploys.changes()) > 1)
    assert deploys.changes()["change"].iloc[1] in {"added", "removed"}
    await asyncio.to_thread(followed.close)


# ------------------------------------------------------------------ instances


def test_instances_stand_side_by_side_with_their_units(gateway: Gateway) -> None:
    tanks = gateway.instances("$Tank")
    frame = tanks.read("Level", "Temperature")
    assert frame.index.tolist() == tanks.objects["tag_name"].tolist()
    assert frame.columns.tolist() == ["Level", "Temperature"]
    assert frame.dtypes.tolist() == ["float64", "float64"]
    assert frame.attrs["units"] == {"Level": "%", "Temperature": "degC"}
    assert frame.attrs["failures"] == {}


def test_an_attribute_that_some_instances_lack_is_missing_there(gateway: Gateway) -> None:
    frame = gateway.instances("$gVessel").read("Level", "Capacity")
    assert 0 < frame["Capacity"].isna().sum() < len(frame)
    lacking = frame.index[frame["Capacity"].isna()]
    assert {f"{name}.Capacity" for name in lacking} <= set(frame.attrs["failures"])


def test_instances_of_nothing_are_told(gateway: Gateway) -> None:
    with pytest.raises(ConfigurationError, match="No object is derived"):
        gateway.instances("$NoSuch").read("Level")
    with pytest.raises(ConfigurationError, match="No attribute named"):
        gateway.instances("$Tank").read()
    with pytest.raises(TagError):
        gateway.instances("$Tank").read("NoSuchAttribute")


# ------------------------------------------------------------------ parts of a galaxy


@pytest.mark.parametrize("saved", [False, True])
def test_parts_of_a_galaxy_fall_into_the_groups_they_have(
    gateway: Gateway, tmp_path: Path, saved: bool
) -> None:
    source = connect(str(gateway.snapshot(tmp_path / "plant.parquet"))) if saved else gateway
    browser = source.browse("Tank001", lazy=False)
    (root,) = source.runner.run(browser.tree.children("areas", "", "")).key
    browser.select([root])
    parts = (
        source.attributes(),
        source.attributes(template="$Tank"),
        source.find("level"),
        source.objects(template="$Tank"),
        browser.selection,
        browser.objects,
    )
    for part in parts:
        for name in part.select_dtypes("category").columns:
            sizes = part.groupby(name, observed=False).size()  # as pandas 2 does unasked
            assert sizes.to_dict() == part[name].astype(object).value_counts().to_dict()


# ------------------------------------------------------------------ browse


@pytest.mark.parametrize("lazy", [False, True])
def test_the_browsers_selection_is_what_attributes_would_give(gateway: Gateway, lazy: bool) -> None:
    browser = gateway.browse("Tank001", lazy=lazy)
    (root,) = gateway.runner.run(browser.tree.children("areas", "", "")).key
    below = gateway.runner.run(browser.tree.children("areas", root, ""))
    level = below.key[below.label.index("Level")]
    browser.select([level])
    wanted = gateway.attributes("/^Tank001.Level$/")
    pd.testing.assert_frame_equal(browser.selection, wanted, check_categorical=False)
    browser.select([root])
    assert not browser.selection["attribute"].str.contains(".", regex=False).any()
    assert browser.objects["tag_name"].tolist() == ["Tank001"]
    assert browser.objects["path"].tolist() == gateway.objects("/^Tank001$/")["path"].tolist()


def test_browsing_level_by_level_loads_nothing_that_is_not_opened(gateway: Gateway) -> None:
    browser = gateway.browse(lazy=True)
    assert isinstance(browser.tree, BrowseTree)
    roots = gateway.runner.run(browser.tree.children("areas", "", ""))
    assert gateway._model.known is None
    assert set(roots.label) == set(gateway.objects().query("depth == 0")["browse_name"])
    found = gateway.runner.run(browser.tree.children("areas", "", "tank00"))
    assert found.label == gateway.objects("tank00")["tag_name"].tolist()


def test_a_root_that_is_not_there_is_told(gateway: Gateway) -> None:
    with pytest.raises(ConfigurationError, match="no object Nowhere"):
        gateway.browse("Nowhere")


# ------------------------------------------------------------------ what a galaxy can be like


async def test_a_key_narrowed_to_a_subtree_sees_a_smaller_galaxy() -> None:
    narrow = Key("mxgw_narrow_secret", subtrees=("Production1",))
    async with served_with(seed=1, keys=(narrow,)) as served:
        gateway = await asyncio.to_thread(connect, served.endpoint, api_key=narrow.text, plaintext=True)
        objects = await asyncio.to_thread(gateway.objects)
        assert objects["path"].str.startswith("Production1").all()
        browser = await asyncio.to_thread(gateway.browse)
        roots = await asyncio.to_thread(gateway.runner.run, browser.tree.children("areas", "", ""))
        assert roots.label == ["Production1"]
        await asyncio.to_thread(gateway.close)


async def test_a_deploy_while_pages_are_read_gives_the_new_galaxy(served: ServedGateway) -> None:
    async with await GalaxyRepositoryClient.connect(served.endpoint, api_key=KEY, plaintext=True) as client:
        deployed = iter([True])

        def deploy_once(done: int, total: int) -> None:
            if done > 100 and next(deployed, False):
                served.deploy()

        pages = await client.hierarchy_columns(page_size=50, progress=deploy_once)
        seen = sum(len(page.column("objects")[0]) for page in pages)
        assert seen == await client.object_count()
