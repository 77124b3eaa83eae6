"""How command replies are judged; the JSON is that of the gateway's own client suite."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict

from mxgw_notebook.client import Session
from mxgw_notebook.client.contract import enum_name, wire
from mxgw_notebook.client.replies import check, raise_for_command, readings
from mxgw_notebook.client.values import from_wire, status_from_wire, statuses_from_wire
from mxgw_notebook.errors import MxAccessError, ReplyError, Status, TagError
from mxgw_notebook.simulator.later import add_later_field
from mxgw_notebook.simulator.server import ServedGateway

REGISTERED = json.loads("""
{"sessionId":"session-fixture","correlationId":"gateway-correlation-register-1","kind":"MX_COMMAND_KIND_REGISTER",
 "protocolStatus":{"code":"PROTOCOL_STATUS_CODE_OK","message":"..."},"hresult":0,
 "returnValue":{"dataType":"MX_DATA_TYPE_INTEGER","variantType":"VT_I4","int32Value":12},
 "statuses":[{"success":1,"category":"MX_STATUS_CATEGORY_OK","detectedBy":"MX_STATUS_SOURCE_RESPONDING_LMX",
   "detail":0,"rawCategory":0,"rawDetectedBy":0,"diagnosticText":"OK"}],
 "diagnosticMessage":"...","register":{"serverHandle":12}}
""")
REFUSED = json.loads("""
{"sessionId":"session-fixture","correlationId":"gateway-correlation-write-1","kind":"MX_COMMAND_KIND_WRITE",
 "protocolStatus":{"code":"PROTOCOL_STATUS_CODE_MXACCESS_FAILURE","message":"..."},"hresult":-2147220992,
 "returnValue":{"dataType":"MX_DATA_TYPE_NO_DATA","variantType":"VT_EMPTY","isNull":true,"rawDiagnostic":"...",
   "rawDataType":2},
 "statuses":[
  {"success":0,"category":"MX_STATUS_CATEGORY_SECURITY_ERROR","detectedBy":"MX_STATUS_SOURCE_RESPONDING_LMX",
   "detail":321,"rawCategory":8,"rawDetectedBy":3,"diagnosticText":"not allowed"},
  {"success":0,"category":"MX_STATUS_CATEGORY_OPERATIONAL_ERROR",
   "detectedBy":"MX_STATUS_SOURCE_RESPONDING_NMX","detail":902,"rawCategory":7,"rawDetectedBy":5,
   "diagnosticText":"not running"}],
 "diagnosticMessage":"..."}
""")


def reply_of(document: dict[str, Any], **changes: Any) -> wire.MxCommandReply:
    return ParseDict({**document, **changes}, wire.MxCommandReply())


def test_a_reply_that_went_well_gives_its_value() -> None:
    reply = raise_for_command(reply_of(REGISTERED), "register")
    assert reply.register.server_handle == 12
    assert from_wire(reply.return_value) == 12
    assert statuses_from_wire(reply.statuses) == (
        Status("OK", detail=0, detected_by="RESPONDING_LMX", text="OK", success=1),
    )


def test_a_refused_command_is_an_error_with_all_its_facts() -> None:
    reply = reply_of(REFUSED)
    with pytest.raises(MxAccessError) as caught:
        raise_for_command(reply, "write")
    error = caught.value
    assert error.hresult == -2147220992
    assert error.hresult_hex == "0x80040200"
    assert error.protocol_code == "MXACCESS_FAILURE"
    assert error.reply is reply
    assert [
        (s.category, s.detail, s.detected_by, s.raw_category, s.raw_detected_by) for s in error.statuses
    ] == [
        ("SECURITY_ERROR", 321, "RESPONDING_LMX", 8, 3),
        ("OPERATIONAL_ERROR", 902, "RESPONDING_NMX", 7, 5),
    ]
    assert str(error) == "write: not allowed (321); not running (902) (hresult 0x80040200)"
    assert from_wire(reply.return_value) is None


LATER = max(wire.ProtocolStatusCode.values()) + 1000


@pytest.mark.parametrize("words", ["", "The plant sleeps."])
def test_a_protocol_code_that_is_not_known_is_told_in_one_line_and_leaves_the_outcome_open(
    words: str,
) -> None:
    document = {key: REGISTERED[key] for key in ("sessionId", "kind")}
    reply = reply_of(document, protocolStatus={"code": LATER, "message": words})
    with pytest.raises(ReplyError) as caught:
        raise_for_command(reply, "register")
    told = f"{LATER}: {words.rstrip('.')}" if words else str(LATER)
    line = f"register: answered with a protocol status that this version does not know, {told}. "
    assert str(caught.value).startswith(line)
    assert "MXGATEWAY_PROTO_PATH" in str(caught.value)
    assert caught.value.may_be_done


@pytest.mark.kind_only("what it asks is what is refused", "refuse-command")
@pytest.mark.parametrize("command", ["read_bulk", "subscribe_bulk", "add_item", "ping", "get_session_state"])
@pytest.mark.parametrize(
    ("code", "words"), [("LATER_CODE", "protocol status"), ("LATER_KIND", "another command")]
)
async def test_a_reply_that_is_not_understood_is_one_line_and_the_next_one_is_taken(
    session: Session, served: ServedGateway, command: str, code: str, words: str
) -> None:
    handle = await session.register("tests")
    asked: dict[str, Callable[[], Awaitable[Any]]] = {
        "read_bulk": lambda: session.read_bulk(handle, ["Tank001.Level"]),
        "subscribe_bulk": lambda: session.subscribe_bulk(handle, ["Tank001.Level"]),
        "add_item": lambda: session.add_item(handle, "Tank001.Level"),
        "ping": session.ping,
        "get_session_state": session.get_session_state,
    }
    await served.fault("lose-reply", command=command, code=code)
    with pytest.raises(ReplyError, match=f"{command}.*{words}.* does not know") as caught:
        await asked[command]()
    assert "\n" not in str(caught.value)
    await served.clear_faults("lose-reply", "refuse-command")
    await asked[command]()


def test_an_hresult_that_was_not_sent_is_none() -> None:
    document = {key: value for key, value in REFUSED.items() if key != "hresult"}
    with pytest.raises(MxAccessError) as caught:
        raise_for_command(reply_of(document), "write")
    assert caught.value.hresult is None
    assert caught.value.hresult_hex == ""


@pytest.mark.parametrize("success", [-1, 0, 1, 42])
@pytest.mark.parametrize(
    ("category", "failed"),
    [
        ("UNSPECIFIED", False),
        ("UNKNOWN", False),
        ("OK", False),
        ("PENDING", False),
        ("WARNING", False),
        ("COMMUNICATION_ERROR", True),
        ("CONFIGURATION_ERROR", True),
        ("OPERATIONAL_ERROR", True),
        ("SECURITY_ERROR", True),
        ("SOFTWARE_ERROR", True),
        ("OTHER_ERROR", True),
    ],
)
def test_a_status_is_judged_by_its_category_never_by_success(
    category: str, success: int, failed: bool
) -> None:
    message = ParseDict(
        {"category": f"MX_STATUS_CATEGORY_{category}", "success": success}, wire.MxStatusProxy()
    )
    (status,) = statuses_from_wire([message])
    assert status.failed is failed
    assert status.success == success


def test_every_category_of_the_contract_is_judged_above() -> None:
    names = {name.removeprefix("MX_STATUS_CATEGORY_") for name in wire.MxStatusCategory.keys()}  # noqa: SIM118
    assert {name for name in names if Status(name).failed} == {n for n in names if n.endswith("_ERROR")}
    assert len(names) == 11


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("SESSION_NOT_FOUND", "open a new session"),
        ("SESSION_NOT_READY", "ask with get_session_state()"),
        ("WORKER_UNAVAILABLE", "open a new session"),
        ("TIMEOUT", "before repeating it"),
        ("INVALID_REQUEST", ""),
    ],
)
def test_a_command_that_the_gateway_could_not_run_is_no_mxaccess_error(code: str, remedy: str) -> None:
    status = {"code": f"PROTOCOL_STATUS_CODE_{code}", "message": "not now"}
    with pytest.raises(ReplyError, match="ping: not now") as caught:
        raise_for_command(reply_of(REGISTERED, protocolStatus=status), "ping")
    assert not isinstance(caught.value, MxAccessError)
    assert caught.value.protocol_code == code
    assert remedy in caught.value.hint


def test_numbers_that_this_contract_does_not_know_show_as_themselves() -> None:
    status = wire.MxStatusProxy(category=97, detected_by=98)  # type: ignore[arg-type]
    (shown,) = statuses_from_wire([status])
    assert (shown.category, shown.detected_by, shown.failed) == ("97", "98", False)
    reply = wire.MxCommandReply()
    reply.protocol_status.code = 99  # type: ignore[assignment]
    assert enum_name(reply.protocol_status, "code") == "99"
    with pytest.raises(ReplyError, match=r"register: .* does not know, 99"):
        raise_for_command(reply, "register")


def test_an_entry_whose_value_is_of_a_later_contract_fails_alone_and_is_not_good() -> None:
    entries = [
        wire.BulkReadResult(tag_address=tag, was_successful=True, quality=192, value={"int32_value": 5})
        for tag in ("Known", "Later")
    ]
    entries[1].value.ClearField("int32_value")
    add_later_field(entries[1].value)
    known, later = readings(entries)
    assert (known.value, known.quality, known.failure) == (5, 192, "")
    assert (later.value, later.quality) == (None, 0)
    assert later.failure == "its value cannot be read: it is of a kind that this version does not know"
    with pytest.raises(TagError, match=r"^Later: its value .*mxgw-py contract") as caught:
        check([known, later])
    assert list(caught.value.failures) == ["Later"]


def test_statuses_that_are_made_once_are_those_made_one_by_one() -> None:
    categories: tuple[Any, ...] = (wire.MX_STATUS_CATEGORY_OK, 77)
    sent = [
        wire.MxStatusProxy(category=category, detail=detail, success=-1, diagnostic_text=text)
        for category in categories
        for detail in (0, 6, 321)
        for text in ("", "not running", "a text of its own " * 40)
    ]
    for _ in range(2):  # the second time none of the short ones is made
        assert statuses_from_wire(sent) == tuple(map(status_from_wire, sent))


def test_what_a_number_means_depends_on_the_field_that_it_stands_in() -> None:
    status = wire.MxStatusProxy(category=wire.MX_STATUS_CATEGORY_OK)
    status.detected_by = status.category  # type: ignore[assignment]
    names = [enum_name(status, field) for field in ("category", "detected_by", "category")]
    assert names[0] == names[2] == "OK" != names[1]
