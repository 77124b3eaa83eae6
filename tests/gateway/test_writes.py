"""Writes through the facade: typed by the tag, bounded in time, many at once, and on record as they ended."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pytest

from mxgw_notebook.analysis.alarm_responses import counting
from mxgw_notebook.errors import (
    ConfigurationError,
    GatewayError,
    OutcomeUnknownError,
    TagError,
    WriteError,
    WriteOutcomeUnknownError,
)
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY

SETPOINT, OTHER, SWITCH = "FIC101.SP", "TIC103.SP", "Pump001.StartCmd"
WRITER = "mxgw_writer_secret"
SCOPES = ["session:open", "events:read", "invoke:read", "invoke:write"]


@pytest.fixture
def own(own_embedded: EmbeddedGateway) -> Iterator[Gateway]:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True, writable="tests")
    gateway.read(SETPOINT)
    yield gateway
    gateway.close()


# ------------------------------------------------------------------ types


@pytest.mark.parametrize("value", [0.4, -1, float("nan"), "0.4", [True]])
def test_what_is_no_truth_value_is_not_written(gateway: Gateway, value: object) -> None:
    before = gateway.read(SWITCH)["value"].iloc[0]
    for truth in (False, True):
        gateway.write(SWITCH, truth)
        with pytest.raises(ConfigurationError, match="cannot be written"):
            gateway.write(SWITCH, value)
        assert gateway.read(SWITCH)["value"].iloc[0] == truth
    gateway.write(SWITCH, before)


def test_a_row_shows_the_value_that_was_sent(gateway: Gateway) -> None:
    before = gateway.read(SETPOINT)["value"].iloc[0]
    assert gateway.write(SETPOINT, "41.5")["written"].tolist() == [41.5]
    assert gateway.actions()["value"].tolist() == [41.5]
    gateway.write(SETPOINT, before)


def test_the_first_write_does_not_load_the_galaxy(own: Gateway, loads: list[str]) -> None:
    own.write(SETPOINT, "41.5")
    with pytest.raises(WriteError, match="ViewOnly"):
        own.write("Tank001.Level", 1.0)
    with pytest.raises(TagError, match="Did you mean FIC101"):
        own.write("FIC101.SPP", 1)
    assert loads == []
    own.galaxy()
    assert len(loads) == 1


def test_a_key_that_may_not_browse_can_write(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps([{"key": WRITER, "scopes": SCOPES}]))
    with EmbeddedGateway.start(seed=1, api_key=KEY, keys=str(keys)) as plant:
        gateway = connect(plant.endpoint, api_key=WRITER, plaintext=True, writable="tests")
        assert gateway.write(SETPOINT, "41.5")["outcome"].tolist() == ["completed"]
        assert gateway.write({SETPOINT: 42, SWITCH: 0.4})["outcome"].tolist() == ["completed", "refused"]
        with pytest.raises(ConfigurationError, match="cannot be written as Boolean"):
            gateway.write(SWITCH, 0.4)
        gateway.close()


def test_a_type_can_be_said_and_has_to_be_one(own: Gateway, own_embedded: EmbeddedGateway) -> None:
    own_embedded.fault("refuse-command", command="read_bulk", code="INTERNAL")
    assert own.write(SETPOINT, "41", data_type="Double")["written"].tolist() == [41.0]
    assert own.write(SETPOINT, "42")["written"].tolist() == [42.0]  # the galaxy helps
    with pytest.raises(ConfigurationError, match="is not a data type"):
        own.write(SETPOINT, "41", data_type="Duble")


# ------------------------------------------------------------------ time, and what nobody knows


@pytest.mark.parametrize("watched", [False, True])
def test_a_frozen_gateway_holds_no_write_beyond_its_time(
    own: Gateway, own_embedded: EmbeddedGateway, watched: bool
) -> None:
    watch = own.watch(SETPOINT) if watched else None
    own.write(SETPOINT, 40)
    psutil.Process(own_embedded.pid).suspend()
    try:
        for values in ((SETPOINT, 41), ({SETPOINT: 42, OTHER: 12},)):
            begun = time.monotonic()
            with pytest.raises(GatewayError, match=r"may have been written|Nothing was written"):
                own.write(*values, timeout=1)
            assert time.monotonic() - begun < 2.0
    finally:
        psutil.Process(own_embedded.pid).resume()
    if watch is not None:
        watch.stop()


def test_a_lost_reply_is_neither_taken_nor_refused(own: Gateway, own_embedded: EmbeddedGateway) -> None:
    own.write(SETPOINT, 40)
    own_embedded.fault("lose-reply", command="write", code="INTERNAL", times=1)
    with pytest.raises(WriteOutcomeUnknownError, match="may have been written"):
        own.write(SETPOINT, "41")
    with pytest.raises(ConfigurationError):
        own.write(SETPOINT, "abc")
    own_embedded.fault("lose-reply", command="write*", code="UNAVAILABLE", times=1)
    rows = own.write({SETPOINT: 42, "Nope.Nope": 1})
    assert rows["outcome"].tolist() == ["unknown", "refused"]
    actions = own.actions()
    assert str(actions["taken"].dtype) == "boolean"
    assert actions["taken"].astype("object").tolist() == [True, pd.NA, False, pd.NA, False]
    assert actions["value"].tolist() == [40.0, 41.0, "abc", 42.0, 1]
    assert "may have been written" in actions["outcome"].iloc[1]
    assert counting(actions)["value"].tolist() == [40.0]


def test_an_acknowledge_whose_answer_is_lost_may_have_been_done(
    own: Gateway, own_embedded: EmbeddedGateway
) -> None:
    own_embedded.fault("refuse", rpc="AcknowledgeAlarm", code="INTERNAL", times=2)
    with pytest.raises(OutcomeUnknownError, match=r"is not known.*It may have been"):
        own.acknowledge("Galaxy!Production1.Tank005.Level.HiHi")
    rows = own.acknowledge("Galaxy!Production1.Tank005.Level.HiHi", "Galaxy!Nope")
    assert sorted(rows["acknowledged"].isna()) == [False, True]
    assert not rows["acknowledged"].any()
    assert sorted(own.audit()["acknowledged"].isna()) == [False, True, True]


def test_an_acknowledge_has_its_own_time(own: Gateway, own_embedded: EmbeddedGateway) -> None:
    references = [f"Galaxy!Production1.Tank005.Level.{name}" for name in ("HiHi", "Hi")]
    review = own.alarms()
    psutil.Process(own_embedded.pid).suspend()
    try:
        begun = time.monotonic()
        with pytest.raises(OutcomeUnknownError, match="It may have been"):
            own.acknowledge(references[0], timeout=0.5)
        rows = own.acknowledge(references, timeout=0.5)
        with pytest.raises(GatewayError, match="before it was sent"):
            review.acknowledge("Galaxy!*", timeout=0.5)
        assert time.monotonic() - begun < 3.0
    finally:
        psutil.Process(own_embedded.pid).resume()
    assert rows["acknowledged"].isna().all()
    assert own.audit()["acknowledged"].isna().tolist() == [True, True, True]
    assert own.audit()["result"].str.contains("may have been").all()
    review.stop()


# ------------------------------------------------------------------ many


def test_the_galaxy_helps_where_tags_do_not_tell_what_they_take(
    own: Gateway, own_embedded: EmbeddedGateway
) -> None:
    own_embedded.fault("refuse-command", command="read_bulk", code="INTERNAL")
    rows = own.write({SETPOINT: "42", "Nope.Nope": 1, SWITCH: 0.4, OTHER: 12})
    assert rows["tag"].tolist() == [SETPOINT, "Nope.Nope", SWITCH, OTHER]
    assert rows["outcome"].tolist() == ["completed", "refused", "refused", "completed"]
    assert rows["written"].tolist() == [42.0, None, None, 12.0]
    assert "Boolean" in rows["reason"][2]
    assert own.actions()["taken"].tolist() == [True, False, False, True]


@pytest.mark.parametrize(
    "form",
    [
        lambda values: (values,),
        lambda values: (pd.DataFrame({"tag": list(values), "value": list(values.values())}, dtype=object),),
        lambda values: (list(values.items()),),
        lambda values: (pd.Series(values),),
        lambda values: (list(values), list(values.values())),
    ],
    ids=["mapping", "table", "pairs", "series", "two lists"],
)
def test_many_values_are_one_table_of_outcomes(
    own: Gateway, form: Callable[[dict[str, Any]], tuple[Any, ...]]
) -> None:
    values = {SETPOINT: "41.5", "Nope.Nope": 1, SWITCH: float("nan"), OTHER: 12}
    rows = own.write(*form(values))
    assert rows["tag"].tolist() == list(values)
    assert rows["outcome"].tolist() == ["completed", "refused", "refused", "completed"]
    assert rows["written"].tolist() == [41.5, None, None, 12.0]
    assert [bool(reason) for reason in rows["reason"]] == [False, True, True, False]
    assert own.read(SETPOINT, OTHER)["value"].tolist() == [41.5, 12.0]
    assert own.actions()["taken"].tolist() == [True, False, False, True]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((SETPOINT,), "No value for FIC101.SP"),
        (([SETPOINT, OTHER], [1]), "2 tags and 1 value"),
        (([SETPOINT, OTHER], 5), "not tags and values"),
        (([SETPOINT, OTHER], "12"), "2 tags and one text"),
        (([SETPOINT, OTHER],), "is not a pair"),
        ((5, 5), "not tags and values"),
        (({},), "No tag given"),
        ((pd.DataFrame({"tag": [SETPOINT], "val": [1]}),), "no column value"),
        (([(SETPOINT, 1), (SETPOINT, 2)],), "given twice"),
        (({SETPOINT: 1, SETPOINT.lower(): 2},), "given twice"),
        (([SETPOINT, OTHER], {"a": 1, "b": 2}), "not tags and values"),
        (([SETPOINT, OTHER], {1.0, 2.0}), "not tags and values"),
        (([SETPOINT, OTHER], b"ab"), "not tags and values"),
        (([SETPOINT, OTHER], pd.DataFrame({"a": [1], "b": [2]})), "not tags and values"),
        (
            (pd.DataFrame([[SETPOINT, 1, 2]], columns=["tag", "value", "value"]),),
            "column value more than once",
        ),
    ],
)
def test_what_is_no_list_of_tags_and_values_is_one_line(
    gateway: Gateway, given: tuple[Any, ...], told: str
) -> None:
    with pytest.raises(ConfigurationError, match=told) as caught:
        gateway.write(*given)
    assert "\n" not in str(caught.value)
