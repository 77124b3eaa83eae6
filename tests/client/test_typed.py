"""Values of a named kind, from text, and messages by the contract's names."""

from __future__ import annotations

import math

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.json_form import json_form
from mxgw_notebook.client.requests import command, request
from mxgw_notebook.client.typed import typed_value
from mxgw_notebook.client.values import from_wire
from mxgw_notebook.errors import ConfigurationError


@pytest.mark.parametrize(
    ("kind", "text", "value", "variant"),
    [
        ("bool", "true", True, "VT_BOOL"),
        ("bool", "0", False, "VT_BOOL"),
        ("int32", "-5", -5, "VT_I4"),
        ("int64", "5", 5, "VT_I8"),
        ("float", "1.5", 1.5, "VT_R4"),
        ("double", "inf", math.inf, "VT_R8"),
        ("string", " as it is ", " as it is ", "VT_BSTR"),
        ("string", "", "", "VT_BSTR"),
    ],
)
def test_a_text_becomes_exactly_the_kind_that_was_named(
    kind: str, text: str, value: object, variant: str
) -> None:
    sent = typed_value(kind, text, allow_nonfinite=True)
    assert (sent.WhichOneof("kind"), sent.variant_type) == (f"{kind}_value", variant)
    assert from_wire(sent) == value


def test_a_time_keeps_its_instant() -> None:
    sent = typed_value("timestamp", "2026-01-31T13:00:00.25+01:00")
    assert sent.timestamp_value.ToJsonString() == "2026-01-31T12:00:00.250Z"


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_an_array_keeps_its_elements_and_length(values: list[int]) -> None:
    sent = typed_value("int64[]", str(values), allow_empty=True)
    assert sent.array_value.WhichOneof("values") == "int64_values"
    assert list(sent.array_value.int64_values.values) == values
    assert list(sent.array_value.dimensions) == [len(values)]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("int32", "2147483648"),
        ("int64", "9223372036854775808"),
        ("int32", "1.0"),
        ("float", "1e39"),
        ("timestamp", "2026-01-31T12:00:00"),
        ("timestamp", "noon"),
        ("double[]", "1"),
        ("double[]", "[1"),
        ("double[]", '[1, "x"]'),
        ("int32[]", "[null]"),
    ],
)
def test_a_text_that_is_none_of_its_kind_is_refused(kind: str, text: str) -> None:
    with pytest.raises(ConfigurationError):
        typed_value(kind, text)


def test_requests_are_built_by_name() -> None:
    assert request("CloseSession", session_id="s") == wire.CloseSessionRequest(session_id="s")
    built = command(
        "s",
        "write_bulk",
        server_handle=1,
        entries=[{"item_handle": 2, "value": typed_value("int32", "3"), "user_id": 4}],
    )
    assert built.command.kind == wire.MxCommandKind.Value("MX_COMMAND_KIND_WRITE_BULK")
    assert built.command.write_bulk.entries[0].value.int32_value == 3
    assert command("s", "get_session_state").command.WhichOneof("payload") == "get_session_state"
    assert command("s", "query_active_alarms_command").command.kind == wire.MxCommandKind.Value(
        "MX_COMMAND_KIND_QUERY_ACTIVE_ALARMS"
    )


def test_a_value_that_a_field_cannot_hold_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        command("s", "advise", server_handle=2**40, item_handle=1)
    with pytest.raises(ConfigurationError):
        command("s", "no_such_command")
    with pytest.raises(ConfigurationError):
        request("StreamEvents", session_id="s", after_worker_sequence=-1)


def test_the_json_form_has_every_field_and_survives_what_is_unknown() -> None:
    status = wire.MxStatusProxy(detail=6)
    status.category = 99  # type: ignore[assignment]
    assert json_form(status) == {
        "category": 99,
        "detail": 6,
        "detectedBy": "MX_STATUS_SOURCE_UNSPECIFIED",
        "diagnosticText": "",
        "rawCategory": 0,
        "rawDetectedBy": 0,
        "success": 0,
    }
    assert json_form(wire.MxValue(double_value=math.nan))["doubleValue"] == "NaN"
    assert json_form(wire.MxValue(int64_value=2**60))["int64Value"] == str(2**60)


def test_a_time_that_json_cannot_say_keeps_its_raw_seconds() -> None:
    event = wire.MxEvent(worker_sequence=7, source_timestamp=Timestamp(seconds=10**12, nanos=5))
    event.value.array_value.timestamp_values.values.extend(
        [Timestamp(seconds=1), Timestamp(seconds=-(10**12))]
    )
    form = json_form(event)
    assert form["workerSequence"] == "7"
    assert form["sourceTimestamp"] == {"seconds": str(10**12), "nanos": 5}
    times = form["value"]["arrayValue"]["timestampValues"]["values"]
    assert times == ["1970-01-01T00:00:01Z", {"seconds": str(-(10**12)), "nanos": 0}]
    assert event.source_timestamp.seconds == 10**12
