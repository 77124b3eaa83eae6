"""The galaxy through the facade: its instances and parts, browsed, and what it can be like."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pandas as pd
import pytest

from mxgw_notebook.client import GalaxyRepositoryClient
from mxgw_notebook.errors import ConfigurationError, TagError
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.gateway.galaxy.tree_browse import BrowseTree
from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.conftest import served_with
from tests.conftest import KEY

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


def test_browsing_level_by_level_loads_nothing_that_is_not_opened(gateway: Gateway, loads: list[str]) -> None:
    browser = gateway.browse(lazy=True)
    assert isinstance(browser.tree, BrowseTree)
    roots = gateway.runner.run(browser.tree.children("areas", "", ""))
    assert loads == []
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
