"""A gRPC status as an error of ours; the only place that does it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from mxgw_notebook import errors
from mxgw_notebook.client.contract import galaxy_wire
from mxgw_notebook.client.options import ClientOptions
from mxgw_notebook.client.proxy import proxy_words
from mxgw_notebook.client.secret import looks_like

log = logging.getLogger(__name__)

CODES: dict[grpc.StatusCode, type[errors.CallError]] = {
    grpc.StatusCode.UNAUTHENTICATED: errors.AuthenticationError,
    grpc.StatusCode.PERMISSION_DENIED: errors.PermissionDeniedError,
    grpc.StatusCode.UNAVAILABLE: errors.GatewayUnavailableError,
    grpc.StatusCode.DEADLINE_EXCEEDED: errors.CallTimeoutError,
    grpc.StatusCode.NOT_FOUND: errors.NotFoundError,
    grpc.StatusCode.INVALID_ARGUMENT: errors.InvalidRequestError,
    grpc.StatusCode.OUT_OF_RANGE: errors.InvalidRequestError,
    grpc.StatusCode.FAILED_PRECONDITION: errors.PreconditionError,
    grpc.StatusCode.ABORTED: errors.PreconditionError,
    grpc.StatusCode.RESOURCE_EXHAUSTED: errors.LimitExceededError,
}
# The gateway has looked at the request and refuses it. After any other status it may have been done.
REFUSALS = frozenset(
    (
        grpc.StatusCode.UNAUTHENTICATED,
        grpc.StatusCode.PERMISSION_DENIED,
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.OUT_OF_RANGE,
        grpc.StatusCode.FAILED_PRECONDITION,
        grpc.StatusCode.UNIMPLEMENTED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
    )
)
# UNAVAILABLE without a connection: the request never left.
NEVER_CONNECTED = re.compile(
    r"failed to connect to all addresses|connections to all backends failing|DNS resolution failed"
    r"|address lookup failed|domain name not found|empty address list",
    re.IGNORECASE,
)
# RESOURCE_EXHAUSTED of this side: the reply, that of a command that was done, is too long to be taken.
LONG_REPLY = "received message larger"
# What a call that is no command takes.
SCOPES = {
    "OpenSession": "session:open",
    "CloseSession": "session:close",
    "AcknowledgeAlarm": "invoke:write",
    **dict.fromkeys(("StreamEvents", "StreamAlarms", "QueryActiveAlarms"), "events:read"),
    **dict.fromkeys(
        (method.name for method in galaxy_wire.DESCRIPTOR.services_by_name["GalaxyRepository"].methods),
        "metadata:read",
    ),
}
# What does something at the plant: a lost reply leaves open whether it was done. Invoke stands with its
# command.
ACTING = re.compile(r"AcknowledgeAlarm|Invoke( \((?!ping|get_|read_bulk|query_|drain_)|$)")
MAY_BE_DONE = "The connection broke or the answer was lost: it may have been done."
WRONG_NAME = "The certificate is for another name: connect by that one, or give {name the certificate}."
CORE_PREFIX = re.compile(r"^failed to connect to all addresses; last error: \w+: (ip\S+: )?")
NOT_A_GATEWAY = "This does not look like an MXAccess Gateway: check the port."
UNKNOWN_HOST = "The host name is not known here: check its spelling."
OTHER_CONTRACT = (
    "The gateway may have another contract: point MXGATEWAY_PROTO_PATH at the .proto files that came with it."
)
# gRPC core says in prose alone why a connection failed; each is met with what helps.
CONNECTION_HINTS = {
    "certificate has expired": "The gateway needs a new certificate, unless this machine's clock is wrong.",
    "certificate is not yet valid": "The gateway's certificate is not valid yet: check both clocks.",
    "CERTIFICATE_VERIFY_FAILED": "The certificate is not trusted here: give its file, {trust a certificate}.",
    "Hostname Verification": WRONG_NAME,
    "Peer name": WRONG_NAME,
    "WRONG_VERSION_NUMBER": "The port speaks no TLS: give {turn TLS off} if that is meant.",
    "ssl": "The TLS handshake failed: the port may speak plaintext: give {turn TLS off} if that is meant.",
    "SETTINGS": NOT_A_GATEWAY,
    "Socket closed": NOT_A_GATEWAY,
    "Trying to connect an http1.x server": NOT_A_GATEWAY,
    "Connection refused": "Nothing listens there: check host and port, and that the gateway runs.",
    "DNS resolution failed": UNKNOWN_HOST,
    "address lookup failed": UNKNOWN_HOST,
}
# Without a word of connecting before it, the connection had been there.
BROKE_IN_USE = re.compile(r"(Stream removed \()?(Socket closed|Connection reset by peer)\)?")


def hint_for(call: str, code: grpc.StatusCode, details: str) -> str | None:
    """What to try, where gRPC's details say more than the code does; None keeps the error's own hint."""
    if code is grpc.StatusCode.UNIMPLEMENTED:
        return "The gateway does not know this call: it is older or newer, or no MXAccess Gateway at all."
    if code is grpc.StatusCode.PERMISSION_DENIED and call in SCOPES:
        return f"Ask for a key with the scope {SCOPES[call]}, and connect again with it."
    if code is grpc.StatusCode.NOT_FOUND and call == "AcknowledgeAlarm":
        return "It may be over already; what can be acknowledged is listed by {see active alarms}."
    if code is grpc.StatusCode.DEADLINE_EXCEEDED and not call.startswith("Invoke"):
        return "A longer timeout can be given."
    if code is not grpc.StatusCode.UNAVAILABLE or BROKE_IN_USE.fullmatch(details):
        return None
    return next((hint for mark, hint in CONNECTION_HINTS.items() if mark.lower() in details.lower()), None)


def may_be_done(code: grpc.StatusCode, details: str) -> bool:
    """Whether what was asked for may have been done, though the call failed."""
    if code is grpc.StatusCode.UNAVAILABLE:
        return not NEVER_CONNECTED.match(details)
    return code not in REFUSALS or LONG_REPLY in details.lower()


def judge_write(tag: str, value: Any = None) -> AbstractContextManager[None]:
    """Raises WriteOutcomeUnknownError for each failure after which the value may have been written.

    A failure that says for certain that it was not goes through as it is.
    """
    doubt = f"The outcome of the write to {tag} is not known"
    return judge(errors.WriteOutcomeUnknownError, doubt, tag=tag, value=value)


def judge_acknowledge(alarm: str) -> AbstractContextManager[None]:
    """The same for an acknowledge: OutcomeUnknownError where it may have been done."""
    hint = "It may have been; to acknowledge it again does no harm."
    return judge(errors.OutcomeUnknownError, f"Whether {alarm} was acknowledged is not known", hint=hint)


@contextmanager
def judge(kind: type[errors.OutcomeUnknownError], doubt: str, **details: Any) -> Iterator[None]:
    """What leaves open whether it was done becomes a `kind` that words the doubt, made with these details."""
    try:
        yield
    except kind:
        raise  # doubted already, further inside, by whoever knew more of it
    except errors.GatewayError as error:
        if not error.may_be_done:
            raise
        raise kind(f"{doubt}: {error.message}", **details) from error


def mistaken(error: Exception, call: str, options: ClientOptions) -> errors.CallError:
    """The error for a call whose answers we failed to read: a mistake of ours, not the gateway's end."""
    log.debug("%s: what came could not be read", call, exc_info=error)
    words = without_key(f"what came could not be read: {type(error).__name__}: {error}", options)
    hint = "This is a mistake of mxgw_notebook: logging at level DEBUG shows where."
    made = errors.CallError(
        words, call=call, endpoint=options.target, code=grpc.StatusCode.UNKNOWN, hint=hint
    )
    made.is_mistake = True
    return made


@contextmanager
def being_read(call: str, options: ClientOptions) -> Iterator[None]:
    """An answer of which nothing can be made is one error of ours; what was asked for may have been done."""
    try:
        yield
    except errors.GatewayError:
        raise
    except DecodeError as error:
        raise unreadable(error, call, options) from None
    except Exception as error:
        made = mistaken(error, call, options)
        made.may_be_done = True
        raise made from error


def unreadable(error: Exception, call: str, options: ClientOptions) -> errors.CallError:
    """The error for a reply that came and cannot be read: what was asked for has been done, or it has not."""
    words = without_key(f"its reply could not be read: {error}", options)
    made = errors.CallError(
        words, call=call, endpoint=options.target, code=grpc.StatusCode.UNKNOWN, hint=OTHER_CONTRACT
    )
    made.may_be_done = True
    return made


def translated(error: grpc.RpcError, call: str, options: ClientOptions) -> errors.CallError:
    """The error of ours for a failed call. The key cannot stand in it, whatever the gateway answered."""
    code: grpc.StatusCode = error.code()
    words = " ".join((error.details() or "no details").split()).rstrip(".")
    details = without_key(CORE_PREFIX.sub("", words), options)
    kind, done = CODES.get(code, errors.CallError), may_be_done(code, words)
    # A timeout's own hint says so already.
    in_doubt = done and ACTING.match(call) and code is not grpc.StatusCode.DEADLINE_EXCEEDED
    hint = hint_for(call, code, words) or (MAY_BE_DONE if in_doubt else None)
    if code is grpc.StatusCode.UNAUTHENTICATED and (seen := looks_like(options.api_key)):
        hint = f"{seen}. Give another: {{give a key}}."
    if kind is errors.GatewayUnavailableError and not done and (proxied := proxy_words(options)):
        hint = f"{proxied}."
    made = kind(details, call=call, endpoint=options.target, code=code, hint=hint)
    made.may_be_done = done
    return made


def without_key(text: str, options: ClientOptions) -> str:
    """The same text, the key struck out should it stand there."""
    return options.redacted(text)
