"""The MxStatusProxy and ProtocolStatus messages that this gateway answers with, by their meaning."""

from __future__ import annotations

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire

E_INVALIDARG = -2147024809
E_FAIL = -2147467259
TIMED_OUT = 1
INVALID_REFERENCE = 6
PLATFORM_COMMUNICATION = 2
BARE_ARRAY_NAME = 1003
SECURED_WRITE = 1012
VERIFIED_WRITE = 1013
ACCESS_DENIED = 321  # seen in a reply of a real gateway, with a security error

TEXTS = {
    TIMED_OUT: "request timed out",
    INVALID_REFERENCE: "invalid reference",
    PLATFORM_COMMUNICATION: "platform communication error",
    BARE_ARRAY_NAME: "an array is named with [] or [index]",
    SECURED_WRITE: "secured write refused: it needs a signed user",
    VERIFIED_WRITE: "verified write refused: it needs a second, verifying user",
    ACCESS_DENIED: "access denied",
}


def _status(category: wire.MxStatusCategory, success: int, detail: int, text: str) -> wire.MxStatusProxy:
    source = wire.MX_STATUS_SOURCE_RESPONDING_LMX
    # The raw numbers are COM's; only the worker of a real gateway knows them, so they stay 0.
    return wire.MxStatusProxy(
        success=success, category=category, detected_by=source, detail=detail, diagnostic_text=text
    )


def ok() -> wire.MxStatusProxy:
    """Everything went well; success is COM's -1."""
    return _status(wire.MX_STATUS_CATEGORY_OK, -1, 0, "OK")


def pending() -> wire.MxStatusProxy:
    """Not done yet, which is no failure."""
    return _status(wire.MX_STATUS_CATEGORY_PENDING, -1, 0, "pending")


def configuration_error(detail: int, text: str = "") -> wire.MxStatusProxy:
    """Something is asked for that the galaxy does not have."""
    return _status(wire.MX_STATUS_CATEGORY_CONFIGURATION_ERROR, 0, detail, text or TEXTS[detail])


def security_error(detail: int) -> wire.MxStatusProxy:
    """Somebody may not do that."""
    return _status(wire.MX_STATUS_CATEGORY_SECURITY_ERROR, 0, detail, TEXTS[detail])


def communication_error(detail: int) -> wire.MxStatusProxy:
    """Something on the way does not answer."""
    return _status(wire.MX_STATUS_CATEGORY_COMMUNICATION_ERROR, 0, detail, TEXTS[detail])


def operational_error(text: str) -> wire.MxStatusProxy:
    """The request is understood but cannot be done."""
    return _status(wire.MX_STATUS_CATEGORY_OPERATIONAL_ERROR, 0, 0, text)


def protocol_ok() -> wire.ProtocolStatus:
    """The call itself went well."""
    return wire.ProtocolStatus(code=wire.PROTOCOL_STATUS_CODE_OK, message="OK")


def protocol(code: wire.ProtocolStatusCode, message: str) -> wire.ProtocolStatus:
    """Any other outcome of a call."""
    return wire.ProtocolStatus(code=code, message=message)
