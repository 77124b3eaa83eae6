"""Everything this package raises on purpose.

GatewayError                     the message says what happened, `hint` what to try next
├── ConfigurationError           options that contradict each other or are missing; a value that does not fit
│   └── UnknownTypeError         what a tag takes could not be asked, and was not told
├── MissingPackageError          a package that this needs is not installed; an ImportError as well
├── NotConnectedError            no gateway is connected yet
├── NotArmedError                the plant is only read until it is armed; nothing was sent
├── PlanError                    a plan of writes that is not to be applied; nothing was sent
├── SessionClosedError           the session or client was closed on this side
├── CallError                    the call failed in gRPC; `code`, `call`, `endpoint`, `details`
│   ├── AuthenticationError      UNAUTHENTICATED: the key is missing, malformed, unknown or revoked
│   ├── PermissionDeniedError    PERMISSION_DENIED: the key lacks the scope
│   ├── GatewayUnavailableError  UNAVAILABLE: nobody answers, or not as a gateway would
│   ├── CallTimeoutError         DEADLINE_EXCEEDED: the command may still be running
│   ├── NotFoundError            NOT_FOUND: no such session, object or alarm
│   ├── InvalidRequestError      INVALID_ARGUMENT, OUT_OF_RANGE: stale page tokens too
│   ├── PreconditionError        FAILED_PRECONDITION, ABORTED
│   └── LimitExceededError       RESOURCE_EXHAUSTED: a message over 16 MiB, too many sessions or commands
├── ReplyError                   the call went well, its reply says no; `reply`, `protocol_code`
│   └── MxAccessError            MXAccess refused the command; `hresult`, `statuses`
├── WriteError                   a write was accepted and then refused; `tag`, `statuses`, `value`
├── OutcomeUnknownError          it was asked for and may have been done: the answer was lost or late
│   └── WriteOutcomeUnknownError a write; `tag`, `value`
└── TagError                     some tags of a list failed; `failures` maps each to its reason
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import grpc

from mxgw_notebook.next_steps import Place, as_done_in

# The errors have them, and people take the class from here.
from mxgw_notebook.statuses import Status as Status  # noqa: PLC0414
from mxgw_notebook.statuses import hint_of
from mxgw_notebook.words import visible


class GatewayError(Exception):
    """The base of all errors: `str()` is one line, what happened and then what to try.

    `may_be_done` is True if the request was sent to the gateway and nobody knows its result.
    """

    default_hint: ClassVar[str] = ""
    may_be_done: bool = False
    # Whether the gateway itself has answered, whatever it said: then it is there.
    is_answer: bool = False
    # Whether we failed to read what came, by a mistake of ours.
    is_mistake: bool = False
    # Whether trying again cannot help: the gateway was a process of ours, and has ended.
    is_final: bool = False

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        self.message = message.rstrip(".")
        self._hint = self.default_hint if hint is None else hint
        super().__init__(self.message)

    @property
    def hint(self) -> str:
        """What to try next, for a call in Python; empty if nothing is known."""
        return self.hint_in(Place.PYTHON)

    def hint_in(self, place: Place) -> str:
        """What to try next, for the place where the reader is."""
        return as_done_in(place, self._hint)

    def line_in(self, place: Place) -> str:
        """The text of `str`, for another place than a call in Python."""
        hint = self.hint_in(place)
        line = f"{self.message}. {hint}" if hint else self.message
        # The words may be the plant's, and reach a terminal by many ways.
        return visible(" ".join(line.split()))

    @property
    def reason(self) -> str:
        """What happened, in the fewest words, for a status line."""
        return self.message

    def __str__(self) -> str:
        return self.line_in(Place.PYTHON)

    def _render_traceback_(self) -> list[str]:
        """What IPython shows of it: one line; after `%xmode Verbose` the whole, as of any other."""
        # Asked of what runs already: errors import no notebook.
        running = getattr(sys.modules.get("IPython"), "get_ipython", None)
        tracebacks = getattr(running() if running else None, "InteractiveTB", None)
        if tracebacks is not None and tracebacks.mode == "Verbose":
            whole: list[str] = tracebacks.structured_traceback(type(self), self, self.__traceback__)
            return whole
        return [f"{type(self).__name__}: {self}"]


class ConfigurationError(GatewayError):
    """Options contradict each other, or one is missing or not valid."""


class MissingPackageError(GatewayError, ImportError):
    """A package is not installed that this function needs (the async client does not): `package`."""

    default_hint = "Install all that a notebook needs: python -m pip install mxgw-notebook."

    def __init__(self, wanted: str, package: str, *, hint: str | None = None) -> None:
        self.package = package
        super().__init__(f"{wanted} needs {package}, which is not installed", hint=hint)

    @classmethod
    def of(cls, wanted: str, error: ImportError) -> Self:
        """The error to raise for a failed import. Raises the import error itself if the module is ours."""
        package = error.package if isinstance(error, cls) else (error.name or "").partition(".")[0]
        if package in ("", "mxgw_notebook"):
            raise error
        return cls(wanted, package)


class UnknownTypeError(ConfigurationError):
    """A write without a type, to a tag that does not show its type: a wrong value could not be refused."""

    default_hint = "Give its type: {say the type}."


class NotConnectedError(GatewayError):
    """No gateway is connected."""

    default_hint = "Connect first: {connect}."


class NotArmedError(GatewayError):
    """The plant may not be changed: its connection is not armed. Nothing was sent."""

    default_hint = "Arm it first: {arm}."

    def __init__(self, message: str, reason: str, *, hint: str | None = None) -> None:
        self._reason = reason
        super().__init__(f"{message}: {reason}", hint=hint)

    @property
    def reason(self) -> str:
        """Which plant is not armed, without the change that was wanted."""
        return self._reason


class PlanError(GatewayError):
    """A plan of writes was not applied. Nothing was sent."""


class SessionClosedError(GatewayError):
    """The session or client was closed on this side. Nothing was sent."""

    default_hint = "Open a new one."


# What gRPC says by itself where nobody answers, or not in time.
NO_ANSWERS = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)


class CallError(GatewayError):
    """A call that failed in gRPC, with its status code."""

    def __init__(
        self,
        details: str,
        *,
        call: str,
        endpoint: str,
        code: grpc.StatusCode,
        hint: str | None = None,
    ) -> None:
        self.call, self.endpoint, self.code, self.details = call, endpoint, code, details
        self.is_answer = code not in NO_ANSWERS
        super().__init__(f"{call} at {endpoint} failed: {details} ({code.name})", hint=hint)

    @property
    def reason(self) -> str:
        """The gateway's or gRPC's own words."""
        return self.details


class AuthenticationError(CallError):
    """The gateway does not accept the API key. Trying again does not help."""

    default_hint = "Check the API key ({give a key})."


class PermissionDeniedError(CallError):
    """The API key is valid but lacks a scope. Trying again does not help."""

    default_hint = "Ask for a key with the scope this call needs, and connect again with it."


class GatewayUnavailableError(CallError):
    """Nobody answers at the endpoint, or what answers is not a gateway."""

    default_hint = (
        "Check host and port, and that the gateway is running and the network allows the connection."
    )


class CallTimeoutError(CallError):
    """The waiting ended, not the command: it may still be running, and the session's state is unknown."""

    default_hint = (
        "The command may still be running in the gateway; ask with {ask the session}, or close the session. "
        "A longer timeout can be given."
    )


class NotFoundError(CallError):
    """The gateway knows no such session, object or alarm."""

    default_hint = "A session does not survive a gateway restart; a name can be looked up: {find}."


class InvalidRequestError(CallError):
    """The gateway refuses the request as not valid; also a page token from before a deploy."""


class PreconditionError(CallError):
    """The gateway is in a state in which it cannot do this."""


class LimitExceededError(CallError):
    """A limit of the gateway or of this client: message size, sessions, pending commands."""

    default_hint = "Ask for less at once, or close sessions that are no longer used."


class ReplyError(GatewayError):
    """The call succeeded, but the reply's protocol status says that the command did not."""

    is_answer = True

    def __init__(self, message: str, *, protocol_code: str, reply: Any, hint: str | None = None) -> None:
        self.protocol_code, self.reply = protocol_code, reply
        super().__init__(message, hint=hint)


class MxAccessError(ReplyError):
    """MXAccess refused the command: `hresult` (None if not sent), `statuses`, the raw `reply`."""

    def __init__(
        self, message: str, *, protocol_code: str, reply: Any, hresult: int | None, statuses: Sequence[Status]
    ) -> None:
        self.hresult, self.statuses = hresult, tuple(statuses)
        super().__init__(message, protocol_code=protocol_code, reply=reply, hint=hint_of(self.statuses))

    @property
    def hresult_hex(self) -> str:
        """The hresult as Windows writes it, 0x80070057; empty if none was sent."""
        return "" if self.hresult is None else f"0x{self.hresult & 0xFFFFFFFF:08X}"


class WriteError(GatewayError):
    """The gateway took the write, and then the plant refused it."""

    def __init__(
        self, tag: str, statuses: Sequence[Status], *, hint: str | None = None, value: Any = None
    ) -> None:
        self.tag, self.statuses, self.value = tag, tuple(statuses), value
        reasons = "; ".join(str(status) for status in self.statuses if status.failed) or "no reason given"
        if hint is None:
            hint = hint_of(status for status in self.statuses if status.failed)
        super().__init__(f"Write to {tag} was refused: {reasons}", hint=hint)


class OutcomeUnknownError(GatewayError):
    """The request was sent to the gateway, and nobody knows whether it was done."""

    default_hint = "It may have been done: look at the plant before you repeat it."
    may_be_done = True


class WriteOutcomeUnknownError(OutcomeUnknownError):
    """A write was sent, and its outcome did not come: the plant may have `value` or not."""

    default_hint = "The value may have been written: read the tag."

    def __init__(self, message: str, *, tag: str, value: Any = None, hint: str | None = None) -> None:
        self.tag, self.value = tag, value
        super().__init__(message, hint=hint)


class TagError(GatewayError):
    """Some tags of a list failed: `failures` maps each one to its reason, in the given order."""

    default_hint = "Look a name up: {find}."
    shown: ClassVar[int] = 5

    def __init__(self, failures: Mapping[str, str], *, hint: str | None = None) -> None:
        self.failures = dict(failures)
        listed = "; ".join(f"{tag}: {reason}" for tag, reason in list(self.failures.items())[: self.shown])
        more = f" and {len(self.failures) - self.shown} more" if len(self.failures) > self.shown else ""
        super().__init__(f"{listed}{more}", hint=hint)


def reason_of(error: BaseException) -> str:
    """What an error of Python or of a library says, in one line: of a file what the system says of it."""
    told: str | None = getattr(error, "strerror", None)
    return told or next(iter(str(error).splitlines()), "") or type(error).__name__
