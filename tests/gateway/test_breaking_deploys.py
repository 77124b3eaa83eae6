"""Deploys that break something, of an embedded gateway's process: what they broke is found by the wire."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mxgw_notebook.gateway import Gateway, Watch, connect, disconnect_all
from mxgw_notebook.simulator.process import EmbeddedGateway, GatewayControlError
from tests import kindness
from tests.conftest import KEY, Eventually

TAG = "Tank001.Level"
TAGS = [TAG, "Tank001.Level.Hi.Limit", "Tank002.Level", "Tank003.Level", "FIC101.PV", "Pump001.Speed"]

SIDE = 40.0  # s of plant before the deploy, and after it


@pytest.fixture
def plant() -> Iterator[EmbeddedGateway]:
    """A plant of its own, in which a minute passes in three seconds."""
    with kindness.start(seed=1, api_key=KEY, speed=20.0) as running:
        yield running
        disconnect_all()


@pytest.fixture
def gateway(plant: EmbeddedGateway) -> Gateway:
    return connect(plant.endpoint, api_key=KEY, plaintext=True)


@pytest.mark.patient
@pytest.mark.parametrize(
    ("breaks", "found"),
    [("limit", "Tank001.Level.Hi"), ("scan", TAG), ("rename", TAG), ("units", TAG)],
)
def test_what_a_deploy_broke_is_among_the_first_three(
    plant: EmbeddedGateway, gateway: Gateway, eventually: Eventually, breaks: str, found: str
) -> None:
    watch, _ = gateway.watch(TAGS), gateway.alarms()
    eventually(lambda: seconds_of(watch) > SIDE)
    before = gateway.galaxy()
    plant.deploy(breaks, TAG)
    eventually(lambda: gateway.galaxy().deployed != before.deployed)
    deployed = gateway.galaxy().deployed
    eventually(lambda: seconds_of(watch) > 3 * SIDE)
    impact = gateway.impact(before, deployed=deployed, window=f"{SIDE}s")
    assert found in " ".join(impact["tag"][:3]), impact.to_string()
    assert impact["verdict"][0] in ("broken", "changed"), impact.to_string()
    page = gateway.impact_page(before, deployed=deployed, window=f"{SIDE}s").to_html()
    assert impact["reason"][0].split(";")[0] in page
    assert f'aria-label="Trend of {TAG}"' in page
    assert ">deploy</text>" in page


def test_a_dossier_has_every_deploy_of_its_time(
    plant: EmbeddedGateway, gateway: Gateway, eventually: Eventually
) -> None:
    watch = gateway.watch("Pump001.Speed")
    eventually(lambda: gateway.status().loc["deploys", "value"] == "live")
    for _ in range(3):
        heard = heard_of(gateway)
        seen = len(watch.frame())
        eventually(lambda: len(watch.frame()) > seen + 1)  # noqa: B023  called within this turn
        plant.deploy()
        eventually(lambda: heard_of(gateway) > heard)  # noqa: B023  likewise
    eventually(lambda: seconds_of(watch) > 5)
    deploys = gateway.dossier("-1h").tables["Deploys"]
    assert deploys is not None
    assert len(deploys) >= 3
    assert deploys["deployed"].is_monotonic_increasing
    assert set(deploys["note"]) == {""}, "the first that was heard of was before this hour"
    assert gateway.dossier("-24h").tables["Deploys"]["note"].iloc[0].startswith("whether")  # type: ignore[index]


def heard_of(gateway: Gateway) -> int:
    """How many deploys of the last hour a dossier has."""
    deploys = gateway.dossier("-1h").tables["Deploys"]
    return 0 if deploys is None else len(deploys)


def seconds_of(watch: Watch) -> float:
    """How long the plant was listened to."""
    frame = watch.frame()
    times = frame["timestamp"][frame["tag"] == "Pump001.Speed"]
    return float((times.max() - times.min()).total_seconds()) if len(times) else 0.0


def test_what_cannot_be_broken_is_said(plant: EmbeddedGateway) -> None:
    with pytest.raises(GatewayControlError, match=r"No deploy breaks 'colour'\. There are: limit, scan"):
        plant.deploy("colour", TAG)
    with pytest.raises(GatewayControlError, match=r"no tag 'Nope\.Nope'"):
        plant.deploy("scan", "Nope.Nope")
    with pytest.raises(GatewayControlError, match=r"Tank001\.Product is no measured number"):
        plant.deploy("units", "Tank001.Product")
    with pytest.raises(GatewayControlError, match=r"Pump001\.Running has no alarm with a limit"):
        plant.deploy("limit", "Pump001.Running")
