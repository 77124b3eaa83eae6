"""Several plants at once in a notebook: one is current, and --on means another."""

from __future__ import annotations

from pathlib import Path

import pytest

from mxgw_notebook.gateway import current
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY
from tests.magics.conftest import Notebook
from tests.magics.test_completion import tab


@pytest.fixture
def plants(
    notebook: Notebook, embedded: EmbeddedGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Notebook:
    """plant-a and plant-b are connected, plant-b is current."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEY_OF_PLANTS", KEY)
    way = f'endpoint = "{embedded.endpoint}"\nplaintext = true\nkey = {{ env = "KEY_OF_PLANTS" }}'
    tables = [f"[plants.{name}]\n{way}" for name in ("plant-a", "plant-b")]
    (tmp_path / "mxgw.toml").write_text("\n".join(tables))
    notebook.run("%mxgw connect plant-a")
    notebook.run("%mxgw connect plant-b")
    return notebook


def test_connecting_says_the_plants_name(plants: Notebook) -> None:
    assert plants.run("%mxgw connect plant-a").out.startswith("Connected to plant-a (")


@pytest.mark.parametrize("line", ["read Tank001.Level --on plant-a", "read --on=plant-a Tank001.Level"])
def test_on_means_another_plant_for_one_command(plants: Notebook, line: str) -> None:
    assert plants.run(f"%mxgw {line}").value.attrs["plant"] == "plant-a"
    assert current().plant == "plant-b"


def test_on_means_another_plant_for_cells_and_conditions_too(plants: Notebook) -> None:
    assert plants.run("%%mxgw read --on plant-a\nTank001.Level").value.attrs["plant"] == "plant-a"
    plants.run("%mxgw when --on plant-a Tank001.Level > 1e9 --as held")
    assert plants["held"].plant == "plant-a"


def test_connections_lists_the_plants_and_chooses_one(plants: Notebook) -> None:
    table = plants.run("%mxgw connections plant-a").value
    assert dict(zip(table["plant"], table["current"], strict=True)) == {"plant-a": True, "plant-b": False}
    assert current().plant == "plant-a"


def test_disconnecting_one_leaves_the_other(plants: Notebook) -> None:
    assert plants.run("%mxgw disconnect plant-a").out.endswith("has ended. Still connected: plant-b.\n")
    assert list(plants.run("%mxgw connections").value["plant"]) == ["plant-b"]
    assert current().plant == "plant-b"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("read Tank001.Level --on plant-c", "plant-c is not connected. Connected are plant-a, plant-b."),
        ("read Tank001.Level --on", "--on takes the name of a plant. %mxgw connections lists them."),
        ("connections plant-c", "plant-c is not connected. Connected are plant-a, plant-b."),
    ],
)
def test_a_plant_that_is_not_there_is_one_line(plants: Notebook, line: str, told: str) -> None:
    assert told in plants.run(f"%mxgw {line}").err


def test_names_of_plants_complete(plants: Notebook) -> None:
    assert {"plant-a", "plant-b"} <= ends(tab(plants, "%mxgw connect pla"))
    assert {"plant-a", "plant-b"} == ends(tab(plants, "%mxgw read --on pla"))
    assert {"plant-a", "plant-b"} == ends(tab(plants, "%mxgw disconnect pla"))
    assert ends(tab(plants, "%mxgw read --o")) == {"--on"}


def ends(lines: list[str]) -> set[str]:
    """The last word of each."""
    return {line.split()[-1] for line in lines}
