"""What a deploy did: what it broke stands first, what nobody knows is said, the harmless is not broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.analysis import Snapshot, deploy_impact
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.simulator.clock import START
from mxgw_notebook.simulator.plant import Site
from mxgw_notebook.simulator.plant.alarm_state import AnyAlarm, Transition
from mxgw_notebook.simulator.plant.codes import Category
from mxgw_notebook.simulator.plant.layout import build
from mxgw_notebook.simulator.plant.plant import TICK
from tests.analysis.quality_frames import after, frame_of
from tests.widgets.galaxies import application_object, area, galaxy_of

SIDE = 300.0  # s of plant before the deploy, and after it


class Lived:
    """A plant that lives before and after a deploy, with what was heard of it."""

    def __init__(self, seed: int) -> None:
        self.site: Site = build(seed, START.timestamp())
        self.plant = self.site.plant
        self.scaled: dict[str, float] = {}
        self.removed: set[str] = set()
        self._rows: list[tuple[Any, ...]] = []
        self._alarms: list[tuple[Any, ...]] = []
        self.plant.board.listeners.append(self._note)
        for made in self.plant.objects.values():
            for attribute in made.attributes.values():
                attribute.watch()
                self._hear(attribute)
        self.go()

    def _note(self, alarm: AnyAlarm, transition: Transition) -> None:
        self._alarms.append((self.now, alarm.reference, alarm.source_reference, alarm.area, transition.value))

    def _hear(self, attribute: Any) -> None:
        tag, value = attribute.reference, attribute.value
        if tag not in self.removed and isinstance(value, int | float):
            self._rows.append((tag, self.now, float(value) * self.scaled.get(tag, 1.0), attribute.quality))

    @property
    def now(self) -> pd.Timestamp:
        return pd.Timestamp(round(self.plant.now * 1e9), unit="ns", tz="UTC")

    def go(self) -> None:
        for _ in range(round(SIDE / TICK)):
            self.plant.step()
            for attribute in self.plant.journal.take():
                self._hear(attribute)

    def galaxy(self, deployed: str = "") -> Snapshot:
        made = []
        for one in self.plant.everything():
            parent = one.parent.number if one.parent else 0
            if one.category == Category.AREA:
                made.append(area(one.number, one.tag_name, parent))
                continue
            names = [
                item.name for item in one.listings() if f"{one.tag_name}.{item.name}" not in self.removed
            ]
            template = f"{one.template_chain[0]}_New" if one.tag_name == deployed else one.template_chain[0]
            made.append(application_object(one.number, one.tag_name, parent, names, template))
        whole = galaxy_of(made)
        return Snapshot(whole.objects, whole.attributes)

    def impact(self, name: str, deploy: Callable[[], Any]) -> pd.DataFrame:
        before, at = self.galaxy(), self.now
        deploy()
        galaxy = self.galaxy(name)
        self.go()
        samples = pd.DataFrame(self._rows, columns=["tag", "timestamp", "value", "quality"])
        columns = ["time", "reference", "tag", "area", "transition"]
        alarms = pd.DataFrame(self._alarms, columns=columns)
        return deploy_impact(
            samples, before, galaxy, deployed=at, until=self.now, window="5min", alarms=alarms
        )


def limit_off_by_ten(lived: Lived) -> tuple[str, str, Callable[[], Any]]:
    level = lived.plant.object("Tank001")
    assert level is not None
    name, limit = next(
        (name, one)
        for name, one in lived.plant.objects["Tank001"].attributes.items()
        if name.endswith("Hi.Limit") and isinstance(one.value, float)
    )
    return "Tank001", "Tank001." + name, lambda: limit.put(limit.number / 10, lived.plant.now)


def scan_stopped(lived: Lived) -> tuple[str, str, Callable[[], Any]]:
    level = lived.plant.objects["Tank001"].attributes["Level"]
    return "Tank001", "Tank001.Level", lambda: stop_scan(level)


def stop_scan(attribute: Any) -> None:
    attribute.traits = replace(attribute.traits, deadband=float("inf"))


def attribute_renamed(lived: Lived) -> tuple[str, str, Callable[[], Any]]:
    return "Tank001", "Tank001.Level", lambda: lived.removed.add("Tank001.Level")


def wrong_units(lived: Lived) -> tuple[str, str, Callable[[], Any]]:
    return "Tank001", "Tank001.Level", lambda: lived.scaled.update({"Tank001.Level": 1000.0})


@pytest.mark.patient
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("broken", [limit_off_by_ten, scan_stopped, attribute_renamed, wrong_units])
def test_what_a_deploy_broke_is_among_the_first_three(
    broken: Callable[[Lived], tuple[str, str, Callable[[], Any]]], seed: int
) -> None:
    lived = Lived(seed)
    name, tag, deploy = broken(lived)
    found = lived.impact(name, deploy)
    assert tag.removesuffix(".Limit") in " ".join(found["tag"][:3]), found.head(6).to_string()
    assert found["reason"].str.len().min() > 0


@pytest.mark.patient
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_a_harmless_deploy_nothing_is_called_broken(seed: int) -> None:
    lived = Lived(seed)
    found = lived.impact("Tank001", lambda: lived.site.deploys.deploy(lived.plant.now))
    assert found.attrs["changes"] >= 1
    assert (found["verdict"] == "as before").any()
    assert not (found["verdict"] == "broken").any(), found.head(6).to_string()


# ------------------------------------------------------------------ by hand

PUMP = application_object(3, "Pump1", 1, ["Speed"])
OTHER = application_object(4, "Pump2", 1, ["Speed"])


def pumps(*pumps: Any) -> Snapshot:
    galaxy = galaxy_of([area(1, "North"), *pumps])
    return Snapshot(galaxy.objects, galaxy.attributes)


def steady(tag: str, first: int, last: int, quality: str = "good") -> list[tuple[str, float, Any, str]]:
    return [(tag, float(second), 20.0 + second % 3, quality) for second in range(first, last, 10)]


NEW_PUMP = application_object(3, "Pump1", 1, ["Speed"], template="$NewPump")


def judged(*rows: Any, gaps: Any = ()) -> pd.DataFrame:
    found = deploy_impact(
        frame_of(*rows, gaps=gaps), pumps(PUMP, OTHER), pumps(NEW_PUMP, OTHER),
        deployed=after(600), until=after(1200), window="10min",
    )  # fmt: skip
    return found.set_index("tag")


def test_bad_quality_of_what_was_deployed_is_broken_and_beside_it_changed() -> None:
    rows = [row for tag in ("Pump1.Speed", "Pump2.Speed") for row in steady(tag, 0, 600)]
    rows += [row for tag in ("Pump1.Speed", "Pump2.Speed") for row in steady(tag, 600, 1200, "bad")]
    found = judged(*rows)
    assert found["verdict"].to_dict() == {"Pump1.Speed": "broken", "Pump2.Speed": "changed"}
    assert "0% of its values are good, 100% before" in str(found.loc["Pump1.Speed", "reason"])


def test_what_was_not_listened_to_is_not_known() -> None:
    assert judged(*steady("Pump1.Speed", 600, 1200))["verdict"].tolist() == ["not known"]
    gapped = judged(*steady("Pump1.Speed", 0, 700), gaps=[(700, None, "outage")])
    assert gapped["verdict"].tolist() == ["not known"]
    assert "after: 100 of 600 s are known" in gapped["reason"].iloc[0]


def test_a_short_gap_is_told_and_is_no_silence() -> None:
    whole = [*steady("Pump1.Speed", 0, 1000), *steady("Pump1.Speed", 1150, 1200)]
    found = judged(*whole, gaps=[(995, 1145, "outage")])
    assert found["verdict"].tolist() == ["as before"]
    assert "150 s are not covered" in found["reason"].iloc[0]
    assert judged(*steady("Pump1.Speed", 0, 700))["finding"].tolist() == ["stopped"]


def test_a_deploy_without_a_time_and_a_table_without_samples_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="no column tag"):
        deploy_impact(pd.DataFrame({"value": []}), pumps(PUMP), pumps(PUMP), deployed=after(0))
    with pytest.raises(ConfigurationError, match="is not a time"):
        deploy_impact(frame_of(*steady("A.B", 0, 9)), pumps(PUMP), pumps(PUMP), deployed=pd.NaT)
