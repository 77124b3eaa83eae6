"""Times that are written: in UTC in every table that tells of them, as in those that were read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY

TAG = "Node01.LastMaintenance"
NEW_YEAR = pd.Timestamp("2026-01-01T00:00:00Z")
NEVERS = "0001-01-01T00:00:00Z", "1601-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def made() -> Iterator[EmbeddedGateway]:
    """A plant with a time that can be written."""
    with EmbeddedGateway.start(seed=1, api_key=KEY, objects=20, attributes_per_object=40) as gateway:
        yield gateway


@pytest.fixture
def plant(made: EmbeddedGateway) -> Iterator[Gateway]:
    gateway = connect(made.endpoint, api_key=KEY, plaintext=True, writable="tests")
    yield gateway
    gateway.close()


def test_a_time_that_was_written_is_utc_in_every_table(plant: Gateway, tmp_path: Path) -> None:
    plant.audit_trail(tmp_path / "audit.jsonl")
    one = plant.write(TAG, NEW_YEAR)
    (noon,) = plant.write({TAG: "2026-01-01T13:00:00+01:00"})["written"]
    plan = plant.plan({TAG: NEW_YEAR}, override={TAG: "trial"})
    shown, outcomes = plan.frame(), plan.apply(yes=True)
    assert outcomes is not None
    assert one["written"].tolist() == [NEW_YEAR]
    assert noon == pd.Timestamp("2026-01-01T12:00:00Z")
    assert (shown["now"].tolist(), shown["new"].tolist()) == ([noon], [NEW_YEAR])
    assert outcomes[["was", "wanted", "is"]].to_numpy().tolist() == [[noon, NEW_YEAR, NEW_YEAR]]
    assert plant.actions()["value"].tolist() == [NEW_YEAR, noon, NEW_YEAR]
    told = [json.loads(line)["value"] for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert str(NEW_YEAR) in told


def test_what_a_row_says_was_written_can_be_written_again(plant: Gateway) -> None:
    for written in (plant.write(TAG, NEW_YEAR), plant.write({TAG: NEW_YEAR})):
        assert plant.write(TAG, written["written"].iloc[0])["written"].tolist() == [NEW_YEAR]
        assert plant.write(written.rename(columns={"written": "value"}))["outcome"].tolist() == ["completed"]


def test_a_time_of_numpy_is_utc_and_what_could_have_a_zone_needs_one(plant: Gateway) -> None:
    midnight = np.datetime64("2026-01-01T00:00:00")
    assert plant.write(TAG, midnight)["written"].tolist() == [NEW_YEAR]
    outcome = plant.write({TAG: pd.Timestamp(midnight)})
    assert outcome["outcome"].tolist() == ["refused"]
    assert "has no time zone" in outcome["reason"].iloc[0]


def test_no_plan_says_that_one_never_is_another(plant: Gateway) -> None:
    year_1, filetimes = NEVERS
    plant.write(TAG, year_1)
    plan = plant.plan({TAG: filetimes}, override={TAG: "trial"})
    assert plan.frame()["verdict"].tolist() == ["write"]
    outcomes = plan.apply(yes=True)
    assert outcomes is not None
    assert outcomes[["outcome", "verdict"]].to_numpy().tolist() == [["completed", "unknown"]]
    assert "all of them read alike" in outcomes["reason"].iloc[0]
    rehearsed = plant.plan({TAG: NEW_YEAR}, override={TAG: "trial"}).rehearse(seconds=30)
    assert pd.isna(rehearsed["was"].iloc[0])
