"""Rehearsing a plan: the same writes at an embedded gateway, and none at the plant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mxgw_notebook.client import Reading
from mxgw_notebook.errors import PlanError
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.gateway.plans.rehearsal import held
from mxgw_notebook.simulator import EmbeddedGateway, GatewayStartError
from mxgw_notebook.simulator.catalogue import Catalogue, hold_values, read_plant_file
from mxgw_notebook.simulator.plant import Journal
from tests.conftest import KEY

SETPOINT, OTHER, SWITCH, CHARGES = "FIC101.SP", "TIC103.SP", "Pump001.StartCmd", "Recipe_101.Charges[]"


@pytest.fixture
def plant(own_embedded: EmbeddedGateway) -> Gateway:
    """Connected as to any plant, and not armed; its setpoints are where they begin."""
    return connect(own_embedded.endpoint, api_key=KEY, plaintext=True)


def changes(embedded: EmbeddedGateway) -> dict[str, int]:
    calls = embedded.status()["calls"]
    return {name: count for name, count in calls.items() if "write" in name.lower()}


def test_a_plan_is_rehearsed_and_the_plant_hears_of_no_write(
    plant: Gateway, own_embedded: EmbeddedGateway, capsys: pytest.CaptureFixture[str]
) -> None:
    now = {tag: plant.read(tag)["value"].iloc[0] for tag in (SETPOINT, SWITCH, CHARGES)}
    charges = np.asarray(now[CHARGES]) * 1.1
    before = changes(own_embedded)
    plan = plant.plan(
        {SETPOINT: now[SETPOINT] + 1, SWITCH: not now[SWITCH], CHARGES: charges}, override={CHARGES: "trial"}
    )
    rehearsed = plan.rehearse(seconds=30)
    assert changes(own_embedded) == before
    assert plant.arming is None
    rows = rehearsed.set_index("tag")
    assert rows["verdict"].tolist() == ["as wanted"] * 3
    assert rows["undone"].tolist() == ["as wanted"] * 3
    assert rows["outcome"].tolist() == ["completed"] * 3
    assert (rows.loc[SETPOINT, "was"], rows.loc[SETPOINT, "is"]) == (now[SETPOINT], now[SETPOINT] + 1)
    assert set(rehearsed["plant"]) == {plant.endpoint}
    told = capsys.readouterr().out
    assert "3 of 3 writes as wanted, 3 undone" in told
    assert "Proven is the procedure" in told
    assert "Not proven is the physics" in told
    last = plant.audit_trail().iloc[-1]
    assert (last["deed"], last["outcome"], last["told"]) == ("rehearse", "done", told.strip())
    assert len(plant.actions()) == 0
    with pytest.raises(PlanError, match="not applied"):
        plan.outcomes()  # it may be applied yet


def test_what_nobody_signs_is_not_rehearsed(plant: Gateway) -> None:
    secured = plant.attributes(security="SecuredWrite")["tag"].iloc[0]
    value = plant.read(secured)["value"].iloc[0]
    wanted = (not value) if isinstance(value, bool | np.bool_) else value + 1
    plan = plant.plan({secured: wanted}, override={secured: "trial"})
    with pytest.raises(PlanError, match="SecuredWrite: it takes a user who signs"):
        plan.rehearse(seconds=30)


def test_what_the_galaxy_does_not_list_is_not_rehearsed(plant: Gateway) -> None:
    hidden = "FIC101.PV.Hi.AlarmShelveCmd"
    assert plant.attributes(hidden).empty
    now = plant.read(hidden, SETPOINT)["value"].tolist()
    plan = plant.plan({hidden: f"{now[0]} no more", SETPOINT: now[1] + 1})
    rows = plan.rehearse(seconds=30).set_index("tag")
    assert rows.loc[hidden, "verdict"] == "not rehearsed"
    assert "does not list it" in str(rows.loc[hidden, "reason"])
    assert rows.loc[SETPOINT, "verdict"] == "as wanted"
    with pytest.raises(PlanError, match="cannot be rehearsed"):
        plant.plan({hidden: f"{now[0]} no more"}).rehearse(seconds=30)


def test_a_plan_that_cannot_be_applied_is_not_rehearsed(plant: Gateway) -> None:
    with pytest.raises(PlanError, match="9999 is above"):
        plant.plan({SETPOINT: 9999}).rehearse()
    with pytest.raises(PlanError, match="nothing to write"):
        plant.plan({SETPOINT: plant.read(SETPOINT)["value"].iloc[0]}).rehearse()


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (np.datetime64("2026-01-01T00:00:01", "ns"), 1767225601.0),
        (np.array(["1970-01-01T00:00:02"], "datetime64[ns]"), [2.0]),
        (np.array([1.5, 2.5]), [1.5, 2.5]),
        (np.float64(1.5), 1.5),
        (True, True),
        ("text", "text"),
    ],
)
def test_present_values_are_handed_over_as_they_are(value: Any, kept: Any) -> None:
    reading = Reading(tag="A.B", value=value, quality=192)
    assert held({"A.B": reading}) == {"A.B": {"value": kept, "quality": 192}}
    assert held({"A.B": Reading(tag="A.B", failure="gone")}) == {}


@pytest.mark.parametrize(
    "values", ["[", '{"FIC101.SP": 5}', '{"FIC101.SP": {"value": "x", "quality": 192}}', "[1]"]
)
def test_a_file_of_values_that_is_none_is_told(plant: Gateway, tmp_path: Path, values: str) -> None:
    catalogue = Catalogue(1, Journal())
    read_plant_file(str(plant.snapshot(tmp_path / "plant.parquet")), catalogue)
    file = tmp_path / "values.json"
    file.write_text(values, "utf-8")
    with pytest.raises(ValueError, match=r"FIC101.SP|not a file of values"):
        hold_values(str(file), catalogue, 0.0)


def test_values_are_held_of_a_galaxy_from_a_file_alone(tmp_path: Path) -> None:
    with pytest.raises(GatewayStartError, match="of a galaxy from a file"):
        EmbeddedGateway.start(values=str(tmp_path / "values.json"))
