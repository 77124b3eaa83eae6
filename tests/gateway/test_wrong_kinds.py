"""What is given of the wrong kind is refused in one line that says what to give instead."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.analysis import alarm_report, read_alarm_log
from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.history import open_recording
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import Eventually

WRONG: tuple[Any, ...] = (None, 5, "", [], math.nan, Ellipsis)
SECRET = "mxgw_k1_never-shown"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused_in_a_line(call: Callable[[], object]) -> GatewayError:
    with pytest.raises(GatewayError) as caught:
        call()
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("given", WRONG, ids=repr)
@pytest.mark.parametrize("method", ["read", "watch", "find", "when", "snapshot", "diff"])
def test_no_call_takes_what_it_cannot_mean(gateway: Gateway, folder: Path, method: str, given: Any) -> None:
    assert refused_in_a_line(lambda: getattr(gateway, method)(given)).hint
    assert not list(folder.iterdir())


@pytest.mark.parametrize("given", [5, math.nan, Ellipsis], ids=repr)
@pytest.mark.parametrize("method", ["objects", "attributes", "browse"])
def test_no_pattern_is_a_number(gateway: Gateway, method: str, given: Any) -> None:
    assert refused_in_a_line(lambda: getattr(gateway, method)(given)).hint


@pytest.mark.parametrize(
    "method", ["read", "watch", "find", "when", "browse", "objects", "attributes", "alarms", "acknowledge"]
)
def test_half_of_a_character_is_told(gateway: Gateway, method: str) -> None:
    assert refused_in_a_line(lambda: getattr(gateway, method)("Tank\ud800.Level")).hint


HALF = "Tank\ud800.parquet"
CUT = "Tank\0.parquet"


@pytest.mark.parametrize(
    "call",
    [
        lambda gateway: gateway.snapshot(CUT),
        lambda gateway: gateway.diff(CUT),
        lambda gateway: gateway.audit(CUT),
        lambda gateway: gateway.audit_trail(CUT),
        lambda gateway: gateway.values("Tank001.Level").save(CUT),
        lambda gateway: gateway.values(file=CUT),
        lambda gateway: gateway.save(gateway.read("Tank001.Level"), CUT),
        lambda gateway: gateway.alarms().save(CUT),
        lambda gateway: gateway.alarm_report().save(f"{CUT}.html"),
        lambda gateway: gateway.watch("Tank001.Level").record(CUT),
        lambda gateway: open_recording(CUT),
        lambda gateway: read_alarm_log(CUT),
        lambda gateway: connect(CUT),
    ],
)
def test_no_file_has_a_zero_in_its_name(gateway: Gateway, call: Callable[[Gateway], object]) -> None:
    gateway.alarms()
    assert refused_in_a_line(lambda: call(gateway)).hint


@pytest.mark.parametrize(
    "call",
    [
        lambda gateway: gateway.snapshot(HALF),
        lambda gateway: gateway.diff(HALF),
        lambda gateway: gateway.audit(HALF),
        lambda gateway: gateway.instances(HALF),
        lambda gateway: gateway.objects(template=HALF),
        lambda gateway: gateway.attributes(template=HALF),
        lambda gateway: gateway.alarms(operator=HALF),
        lambda gateway: gateway.alarms().save(HALF),
        lambda gateway: gateway.alarm_report().save(f"{HALF}.html"),
        lambda gateway: connect(gateway.endpoint, api_key=SECRET, ca_file=HALF),
        lambda gateway: connect(gateway.endpoint, api_key=SECRET, server_name_override=HALF),
    ],
)
def test_half_of_a_character_names_no_file_template_or_operator(
    gateway: Gateway, call: Callable[[Gateway], object]
) -> None:
    gateway.alarms()
    assert refused_in_a_line(lambda: call(gateway)).hint


def test_an_acknowledge_that_was_refused_for_it_leaves_the_audit_whole(gateway: Gateway) -> None:
    refused_in_a_line(lambda: gateway.acknowledge("Galaxy!A.B", comment=HALF))
    assert len(gateway.audit()) == 0


def test_what_is_refused_for_half_of_a_character_leaves_the_others_alone(
    gateway: Gateway, eventually: Eventually
) -> None:
    for call in (gateway.read, gateway.watch):
        refused_in_a_line(lambda call=call: call(["Pump001.Speed", "Tank\ud800.Level"]))  # type: ignore[misc]
    refused_in_a_line(lambda: gateway.write({"Pump001.SpeedSP": 50.0, "Tank\ud800.Level": 1.0}))
    watch = gateway.watch("Pump001.Speed")
    eventually(lambda: len(watch.frame()) > 0)
    assert gateway.status()["value"]["live values"] == "live"


def test_a_tag_to_write_is_a_text(gateway: Gateway) -> None:
    wrong: Any = 5
    assert refused_in_a_line(lambda: gateway.write(wrong, 5)).hint


@pytest.mark.parametrize("given", [math.nan, math.inf, -1, "5", None, 2**62, True], ids=repr)
def test_a_time_to_wait_is_a_number_of_seconds(gateway: Gateway, given: Any) -> None:
    error = refused_in_a_line(lambda: gateway.read("Pump001.Speed", timeout=given))
    assert "not a time to wait" in str(error)


@pytest.mark.parametrize("text", ["(" * 5000 + "T.A" + ")" * 5000, "not " * 5000 + "T.A"], ids=["(", "not"])
def test_a_condition_within_conditions_has_a_depth(gateway: Gateway, text: str) -> None:
    assert "one in another" in str(refused_in_a_line(lambda: gateway.when(text)))


@pytest.mark.parametrize("given", [None, 5, SECRET.encode(), [SECRET]], ids=["None", "5", "bytes", "list"])
def test_a_key_that_is_no_text_is_told_and_not_shown(embedded: EmbeddedGateway, given: Any) -> None:
    error = refused_in_a_line(lambda: connect(embedded.endpoint, api_key=given, plaintext=True))
    assert "API key" in str(error)
    assert "never-shown" not in f"{error}{error.hint}"


@pytest.mark.parametrize("given", [5, ["localhost"], Ellipsis], ids=repr)
def test_an_endpoint_is_a_text(given: Any) -> None:
    assert refused_in_a_line(lambda: connect(given)).hint


def test_a_report_into_a_folder_that_is_not_there_is_told() -> None:
    log = pd.DataFrame([("A", "2026-05-01", "raise")], columns=["reference", "time", "transition"])
    report = alarm_report(log)
    with pytest.raises(ConfigurationError, match="cannot be written: No such file or directory"):
        report.save("not/there.html")
    assert refused_in_a_line(lambda: report.save("")).hint
