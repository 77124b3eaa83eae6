"""How a call goes wrong: as a gRPC status, as an invalid request, or as a failure of MXAccess itself."""

from __future__ import annotations

import grpc

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator import statuses


class RefusedError(Exception):
    """Ends the call with a gRPC status."""

    def __init__(self, code: grpc.StatusCode, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class InvalidRequestError(Exception):
    """Answers OK on the wire, with INVALID_REQUEST as protocol status."""


class MxFailureError(Exception):
    """Answers OK on the wire, with MXACCESS_FAILURE as protocol status, an hresult and a status."""

    def __init__(
        self, text: str, status: wire.MxStatusProxy | None = None, hresult: int = statuses.E_INVALIDARG
    ) -> None:
        super().__init__(text)
        self.text = text
        self.status = status or statuses.configuration_error(0, text)
        self.hresult = hresult


def invalid_reference(tag: str) -> MxFailureError:
    """The galaxy knows no such tag, or the key may not see it."""
    detail = statuses.INVALID_REFERENCE
    return MxFailureError(f"{tag}: {statuses.TEXTS[detail]}", statuses.configuration_error(detail))
