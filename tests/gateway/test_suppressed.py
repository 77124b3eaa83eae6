"""Alarms that are out of service: asked of their attributes, shown beside the table, kept in the report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.analysis import out_of_service, read_alarm_log
from mxgw_notebook.client import Reading
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.gateway import AlarmReview, Gateway, connect, disconnect
from mxgw_notebook.gateway.alarms.suppressed import ServiceLog, by_tag, value_of
from mxgw_notebook.gateway.galaxy.alarm_settings import number_of
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.widgets import AlarmTable
from tests.conftest import KEY, Eventually
from tests.gateway.conftest import waiting
from tests.widgets.doubles import comm_of

SHELVED, SILENT, INHIBITED = "Tank002.Level.Hi", "Tank003.Level.Lo", "Tank004.Level.Hi"


@pytest.fixture
def plant() -> Iterator[Gateway]:
    with EmbeddedGateway.start(seed=1, api_key=KEY) as own:
        yield connect(own.endpoint, api_key=KEY, plaintext=True, writable="tests")


def put_out_of_service(gateway: Gateway) -> None:
    gateway.write(f"{SHELVED}.AlarmShelveCmd", 'Duration=8; Reason="level transmitter changed";')
    gateway.write(f"{SILENT}.AlarmModeCmd", "Silence")
    gateway.write(f"{INHIBITED}.AlarmInhibit", True)


def test_each_alarm_out_of_service_says_since_when_until_when_by_whom_and_why(plant: Gateway) -> None:
    put_out_of_service(plant)
    found = plant.alarms().suppressed().set_index("tag")
    assert found["how"].to_dict() == {SHELVED: "shelved", SILENT: "silenced", INHIBITED: "inhibited"}
    shelved = found.loc[SHELVED]
    assert shelved["until"] - shelved["since"] == pd.Timedelta(hours=8)
    assert shelved["reason"] == "level transmitter changed"
    assert shelved["operator"]
    assert found["until"].isna().tolist().count(True) == 2
    assert str(found["since"].dtype) == "datetime64[ns, UTC]"
    assert found["since"].notna().all()
    assert found.attrs["not_known"] == {}
    assert found.attrs["alarms"] == len(plant.attributes(alarm=True))


def test_a_prefix_and_an_area_narrow_what_is_asked(plant: Gateway) -> None:
    put_out_of_service(plant)
    area = str(plant.attributes(SHELVED)["area"].iloc[0])
    narrowed = plant.alarms(f"Galaxy!{area}.{SHELVED.partition('.')[0]}.").suppressed()
    assert narrowed["tag"].tolist() == [SHELVED]
    assert narrowed.attrs["alarms"] < 20
    assert plant.alarms(area="Utilities").suppressed().empty
    assert len(plant.alarms(area=area).suppressed()) == 3


def test_what_a_plant_does_not_tell_is_unknown_and_not_in_service() -> None:
    # Generated objects beside the plant: their alarms have none of those attributes, as older ones may.
    with EmbeddedGateway.start(seed=1, api_key=KEY, objects=60) as own:
        gateway = connect(own.endpoint, api_key=KEY, plaintext=True, writable="tests")
        found = gateway.alarms().suppressed()
        disconnect()
    assert set(found["how"]) == {"unknown"}
    assert found["reason"].str.len().gt(0).all()
    assert found["since"].isna().all()
    assert 0 < found.attrs["not_known"]["AlarmShelved"] == len(found) < found.attrs["alarms"]


@pytest.mark.parametrize(
    ("quality", "known"), [(192, True), (64, True), (0, False), (0x100, False), (-256, False)]
)
def test_a_bad_value_is_not_known_whatever_a_vendor_puts_above_its_quality(quality: int, known: bool) -> None:
    shelved = Reading(tag="Tank001.Level.Hi.AlarmShelved", value=True, quality=quality)
    assert value_of(by_tag([shelved]), "Tank001.Level.Hi", "AlarmShelved") is (True if known else None)
    assert np.isfinite(number_of(Reading(tag="Tank001.Level.Hi.Limit", value=90.0, quality=quality))) == known


def test_a_shelved_alarm_leaves_the_table(plant: Gateway, eventually: Eventually) -> None:
    review = plant.alarms()
    reference = waiting(review)[0]
    tag = str(review.frame().set_index("reference").loc[reference, "tag"])
    plant.write(f"{tag}.AlarmShelveCmd", 'Duration=1; Reason="known";')
    found = review.suppressed()
    assert found["reference"].tolist() == [reference]
    eventually(lambda: reference not in review.frame()["reference"].tolist())


def test_the_report_and_the_saved_log_have_what_was_found(plant: Gateway, tmp_path: Path) -> None:
    review = plant.alarms()
    assert figure(review) == "unknown"
    review.suppressed()
    assert figure(review) == "0"
    put_out_of_service(plant)
    review.suppressed()
    assert figure(review) == "3"
    rows = review.report().out_of_service
    assert set(rows["how"]) == {"shelved", "silenced", "inhibited"}
    plant.write(f"{SILENT}.AlarmModeCmd", "Enable")
    review.suppressed()
    assert figure(review) == "2"
    saved = out_of_service(read_alarm_log(review.save(tmp_path / "log.parquet")))
    ended = saved.set_index("how")["until"]
    assert pd.notna(ended["silenced"])
    assert pd.isna(ended["shelved"])


def test_a_shelving_that_was_over_before_the_next_look_ended_when_it_said() -> None:
    shelved = {
        "reference": "", "tag": SHELVED, "area": "", "description": "", "severity": 300, "how": "shelved",
        "since": pd.Timestamp("2026-05-04T06:00Z"), "until": pd.Timestamp("2026-05-04T07:00Z"),
        "operator": "jdoe", "node": "", "reason": "known",
    }  # fmt: skip
    first = pd.DataFrame([shelved, {**shelved, "tag": SILENT, "how": "silenced", "until": pd.NaT}])
    log = ServiceLog()
    log.note(first, pd.Timestamp("2026-05-04T06:10Z"))
    log.note(first.iloc[:0], pd.Timestamp("2026-05-04T14:00Z"))
    history = log.added_to(pd.DataFrame({"transition": pd.Series(dtype="str")}))
    ends = history[history["transition"].isin(["unshelved", "unsilenced"])].set_index("tag")["time"]
    assert ends.to_dict() == {
        SHELVED: pd.Timestamp("2026-05-04T07:00Z"),
        SILENT: pd.Timestamp("2026-05-04T14:00Z"),
    }


def figure(review: AlarmReview) -> str:
    """How many are out of service, by the report."""
    return str(review.report().summary.set_index("measure").loc["out of service at the end", "value"])


@pytest.mark.usefixtures("page")
def test_the_tables_tab_is_told_when_it_asks(plant: Gateway, eventually: Eventually) -> None:
    put_out_of_service(plant)
    table = plant.alarms().table()
    comm_of(table).say({"kind": "service"})
    eventually(lambda: told(table))
    [message] = told(table)
    assert message["count"] == 3
    assert {row["how"] for row in message["rows"]} == {"shelved", "silenced", "inhibited"}
    assert message["summary"].startswith("3 alarms of ")


def told(table: AlarmTable) -> list[dict[str, Any]]:
    return [one.content for one in comm_of(table).custom() if one.content.get("kind") == "service"]


def test_a_gateway_that_is_gone_is_an_error(plant: Gateway) -> None:
    review = plant.alarms()
    plant.close()
    with pytest.raises(GatewayError):
        review.suppressed()
