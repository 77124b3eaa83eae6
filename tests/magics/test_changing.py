"""%mxgw arm, disarm, write --plan and %%mxgw write."""

from __future__ import annotations

from pathlib import Path

import pytest

from mxgw_notebook.gateway import Plan, current
from tests.conftest import KEY
from tests.magics.conftest import Notebook


@pytest.fixture
def unarmed(connected: Notebook) -> Notebook:
    connected.run("%mxgw disarm")
    return connected


def test_arming_says_which_plant_and_until_when(unarmed: Notebook) -> None:
    endpoint = current().endpoint
    told = unarmed.run('%mxgw arm --reason "tuning the loop" --for 5m --tags FIC*.SP TIC*.SP').out
    assert told.startswith(f"{endpoint} is armed for FIC*.SP, TIC*.SP alone until ")
    assert told.endswith(": tuning the loop\n")
    assert "TIC103.CV was not written" in unarmed.run("%mxgw write TIC103.CV 1").err
    assert unarmed.run("%mxgw disarm").out == f"{endpoint} is read-only.\n"
    assert "is not armed. Arm it first: %mxgw arm --reason" in unarmed.run("%mxgw write FIC101.SP 41").err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("arm", "--reason"),
        ('arm --reason ""', "Arming takes a reason"),
        ("arm --reason x --for soon", "soon"),
        ("arm --reason x --for 1500m", "not a time to be armed for"),
        ("write --plan FIC101.SP 41 --type Double", "A plan takes no"),
    ],
)
def test_what_does_not_fit_is_one_line(unarmed: Notebook, line: str, told: str) -> None:
    cell = unarmed.run(f"%mxgw {line}")
    shown = cell.err.strip().splitlines()
    assert len(shown) == 1, cell
    assert told in shown[0]


def test_a_dry_run_is_a_plan(unarmed: Notebook) -> None:
    plan = unarmed.run("%mxgw write --dry-run FIC101.SP 9999").value
    assert isinstance(plan, Plan)
    assert plan.frame()["verdict"].tolist() == ["needs an override"]


def test_a_cell_of_writes_is_one_plan(connected: Notebook) -> None:
    before = current().read("FIC101.SP", "TIC103.SP")
    lines = ('FIC101.SP = 46 --override "trial $number"  # above its alarm', "TIC103.SP {number}")
    cell = "\n".join(("%%mxgw write --yes", *lines))
    connected.run(f"number = {before['value'][1] + 1}")
    outcomes = connected.run(cell).value
    assert outcomes["verdict"].tolist() == ["as wanted", "as wanted"]
    assert outcomes["is"].tolist() == [46.0, before["value"][1] + 1]
    current().write(before)


def test_a_terminal_without_anybody_is_asked_nothing(connected: Notebook) -> None:
    assert "nobody can be asked" in connected.run("%mxgw write --plan FIC101.SP 39.25").err
    assert "nobody can be asked" in connected.run("%%mxgw write\nFIC101.SP 39.25").err
    assert "takes no" not in connected.run("%mxgw help write").out


def test_a_line_of_a_cell_that_is_none_is_told(connected: Notebook) -> None:
    assert "VALUE" in connected.run("%%mxgw write\nFIC101.SP\n").err
    assert "No tag given" in connected.run("%%mxgw write\n# nothing\n").err


@pytest.mark.parametrize("value", ["{table}", "{table[['a']]}", "[[1, 2], [3, 4]]", "{[[1], [2]]}"])
def test_a_table_is_no_value_of_an_array(connected: Notebook, value: str) -> None:
    connected.run("import pandas as pd; table = pd.DataFrame({'a': [1, 2], 'b': [3, 4]})")
    before = connected.run("%mxgw read Recipe_101.StepLimits[]").value["value"].iloc[0].tolist()
    quoted = value if value.startswith("{") else f"'{value}'"
    for line in (
        f"%mxgw write Recipe_101.StepLimits[] {quoted}",
        f"%%mxgw write --yes\nRecipe_101.StepLimits[] = {quoted}",
    ):
        error = connected.run(line).err
        assert "cannot be written to an array" in error
        assert "\n" not in error.strip()
    assert connected.run("%mxgw read Recipe_101.StepLimits[]").value["value"].iloc[0].tolist() == before


def test_values_are_kept_compared_and_restored(connected: Notebook, tmp_path: Path) -> None:
    file = tmp_path / "before.parquet"
    before = current().read("FIC101.SP")["value"][0]
    other = 41.0 if before != 41.0 else 40.0
    told = connected.run(f"%mxgw values save {file} FIC101.SP TIC103.SP").out
    assert told == f"<Values of 2 tags of {current().endpoint}> are in {file}.\n"
    assert "is there already" in connected.run(f"%mxgw values save {file} FIC101.SP").err
    connected.run(f"%mxgw write FIC101.SP {other}")
    found = connected.run(f"%mxgw values compare {file} --tolerance 0.1").value
    assert found["verdict"].tolist() == ["differs", "same"]
    plan = connected.run(f"%mxgw values restore {file} --dry-run").value
    assert plan.frame()["new"].tolist()[0] == before
    outcomes = connected.run(f'%mxgw values restore {file} --yes --override "as it was"').value
    assert outcomes["is"].tolist() == [before]
    assert "takes no tags" in connected.run(f"%mxgw values compare {file} FIC101.SP").err


def test_a_plan_is_rehearsed_unarmed(unarmed: Notebook) -> None:
    value = current().read("FIC101.SP")["value"][0] + 1
    cell = unarmed.run(f"%mxgw write --rehearse FIC101.SP {value}")
    assert cell.value["verdict"].tolist() == cell.value["undone"].tolist() == ["as wanted"]
    assert "Not proven is the physics" in cell.out


def test_the_doctor_looks_at_what_is_connected_and_at_nothing(
    connected: Notebook, notebook: Notebook
) -> None:
    found = connected.run("%mxgw doctor").value
    assert dict(zip(found["check"], found["verdict"], strict=True))["gateway"] == "good"
    text = connected.run("%mxgw doctor --report").out
    assert text.startswith("mxgw_notebook doctor\n- versions: good: ")
    assert KEY not in text
    notebook.run("%mxgw disconnect")
    found = notebook.run("%mxgw doctor").value
    assert dict(zip(found["check"], found["verdict"], strict=True))["gateway"] == "not known"
