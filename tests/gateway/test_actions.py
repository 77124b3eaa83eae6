"""What was written from here is on record, and answers the alarms of the object it was written to."""

from __future__ import annotations

import asyncio
import getpass
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.analysis import acknowledged_without_action
from mxgw_notebook.client import ClientOptions, Gate
from mxgw_notebook.errors import ConfigurationError, TagError, WriteError
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.gateway.audit import Audit
from mxgw_notebook.gateway.tags.actions import ACTIONS_KEPT, INTERRUPTED, Action, action_on, record_writes
from mxgw_notebook.gateway.trail import Trail
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually
from tests.gateway.conftest import waiting

REFERENCE, ON_ITS_OBJECT = "Galaxy!Production1.Tank005.Level.HiHi", "Tank005.Product"


def test_nothing_written_is_a_frame_with_the_same_columns_and_dtypes(gateway: Gateway) -> None:
    empty = gateway.actions()
    gateway.write("FIC101.SP", gateway.read("FIC101.SP")["value"].iloc[0])
    full = gateway.actions()
    assert (len(empty), len(full)) == (0, 1)
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()


def test_every_write_is_on_record_with_what_came_of_it(gateway: Gateway) -> None:
    before = pd.Timestamp.now("UTC")
    value = gateway.read("FIC101.SP")["value"].iloc[0]
    gateway.write("FIC101.SP", value)
    for error, tag, refused in (
        (WriteError, "Tank001.Level", 1.0),
        (ConfigurationError, "FIC101.SP", "abc"),
        (TagError, "FIC101.SPP", 1),
    ):
        with pytest.raises(error):
            gateway.write(tag, refused)
    actions = gateway.actions()
    assert actions["tag"].tolist() == ["FIC101.SP", "Tank001.Level", "FIC101.SP", "FIC101.SPP"]
    assert actions["object"].tolist() == ["FIC101", "Tank001", "FIC101", "FIC101"]
    assert actions["value"].tolist() == [value, 1.0, "abc", 1]
    assert actions["taken"].tolist() == [True, False, False, False]
    assert actions["outcome"].iloc[0] == "completed"
    assert "cannot be written as" in actions["outcome"].iloc[2]
    assert all(actions["outcome"])
    assert set(actions["operator"]) == {getpass.getuser()}
    assert actions["time"].between(before, pd.Timestamp.now("UTC")).all()


@pytest.mark.parametrize("end", [KeyboardInterrupt, asyncio.CancelledError, ZeroDivisionError])
def test_a_write_that_was_interrupted_may_have_been_written(end: type[BaseException]) -> None:
    trail = Trail(Action, ACTIONS_KEPT)
    audit = Audit(ClientOptions(endpoint="plant:5000"), Gate("plant:5000"))
    with pytest.raises(end), record_writes(trail, audit, action_on("FIC101.SP", 1)):
        raise end
    (row,) = trail.frame().to_dict("records")
    assert (row["object"], row["outcome"]) == ("FIC101", INTERRUPTED)
    assert pd.isna(row["taken"])
    assert audit.frame()["outcome"].tolist() == ["unknown"]


def test_a_write_to_the_alarms_object_answers_it_and_a_refused_one_does_not(
    own_embedded: EmbeddedGateway, eventually: Eventually
) -> None:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True, writable="tests")
    review = gateway.alarms()
    assert REFERENCE in waiting(review)
    review.acknowledge(REFERENCE, comment="seen")
    eventually(lambda: REFERENCE not in waiting(review))
    raised = review.frame().set_index("reference").loc[REFERENCE, "raised"]
    # The review begins with the alarm and ends when its ten minutes are over.
    span: dict[str, Any] = {"start": raised, "end": pd.Timestamp.now("UTC") + timedelta(hours=1)}

    def unanswered() -> set[str]:
        return set(review.report(**span).without_action["reference"])

    assert REFERENCE in unanswered()
    with pytest.raises(WriteError):
        gateway.write("Tank005.Level", 1.0)
    assert REFERENCE in unanswered()
    gateway.write(ON_ITS_OBJECT, gateway.read(ON_ITS_OBJECT)["value"].iloc[0])
    assert REFERENCE not in unanswered()
    assert REFERENCE not in set(gateway.alarm_report(**span).without_action["reference"])
    assert REFERENCE in set(review.report(actions=None, **span).without_action["reference"])
    episodes = review.episodes()
    assert REFERENCE not in set(acknowledged_without_action(episodes, gateway.actions(), **span)["reference"])
    review.stop()
