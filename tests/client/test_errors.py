"""What the gateway refuses, as errors: class, facts, and what to try."""

from __future__ import annotations

import pytest

from mxgw_notebook import errors
from mxgw_notebook.client import GatewayClient
from tests.client.conftest import Code, Context, answering
from tests.conftest import KEY

CLASSES = [
    (Code.UNAUTHENTICATED, errors.AuthenticationError),
    (Code.PERMISSION_DENIED, errors.PermissionDeniedError),
    (Code.UNAVAILABLE, errors.GatewayUnavailableError),
    (Code.DEADLINE_EXCEEDED, errors.CallTimeoutError),
    (Code.NOT_FOUND, errors.NotFoundError),
    (Code.INVALID_ARGUMENT, errors.InvalidRequestError),
    (Code.OUT_OF_RANGE, errors.InvalidRequestError),
    (Code.FAILED_PRECONDITION, errors.PreconditionError),
    (Code.ABORTED, errors.PreconditionError),
    (Code.RESOURCE_EXHAUSTED, errors.LimitExceededError),
    (Code.INTERNAL, errors.CallError),
    (Code.UNKNOWN, errors.CallError),
    (Code.UNIMPLEMENTED, errors.CallError),
]


@pytest.mark.parametrize(("code", "kind"), CLASSES, ids=lambda value: getattr(value, "name", ""))
async def test_each_status_has_its_error_and_keeps_its_facts(
    code: Code, kind: type[errors.CallError]
) -> None:
    async def refuse(_: bytes, context: Context) -> bytes:
        await context.abort(code, "the worker\nsays no")
        raise AssertionError

    async with (
        answering(refuse) as endpoint,
        await GatewayClient.connect(endpoint, api_key=KEY, plaintext=True) as client,
    ):
        with pytest.raises(errors.CallError) as caught:
            await client.open_session()
    error = caught.value
    assert type(error) is kind
    assert (error.code, error.call, error.endpoint) == (code, "OpenSession", endpoint)
    assert error.details == "the worker says no"
    assert str(error).startswith(f"OpenSession at {endpoint} failed: the worker says no ({code.name})")


async def test_errors_say_what_happened_and_then_what_to_try() -> None:
    error = errors.NotConnectedError("No gateway is connected.")
    assert str(error) == f"No gateway is connected. {error.hint}"
    assert str(errors.GatewayError("Gone")) == "Gone"
