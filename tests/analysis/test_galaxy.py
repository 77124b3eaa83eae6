"""Differences between two states of a galaxy, against an obvious comparison."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.analysis.galaxy import Snapshot, diff
from mxgw_notebook.client.contract import galaxy as wire
from mxgw_notebook.errors import ConfigurationError
from tests.widgets.galaxies import application_object, area, galaxy_of


def snapshot(objects: list[wire.GalaxyObject]) -> Snapshot:
    known = galaxy_of(objects)
    return Snapshot(known.objects, known.attributes)


def facts(before: list[wire.GalaxyObject], after: list[wire.GalaxyObject]) -> list[list[str]]:
    columns = ["change", "kind", "object", "attribute", "what", "before", "after"]
    return [list(row) for row in diff(snapshot(before), snapshot(after))[columns].to_numpy()]


PUMP = application_object(3, "Pump1", 1, ["Speed", "Flow"])
PLANT = [area(1, "North"), area(2, "South"), PUMP]


CHAINS = ("$Pump < $UserDefined", "$BigPump < $UserDefined")


def changed(**fields: object) -> list[wire.GalaxyObject]:
    """The plant with another pump."""
    pump = wire.GalaxyObject()
    pump.CopyFrom(PUMP)
    for name, value in fields.items():
        setattr(pump, name, value)
    return [*PLANT[:2], pump]


def test_nothing_differs_from_itself() -> None:
    assert facts(PLANT, PLANT) == []
    assert facts([], []) == []


def test_an_object_that_came_is_one_row_with_the_count_of_its_attributes() -> None:
    assert facts(PLANT[:2], PLANT) == [["added", "object", "Pump1", "", "", "", "2 attributes"]]
    assert facts(PLANT, PLANT[:2]) == [["removed", "object", "Pump1", "", "", "2 attributes", ""]]


def test_a_move_shows_in_parent_area_and_path() -> None:
    moved = facts(PLANT, changed(parent_gobject_id=2))
    assert [row[4:] for row in moved] == [
        ["parent", "North", "South"],
        ["area", "North", "South"],
        ["path", "North/Pump1", "South/Pump1"],
    ]


def test_a_new_template_an_attribute_that_went_a_type_and_security() -> None:
    after = changed()
    after[2].template_chain[0] = "$BigPump"
    after[2].attributes[0].mx_data_type = 2
    after[2].attributes[0].security_classification = 4
    del after[2].attributes[1]
    assert facts(PLANT, after) == [
        ["changed", "object", "Pump1", "", "template", "$Pump", "$BigPump"],
        [
            "changed",
            "object",
            "Pump1",
            "",
            "template_chain",
            "$Pump < $UserDefined",
            "$BigPump < $UserDefined",
        ],
        ["removed", "attribute", "Pump1", "Flow", "", "", ""],
        ["changed", "attribute", "Pump1", "Speed", "data_type", "Double", "Integer"],
        ["changed", "attribute", "Pump1", "Speed", "security", "Operate", "Tune"],
    ]


def test_files_are_compared_as_snapshots_are(tmp_path: Path) -> None:
    before, after = (
        snapshot(PLANT[:2]).save(tmp_path / "a.parquet"),
        snapshot(PLANT).save(tmp_path / "b.parquet"),
    )
    assert diff(before, after).equals(diff(snapshot(PLANT[:2]), snapshot(PLANT)))


def test_a_file_that_is_replaced_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = snapshot(PLANT).save(tmp_path / "a.parquet")
    assert capsys.readouterr().out == ""
    snapshot(PLANT).save(file)
    assert capsys.readouterr().out == f"{file} was there already, and is replaced.\n"


def columns_of(table: pa.Table, **changed: Any) -> pa.Table:
    """The table of a file with some columns made otherwise; None is without it."""
    for name, column in changed.items():
        place = table.column_names.index(name)
        table = table.remove_column(place) if column is None else table.set_column(place, name, column)
    return table


def test_a_file_with_half_a_galaxy_is_one_line(tmp_path: Path) -> None:
    whole = pq.read_table(snapshot(PLANT).save(tmp_path / "a.parquet"))
    rows = whole.num_rows
    nothing = pa.array([None] * rows, whole.schema.field("attributes").type)
    broken = [columns_of(whole, **{name: None}) for name in whole.column_names]
    broken += [columns_of(whole, attributes=column) for column in (pa.array(["A"] * rows), nothing)]
    for table in broken:
        pq.write_table(table, tmp_path / "b.parquet")
        with pytest.raises(
            ConfigurationError, match=r"b\.parquet has a galaxy that cannot be read"
        ) as caught:
            Snapshot.read(tmp_path / "b.parquet")
        assert "\n" not in str(caught.value)
    facts = {"mxgw_notebook": json.dumps({"format": "galaxy 1"})}
    pq.write_table(whole.replace_schema_metadata(facts), tmp_path / "b.parquet")
    assert Snapshot.read(tmp_path / "b.parquet").deployed == ""


NAMES = st.sampled_from(["Pump1", "Pump2", "Tank", "Füllstand", "x.y"])
GALAXIES = st.dictionaries(NAMES, st.sets(st.sampled_from(["Speed", "Flow", "PV"])), max_size=4).map(
    lambda plant: [
        area(1, "North"),
        *(
            application_object(number, name, 1, sorted(attributes))
            for number, (name, attributes) in enumerate(plant.items(), start=2)
        ),
    ]
)


@given(GALAXIES, GALAXIES)
def test_what_came_and_went_is_the_difference_of_the_names(
    before: list[wire.GalaxyObject], after: list[wire.GalaxyObject]
) -> None:
    old = {(one.tag_name, attribute.attribute_name) for one in before for attribute in one.attributes}
    new = {(one.tag_name, attribute.attribute_name) for one in after for attribute in one.attributes}
    names, later = {one.tag_name for one in before}, {one.tag_name for one in after}
    found = diff(snapshot(before), snapshot(after))
    objects, attributes = found[found["kind"] == "object"], found[found["kind"] == "attribute"]
    assert set(objects.loc[objects["change"] == "added", "object"]) == later - names
    assert set(objects.loc[objects["change"] == "removed", "object"]) == names - later
    for change, gone in (("added", new - old), ("removed", old - new)):
        rows = attributes[attributes["change"] == change]
        pairs = set(zip(rows["object"], rows["attribute"], strict=True))
        assert pairs == {pair for pair in gone if pair[0] in names & later}
