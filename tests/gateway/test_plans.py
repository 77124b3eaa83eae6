"""Plans: what is, what is to be, what speaks against it; applied once, as a whole, and undone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError, GatewayError, NotArmedError, PlanError
from mxgw_notebook.gateway import Gateway, Plan, connect
from mxgw_notebook.gateway.plans.bounds import Bound, span_of
from mxgw_notebook.gateway.plans.line import Facts, Line, same
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually

SETPOINT, OTHER, SWITCH = "FIC101.SP", "TIC103.SP", "Pump001.StartCmd"


@pytest.fixture
def plant(own_embedded: EmbeddedGateway) -> Iterator[Gateway]:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True)
    yield gateway
    gateway.close()


def now(gateway: Gateway, tag: str = SETPOINT) -> Any:
    return gateway.read(tag)["value"].iloc[0]


def row_of(plan: Plan, tag: str = SETPOINT) -> dict[str, Any]:
    (row,) = plan.frame().query("tag == @tag").to_dict("records")
    return {str(name): value for name, value in row.items()}


# ------------------------------------------------------------------ what a plan shows


def test_a_plan_shows_what_is_and_what_is_to_be(plant: Gateway) -> None:
    row = row_of(plant.plan({SETPOINT: "42"}))
    assert row["plant"] == plant.endpoint
    assert (row["now"], row["new"], row["change"], row["units"]) == (30.0, 42.0, 12.0, "m3/h")
    assert (row["quality"], row["type"], row["security"]) == ("good", "Double", "Operate")
    assert "FIC101.PV.Hi 45" in row["bounds"]
    assert "FIC101.PV.RangeHigh 50" in row["bounds"]
    assert (row["verdict"], row["reason"]) == ("write", "")


@pytest.mark.parametrize(
    ("tag", "value", "verdict", "reason"),
    [
        (SETPOINT, 30, "nothing to do", ""),
        (SETPOINT, 9999, "needs an override", "9999 is above FIC101.PV.Hi 45"),
        (SETPOINT, 45.0000004, "needs an override", "45.0000004 is above FIC101.PV.Hi 45"),
        (SETPOINT, -1, "needs an override", "-1 is below FIC101.PV.RangeLow 0"),
        (SETPOINT, 4, "needs an override", "a step of 52% of its range"),
        (SETPOINT, "abc", "refused", "cannot be written"),
        ("FIC101.PV", 30, "refused", "ViewOnly"),
        ("FIC101.SPP", 30, "refused", "did you mean FIC101.SP"),
        (SWITCH, 0.4, "refused", "Boolean"),
        ("Recipe_101.Charges[]", [1.0], "needs an override", "1 elements instead of"),
    ],
)
def test_what_speaks_against_a_line_is_said(
    plant: Gateway, tag: str, value: Any, verdict: str, reason: str
) -> None:
    row = row_of(plant.plan({tag: value}), tag)
    assert row["verdict"] == verdict
    assert reason in row["reason"]


def test_a_bad_quality_needs_an_override() -> None:
    line = Line(SETPOINT, Facts(value=30.0, quality="bad", security="Operate"), 31.0)
    assert (line.verdict, line.reason) == ("needs an override", "its quality is bad now")


def test_nothing_is_beyond_limits_that_are_not_known() -> None:
    facts = Facts(value=30.0, quality="good")
    assert Line("A.B", facts, 44.0).verdict == "write"
    assert Line("A.B", facts, 46.0).verdict == "needs an override"
    assert span_of([Bound("A.B.RangeLow", 0.0, False, True)]) is None
    assert Bound("A.B.Hi", 45.0, True, False).is_passed(float("nan"))


@pytest.mark.parametrize(
    ("now", "new", "doubt"),
    [
        (0.0, 46.0, "a step from 0 to 46, and no range that says how large that is"),
        (float("nan"), 46.0, "a step from nan to 46, and no range"),
        (None, 46.0, "a step whose size is not known"),
        (np.array([1.0, 0.0]), [1.0, 46.0], "a step from 0 to 46"),
        (np.array([1.0, 2.0]), [1.0, 4.0], "a step of 100% of what it is"),
        (np.array([1.0, 0.0]), [1.2, 0.0], ""),
        (0.0, 0.0, ""),
        ("off", "on", ""),
    ],
)
def test_a_step_of_unknown_size_is_not_taken_for_a_small_one(now: Any, new: Any, doubt: str) -> None:
    line = Line("A.B", Facts(value=now, quality="good"), new)
    assert doubt in line.reason
    assert (line.verdict == "needs an override") is bool(doubt)


def test_a_step_from_0_is_a_share_of_the_range() -> None:
    bounds = (Bound("A.B.RangeLow", 0.0, False, True), Bound("A.B.RangeHigh", 50.0, True, True))
    line = Line("A.B", Facts(value=0.0, quality="good", bounds=bounds), 20.0)
    assert (line.verdict, line.reason) == ("write", "")


def test_values_are_the_same_by_what_they_hold() -> None:
    assert same(np.array([1.0, np.nan]), [1.0, np.nan])
    assert not same(np.array([1.0]), np.array([1.0, 2.0]))
    assert same(np.datetime64("NaT", "ns"), np.datetime64("NaT", "ns"))
    assert not same(None, 0)


@pytest.mark.parametrize(
    ("values", "settings"),
    [
        ({}, {}),
        (5, {}),
        ({SETPOINT: 1}, {"override": {OTHER: "why"}}),
        ({SETPOINT: 1}, {"override": {SETPOINT: " "}}),
        ({SETPOINT: 1}, {"largest_step": 0}),
    ],
)
def test_a_plan_of_nothing_is_one_line(plant: Gateway, values: Any, settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        plant.plan(values, **settings)
    assert "\n" not in str(caught.value)


# ------------------------------------------------------------------ applying


def test_an_applied_plan_shows_was_wanted_and_is(plant: Gateway) -> None:
    before, switch = now(plant, OTHER), not now(plant, SWITCH)
    plan = plant.plan(pd.DataFrame({"tag": [SETPOINT, OTHER, SWITCH], "value": [42, before, switch]}))
    with plant.armed("a test"):
        outcomes = plan.apply(yes=True)
    assert outcomes is not None
    assert outcomes["tag"].tolist() == [SETPOINT, SWITCH]
    assert outcomes[["was", "wanted", "is"]].iloc[0].tolist() == [30.0, 42.0, 42.0]
    assert outcomes["outcome"].tolist() == ["completed", "completed"]
    assert outcomes["verdict"].tolist() == ["as wanted", "as wanted"]
    assert outcomes.attrs == {"plant": plant.endpoint}
    assert plan.summary == f"2 writes to {plant.endpoint}: 2 as wanted."
    with pytest.raises(PlanError, match="applied already"):
        plan.apply(yes=True)


def test_undoing_restores_what_was(plant: Gateway) -> None:
    was = now(plant, SWITCH)
    with plant.armed("a test"):
        plan = plant.plan({SETPOINT: 48, SWITCH: not was}, override={SETPOINT: "trial"})
        assert row_of(plan)["verdict"] == "override"
        assert row_of(plan)["reason"] == "trial (though 48 is above FIC101.PV.Hi 45)"
        plan.apply(yes=True)
        back = plan.undo()
        assert row_of(back)["new"] == 30.0
        back.apply(yes=True)
    assert (now(plant), now(plant, SWITCH)) == (30.0, was)


def test_a_step_is_taken_back_however_large_that_is_unless_somebody_has_written_since(plant: Gateway) -> None:
    limit = "CoolingTower901.BasinLevel.HiHi.Limit"  # it has no range: 92 to 50 is 46 %, and back is 84 %
    was = now(plant, limit)
    with plant.armed("a test"):
        plan = plant.plan({limit: was - 42})
        plan.apply(yes=True)
        back = plan.undo()
        plant.write(limit, 30.0)
        assert row_of(plan.undo(), limit)["verdict"] == "needs an override"
        plant.write(limit, was - 42)
        back.apply(yes=True)
    assert now(plant, limit) == was


def test_one_line_that_cannot_be_applied_stops_all_of_it(plant: Gateway) -> None:
    plan = plant.plan({SETPOINT: 42, OTHER: 9999})
    with (
        plant.armed("a test"),
        pytest.raises(PlanError, match=r"TIC103.SP: 9999 is above"),
    ):
        plan.apply(yes=True)
    assert now(plant) == 30.0
    with pytest.raises(PlanError, match="not applied"):
        plan.outcomes()
    with pytest.raises(PlanError, match="not applied"):
        plan.undo()


def test_what_has_changed_meanwhile_stops_it(plant: Gateway) -> None:
    plan = plant.plan({SETPOINT: 42})
    with plant.armed("a test"):
        plant.write(SETPOINT, 31)
        with pytest.raises(PlanError, match=r"changed since the plan was made: it is 31.0, and was 30.0"):
            plan.apply(yes=True)
        plant.write(SETPOINT, 30)
        plant.write("FIC101.PV.Hi.Limit", 41)
        with pytest.raises(PlanError, match=r"its bounds is|its bounds"):
            plan.apply(yes=True)
    assert now(plant) == 30.0


def test_a_plan_needs_an_arming_to_be_applied_and_none_to_be_made(plant: Gateway) -> None:
    plan = plant.plan({SETPOINT: 42})
    with pytest.raises(NotArmedError):
        plan.apply(yes=True)
    with plant.armed("a test", tags="TIC*"), pytest.raises(NotArmedError):
        plan.apply(yes=True)
    assert now(plant) == 30.0


def test_where_nobody_can_be_asked_it_is_not_applied(plant: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plant.plan({SETPOINT: 42})
    with plant.armed("a test"):
        with pytest.raises(PlanError, match=r"nobody can be asked. .*yes=True"):
            plan.apply()
        monkeypatch.setattr("mxgw_notebook.gateway.plans.plan.answer", lambda question: False)
        with pytest.raises(PlanError, match="declined"):
            plan.apply()
        asked: list[str] = []

        def say_yes(question: str) -> bool:
            asked.append(question)
            return True

        monkeypatch.setattr("mxgw_notebook.gateway.plans.plan.answer", say_yes)
        assert plan.apply() is not None
    assert plant.endpoint in asked[0]
    assert now(plant) == 42.0


def test_who_is_not_armed_is_asked_nothing_and_is_on_record(
    plant: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("mxgw_notebook.gateway.plans.plan.answer", asked.append)
    with pytest.raises(NotArmedError):
        plant.plan({SETPOINT: 42}).apply()
    assert asked == []
    trail = plant.audit_trail()
    assert trail[["deed", "what", "value", "outcome"]].to_numpy().tolist() == [
        ["write", SETPOINT, 42.0, "refused"]
    ]
    assert "not armed" in repr(trail)  # all of its columns are shown


def test_a_plan_with_nothing_to_do_says_so(plant: Gateway) -> None:
    with plant.armed("a test"), pytest.raises(PlanError, match="nothing to write"):
        plant.plan({SETPOINT: 30}).apply(yes=True)


def test_an_outcome_that_is_lost_is_unknown_until_it_is_read_back(
    plant: Gateway, own_embedded: EmbeddedGateway
) -> None:
    plan = plant.plan({SETPOINT: 42})
    own_embedded.fault("lose-reply", command="write*", code="UNAVAILABLE", times=1)
    with plant.armed("a test"):
        outcomes = plan.apply(yes=True, timeout=2)
    assert outcomes is not None
    assert outcomes["outcome"].tolist() == ["unknown"]
    assert outcomes["verdict"].iloc[0] == ("as wanted" if now(plant) == 42.0 else "unknown")


def test_a_plan_is_applied_once_by_whoever_comes_first(plant: Gateway) -> None:
    plan = plant.plan({SETPOINT: 42})

    async def apply_twice() -> Any:
        return await asyncio.gather(plan.carry_out(), plan.carry_out(), return_exceptions=True)

    with plant.armed("a test"):
        first, second = plant.runner.run(apply_twice())
    assert first["verdict"].tolist() == ["as wanted"]
    assert isinstance(second, PlanError)
    assert plant.actions()["tag"].tolist() == [SETPOINT]


def test_a_plan_that_was_interrupted_says_that_nobody_knows(
    plant: Gateway, own_embedded: EmbeddedGateway
) -> None:
    plan = plant.plan({SETPOINT: 42})
    own_embedded.fault("delay-command", command="write*", seconds=5)
    with plant.armed("a test"), pytest.raises(TimeoutError):
        plant.runner.run(asyncio.wait_for(plan.carry_out(), 0.5))
    own_embedded.clear_faults()
    row = plan.outcomes().iloc[0]
    assert (row["outcome"], row["verdict"]) == ("unknown", "unknown")
    assert "interrupted" in row["reason"]
    assert [line.asked for line in plan.undo().lines] == [30.0]


def test_an_array_that_is_changed_after_the_look_is_not_what_is_written(plant: Gateway) -> None:
    charges = np.array(now(plant, "Recipe_101.Charges[]"))
    plan = plant.plan({"Recipe_101.Charges[]": charges})
    charges[0] += 1
    assert plan.frame()["verdict"].tolist() == ["nothing to do"]


# ------------------------------------------------------------------ in a page


@pytest.mark.usefixtures("page")
def test_a_button_applies_it(plant: Gateway, monkeypatch: pytest.MonkeyPatch, eventually: Eventually) -> None:
    monkeypatch.setattr("mxgw_notebook.gateway.plans.plan.in_page", lambda: True)
    plan = plant.plan({SETPOINT: 42})
    assert plan.apply() is None
    panel = plan.panel
    assert panel is not None
    panel.apply.click()
    eventually(lambda: "not armed" in panel.told.value)
    assert not panel.apply.disabled
    plant.arm("a test")
    panel.apply.click()
    panel.apply.click()
    eventually(lambda: "1 as wanted" in panel.table.value)
    assert panel.told.value == ""
    assert len(plant.actions()) == 1
    assert panel.apply.disabled
    assert now(plant) == 42.0


@pytest.mark.usefixtures("page")
def test_a_plan_that_is_not_wanted_is_not_applied(plant: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mxgw_notebook.gateway.plans.plan.in_page", lambda: True)
    plan = plant.plan({SETPOINT: 42}, dry_run=True)
    assert plan.offer() is plan
    plan.show()
    assert plan.panel is not None
    assert len(plan.panel.widget.children) == 2
    assert plan.as_html().count("<tr") == 2


def test_what_a_plan_is_decided_by_is_seen_first(plant: Gateway) -> None:
    shown = plant.plan({SETPOINT: 42}, dry_run=True).as_html()
    heads = re.findall("<th>(.*?)</th>", shown)
    assert heads[:6] == ["tag", "now", "new", "units", "verdict", "reason"]
    assert "plant" not in heads  # it stands above the table
    assert plant.plant in shown


def test_dollars_in_a_plan_are_no_mathematics(plant: Gateway) -> None:
    shown = plant.plan({"Pump001.Manufacturer": "$5 to $6"}, dry_run=True).as_html()
    assert "$5 to $6" in shown
    assert re.match(r"<div class=.tex2jax_ignore mathjax_ignore", shown)


def test_texts_of_the_plant_are_texts_in_a_plan(plant: Gateway) -> None:
    plan = plant.plan({"<img src=x onerror=alert(1)>": 1})
    assert "<img" not in plan.as_html()
    with pytest.raises(GatewayError):
        plan.apply(yes=True)
