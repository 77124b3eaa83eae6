"""A plant whose times are out of reason, from the wire to what a person sees."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.gateway import Gateway, connect, disconnect
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually

TAGS = ["Pump001.Speed", "Tank001.Level", "FIC101.PV"]
NEVERS = ("year-1", "1601", "1899", "9999", "beyond")
OLDEST = pd.Timestamp("1990-01-01", tz="UTC")


@pytest.fixture
def plant() -> Iterator[EmbeddedGateway]:
    with EmbeddedGateway.start(seed=1, api_key=KEY) as gateway:
        yield gateway
        disconnect()


def connected(plant: EmbeddedGateway) -> Gateway:
    return connect(plant.endpoint, api_key=KEY, plaintext=True)


def counted(gateway: Gateway) -> int:
    facts = gateway.status()["value"]
    return int(facts["times too early"]) + int(facts["times too far ahead"])


def latest() -> pd.Timestamp:
    return pd.Timestamp.now("UTC") + pd.Timedelta(days=1)


@pytest.mark.parametrize("time", NEVERS)
def test_samples_without_a_possible_time_stand_in_the_frame_and_in_no_grid(
    plant: EmbeddedGateway, eventually: Eventually, time: str
) -> None:
    gateway = connected(plant)
    plant.fault("odd-times", time=time, fields="source_timestamp", every=3)
    watch = gateway.watch(*TAGS)
    eventually(lambda: watch.frame()["timestamp"].isna().any() and watch.frame()["timestamp"].notna().any())
    frame = watch.frame()
    known = frame["timestamp"].dropna()
    assert known.between(OLDEST, latest()).all()
    assert len(watch.wide(grid="1s")) < 600
    assert set(watch.frame(last="5min")["tag"].astype(str)) <= set(TAGS)
    health = watch.health()
    assert not (health["age"] < 0).any()
    assert counted(gateway) > 0


def test_a_clock_an_hour_ahead_hides_no_honest_tag(plant: EmbeddedGateway, eventually: Eventually) -> None:
    gateway = connected(plant)
    honest = gateway.watch("Tank001.Level")
    eventually(lambda: len(honest.frame()) > 2)
    plant.fault("odd-times", time="ahead", fields="source_timestamp")
    ahead = gateway.watch("Pump001.Speed", "Tank001.Level")
    soon = pd.Timestamp.now("UTC") + pd.Timedelta(minutes=30)
    eventually(lambda: ahead.frame()["timestamp"].max() > soon)
    plant.clear_faults("odd-times")
    both = ahead.frame(last="1min")
    assert set(both["tag"].astype(str)) == {"Pump001.Speed", "Tank001.Level"}
    ages = ahead.health()["age"]
    assert not (ages < 0).any()
    assert counted(gateway) == 0  # an hour is within what a plant's clocks differ by


@pytest.mark.parametrize("time", NEVERS)
def test_alarms_of_no_known_time_are_present_and_of_no_age(
    plant: EmbeddedGateway, eventually: Eventually, time: str
) -> None:
    plant.fault("odd-times", time=time, fields="*raise_timestamp+*transition_timestamp")
    gateway = connected(plant)
    review = gateway.alarms()
    eventually(lambda: len(review.frame()))
    frame = review.frame()
    assert frame["raised"].isna().all()
    assert not (pd.Timestamp.now("UTC") - frame["raised"] > pd.Timedelta(days=1)).any()
    report = gateway.alarm_report()
    assert set(report.summary["met"]) == {None}
    assert "1677" not in report.to_html()
    assert "NaT" not in report.to_html()


@pytest.mark.parametrize("time", NEVERS)
def test_a_deploy_of_no_known_time_is_told_and_counted_once(plant: EmbeddedGateway, time: str) -> None:
    plant.fault("odd-times", time=time, fields="time_of_last_deploy")
    gateway = connected(plant)
    first = counted(gateway)
    for _ in range(3):
        assert "not known" in str(gateway.status()["value"]["last deploy"])
    assert counted(gateway) == first
    deploys = gateway.deploys()
    try:
        assert "at a time not known" in deploys.line() or "no deploy seen yet" in deploys.line()
        assert deploys.frame()["deployed"].isna().all()
    finally:
        deploys.stop()
    assert len(gateway.objects("Pump001"))


@pytest.mark.parametrize("never", NEVERS)
def test_a_value_that_is_a_time_and_means_never_is_missing(plant: EmbeddedGateway, never: str) -> None:
    gateway = connected(plant)
    found = gateway.attributes("*", data_type="Time")
    assert len(found), "the simulated plant has a tag that is a time"
    tag = str(found["tag"].iloc[0])
    plant.fault("odd-times", time=never, fields="timestamp_value")
    read = gateway.read(tag)
    value = read["value"].iloc[0]
    assert pd.isna(value) or np.isnat(value)
    assert "1677" not in read.to_string()
    assert "1899" not in read.to_string()
    assert "NaTZ" not in read.to_string()
