"""Finding tags against a slow, obvious search."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.client.contract import galaxy as wire
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import Pattern, glob_matches
from mxgw_notebook.frames.paths import paths
from mxgw_notebook.frames.suggest import suggestions
from mxgw_notebook.frames.tree import ROOT, Tree
from tests.widgets.galaxies import application_object, area, galaxy_of

PIECES = st.text(st.sampled_from("aAbB.0_"), min_size=1, max_size=4)
PLANTS = st.dictionaries(PIECES, st.lists(PIECES, max_size=3, unique=True), max_size=5).map(
    lambda plant: list(plant.items())
)


def galaxy(plant: list[tuple[str, list[str]]]) -> list[wire.GalaxyObject]:
    numbered = enumerate(plant, start=2)
    objects = [application_object(number, name, 1, names) for number, (name, names) in numbered]
    return [area(1, "North"), *objects]


@given(PLANTS, st.lists(PIECES, min_size=1, max_size=3))
def test_words_are_found_in_any_order_in_tag_or_path(
    plant: list[tuple[str, list[str]]], words: list[str]
) -> None:
    index = galaxy_of(galaxy(plant)).index
    wanted = {
        f"{name}.{attribute}"
        for name, attributes in plant
        for attribute in attributes
        if all(
            word.lower() in f"{name}.{attribute}".lower() or word.lower() in f"north/{name}".lower()
            for word in words
        )
    }
    assert set(index.find(" ".join(words), {})["tag"]) == wanted


@given(PLANTS, st.text(st.sampled_from("aB.*?0"), min_size=1, max_size=5).filter(lambda text: "*" in text))
def test_a_glob_finds_what_it_matches(plant: list[tuple[str, list[str]]], glob: str) -> None:
    found = galaxy_of(galaxy(plant)).index
    tags = found.attributes["tag"].tolist()
    assert sorted(found.find(glob, {})["tag"]) == sorted(glob_matches(glob, tags))


@given(PLANTS, st.sampled_from(["^a", "b$", r"a.*0", r"\.b", "[ab]0", r"\W", r"\D"]))
def test_a_regular_expression_finds_what_python_finds(plant: list[tuple[str, list[str]]], regex: str) -> None:
    found = galaxy_of(galaxy(plant)).index
    wanted = [tag for tag in found.attributes["tag"] if re.search(regex, tag, re.IGNORECASE)]
    assert sorted(found.find(f"/{regex}/", {})["tag"]) == sorted(wanted)


def test_a_regular_expression_that_is_none_is_told() -> None:
    with pytest.raises(ConfigurationError, match="not a regular expression"):
        Pattern.of("/(/")


def test_a_whole_name_comes_before_a_part_and_an_attribute_before_its_parts() -> None:
    plant = [("Pump1", ["SpeedSP", "Speed", "Speed.EngUnits"]), ("Speeder", ["PV"])]
    found = galaxy_of(galaxy(plant)).index.find("speed", {})
    assert found["tag"].tolist() == ["Pump1.Speed", "Pump1.Speed.EngUnits", "Pump1.SpeedSP", "Speeder.PV"]


def test_filters_are_combined_and_templates_count_with_those_derived() -> None:
    objects = [
        area(1, "North"),
        area(2, "South"),
        application_object(3, "Pump1", 1, ["Speed", "AlarmHigh"], template="$BigPump"),
        application_object(4, "Pump2", 2, ["Speed"], template="$BigPump"),
    ]
    objects[2].template_chain.insert(1, "$Pump")
    index = galaxy_of(objects).index
    assert index.find(None, {"template": "$pump"})["tag"].tolist() == ["Pump1.Speed", "Pump1.AlarmHigh"]
    assert index.find("speed", {"area": "South"})["tag"].tolist() == ["Pump2.Speed"]
    assert index.find(None, {"is_alarm": True, "path": "north/*"})["tag"].tolist() == ["Pump1.AlarmHigh"]
    assert len(index.find(None, {"data_type": "String"})) == 0


@given(PLANTS, PIECES)
def test_what_is_suggested_begins_so_or_holds_it(plant: list[tuple[str, list[str]]], begun: str) -> None:
    index = galaxy_of(galaxy(plant)).index
    for kind in ("tag", "object", "template", "area", "attribute"):
        for name in suggestions(index, kind, begun):
            assert begun.lower() in name.lower()


@given(st.lists(st.integers(-1, 8), max_size=9), st.lists(st.booleans(), min_size=9, max_size=9))
def test_every_row_has_its_place_in_the_tree_also_in_rings(parents: list[int], wanted: list[bool]) -> None:
    ids = np.arange(len(parents))
    tree = Tree(ids, np.array(parents, np.int64))
    depths = tree.depths()
    nearest = tree.nearest(np.array(wanted[: len(parents)], bool))
    for row, above in enumerate(tree.above.tolist()):
        assert depths[row] == (0 if above == ROOT else depths[above] + 1)
        assert above in (ROOT, parents[row])
        assert nearest[row] == (row if wanted[row] else ROOT if above == ROOT else nearest[above])
    found = paths(tree, pa.array([f"n{row}" for row in ids], pa.string()))
    assert [path.count("/") for path in found.to_pylist()] == depths.tolist()
