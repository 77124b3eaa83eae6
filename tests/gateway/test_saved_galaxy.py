"""A galaxy that was saved: what it answers without a gateway, and what it cannot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError, NotConnectedError
from mxgw_notebook.gateway import Gateway, SavedGalaxy, connect
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY


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
