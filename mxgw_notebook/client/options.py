"""How a client reaches a gateway.

Why: DECISIONS.md, "Plaintext must be requested, also for localhost".
"""

from __future__ import annotations

import functools
import re
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypedDict

from mxgw_notebook.client.arguments import (
    check_settings,
    path_given,
    seconds_given,
    shown,
    text_given,
    texts_given,
    whole_number_given,
)
from mxgw_notebook.client.secret import Secret, hide, struck_out
from mxgw_notebook.errors import ConfigurationError, reason_of

DEFAULT_PORT = 5000
LOOPBACK = ("localhost", "127.", "[::1]")
MESSAGE_LIMIT = 16 * 1024 * 1024
LONGEST_AHEAD = 100 * 366 * 86_400
MOST_RETRIES = 100
# Longer than the name of a container such as mxgw_gateway_1.
KEY = re.compile(r"mxgw_[A-Za-z0-9-]+_[A-Za-z0-9_-]{16}")
CA_FILE_HINT = "Give the PEM file of the gateway's certificate, or of who signed it."


class ClientSettings(TypedDict, total=False):
    """The fields of ClientOptions but the endpoint, as keywords of `connect`."""

    api_key: str
    plaintext: bool
    ca_file: str | Path | None
    server_name_override: str | None
    timeout: float
    connect_timeout: float
    keepalive: float
    retries: int
    message_limit: int
    earliest_time: str
    time_ahead: float
    plant: str
    read_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientOptions:
    """Endpoint, key and transport. The key never shows in a repr.

    TLS is the default, also for localhost. Without TLS the key is sent in clear text, so plaintext is used
    only if you ask for it.

    Args:
        endpoint: `host:port`; the default port is 5000. A list, or several with commas, are gateways of one
            plant: the first that answers is used. If it is lost, the next one is used.
        api_key: `mxgw_<key-id>_<secret>`, sent with every call.
        plaintext: No TLS.
        ca_file: PEM file of certificates to trust instead of the system's roots.
        server_name_override: The name that the certificate is checked against, for test certificates.
        timeout: Seconds that one call may take.
        connect_timeout: Seconds in which the gateway must answer for the first time.
        keepalive: Seconds between keep-alive pings; 0 sends none. Each ping waits as long for its answer, at
            most 20 seconds. This finds a connection that no longer works.
        retries: How often a call that is safe to repeat is repeated while there is no gateway.
        message_limit: The largest message in bytes, both ways; the gateway allows 16 MiB.
        earliest_time: A sample, alarm or deploy before this time (ISO 8601; UTC if it has no zone) has no
            time.
        time_ahead: A sample, alarm or deploy more than this many seconds ahead of the gateway's clock has no
            time.
        plant: The plant's name in plans, audit and tables. Default: its endpoint.
        read_only: Arming is refused: `Gate.arm` raises. The raw and typed commands of a session are not
            limited.

    Raises:
        ConfigurationError: The options contradict each other, or one is of the wrong kind.
    """

    endpoint: str | Sequence[str]
    api_key: str = field(default="", repr=False)
    plaintext: bool = False
    ca_file: str | Path | None = None
    server_name_override: str | None = None
    timeout: float = 30.0
    connect_timeout: float = 10.0
    keepalive: float = 60.0
    retries: int = 2
    message_limit: int = MESSAGE_LIMIT
    earliest_time: str = "1990-01-01"
    time_ahead: float = 86_400.0
    plant: str = ""
    read_only: bool = False

    @classmethod
    def chosen(
        cls,
        endpoint: str | Sequence[str] | None,
        options: ClientOptions | None,
        settings: Mapping[str, Any],
    ) -> Self:
        """The options from the arguments of `connect`: ready options, or an endpoint with settings.

        Raises ConfigurationError for both, and for a setting that is not valid.
        """
        if options is None:
            names = [known.name for known in fields(cls)]
            check_settings(settings, names, "A gateway")
            return cls(endpoint="" if endpoint is None else endpoint, **hide(dict(settings)))
        given = list(settings) if endpoint is None else ["endpoint", *settings]
        if given:
            raise ConfigurationError(
                f"Both options and {', '.join(given)} are given",
                hint="Give one of them; options have all settings.",
            )
        if not isinstance(options, cls):
            raise ConfigurationError(
                f"options are ClientOptions, not {shown(options)}",
                hint='Give ClientOptions("host:port", ...).',
            )
        return options

    def __repr__(self) -> str:
        # Of such that were refused as they were made, too: a traceback with locals shows them.
        told = (one.name for one in fields(self) if one.repr and hasattr(self, one.name))
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in told)})"

    def __post_init__(self) -> None:
        object.__setattr__(self, "endpoint", endpoint_given(self.endpoint))
        if not isinstance(self.api_key, str):  # which is not shown, whatever it is: it may hold the key
            raise ConfigurationError(
                "The API key is not a text", hint='It reads mxgw_<key-id>_<secret>; give "" for none.'
            )
        if self.plaintext and (self.ca_file or self.server_name_override):
            raise ConfigurationError(
                "plaintext excludes ca_file and server_name_override", hint="Leave one of them out."
            )
        if not (self.api_key.isascii() and self.api_key.isprintable()):
            raise ConfigurationError(
                "The API key has characters a key cannot have", hint="It reads mxgw_<key-id>_<secret>."
            )
        object.__setattr__(self, "api_key", Secret(self.api_key))
        seconds_given(self.time_ahead, "time_ahead", most=LONGEST_AHEAD)
        for name in ("timeout", "connect_timeout", "keepalive"):
            seconds_given(getattr(self, name), name)
        whole_number_given(self.retries, "retries", range(MOST_RETRIES + 1))
        whole_number_given(self.message_limit, "message_limit", range(1, 2**31))
        if self.server_name_override is not None:
            text_given(self.server_name_override, "server_name_override", "Give the certificate's name.")
        if self.ca_file is not None:
            path_given(self.ca_file, CA_FILE_HINT)
        _ = self.earliest  # says whether it is a time

    @property
    def targets(self) -> tuple[str, ...]:
        """Every endpoint with its port, in the order in which they are tried."""
        return tuple(map(with_port, parts_of(self.endpoint)))

    @property
    def target(self) -> str:
        """The endpoint that is tried first, with its port, as gRPC wants it."""
        return self.targets[0]

    def turned(self) -> Self:
        """The same options with the next endpoint first and this one last. One endpoint stays as it is."""
        first, *others = parts_of(self.endpoint)
        return replace(self, endpoint=[*others, first])

    @property
    def earliest(self) -> datetime:
        """`earliest_time` as a datetime with a zone. Raises ConfigurationError if it is not a time."""
        try:
            earliest = datetime.fromisoformat(self.earliest_time)
        except (ValueError, TypeError):
            raise ConfigurationError(
                f"earliest_time {self.earliest_time!r:.60} is not a time", hint="Write it as 1990-01-01."
            ) from None
        return earliest if earliest.tzinfo else earliest.replace(tzinfo=UTC)

    @property
    def is_loopback(self) -> bool:
        """Whether the gateway is on this computer."""
        return self.target.startswith(LOOPBACK)

    @property
    def key_id(self) -> str:
        """The part of the key that is not secret; empty if the key is not `mxgw_<key-id>_<secret>`."""
        prefix, _, rest = self.api_key.partition("_")
        name, _, secret = rest.partition("_")
        return name if prefix == "mxgw" and secret else ""

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """The headers of every call and stream."""
        return (("authorization", Secret(f"Bearer {self.api_key}")),) if self.api_key else ()

    def redacted(self, text: str) -> str:
        """A text of the gateway with the key removed, if it contains the key."""
        return struck_out(text, self.api_key)

    def root_certificates(self) -> bytes | None:
        """The bytes of `ca_file`; None means the system's roots.

        Raises ConfigurationError if the file cannot be read or has no certificate.
        """
        if self.ca_file is None:
            return None
        try:
            read = Path(self.ca_file).read_bytes()
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(self.ca_file)
        except (
            ssl.SSLError
        ):  # gRPC would take the system's roots for an empty file, and tell nothing of others
            message = f"ca_file {self.ca_file} has no certificate in PEM in it"
            raise ConfigurationError(message, hint=CA_FILE_HINT) from None
        except (OSError, ValueError) as error:
            reason = reason_of(error)
            message = f"ca_file {self.ca_file} cannot be read: {reason}"
            raise ConfigurationError(message, hint=CA_FILE_HINT) from None
        return read


def hiding(made: Callable[..., None]) -> Callable[..., None]:
    """What makes options, the key hidden in its own variables too: a traceback with locals shows them."""

    @functools.wraps(made)
    def make(self: ClientOptions, **settings: Any) -> None:
        made(self, **hide(settings))

    return make


setattr(ClientOptions, "__init__", hiding(ClientOptions.__init__))  # noqa: B010  mypy: it is no other type


def endpoint_given(value: Any) -> str:
    """What names one gateway or several, as one text. Raises ConfigurationError for what names none."""
    hint = "Give host:port, e.g. localhost:5120, or several of them."
    if isinstance(value, str):
        text_given(value, "An endpoint", hint)
    else:
        value = ",".join(texts_given(value, "An endpoint", hint))
    found = parts_of(value)
    if KEY.search(value):  # a name server would be asked for it; the error does not repeat it
        raise ConfigurationError("The endpoint has a key in it", hint="Give the key as api_key=.")
    if not value.strip():
        raise ConfigurationError("No endpoint given", hint="{name a gateway}.")
    if not all(found):
        raise ConfigurationError(f"An endpoint is missing in {shown(value)}", hint=hint)
    if "://" in value:
        hint = "Write host:port; TLS is the default, {turn TLS off} turns it off."
        raise ConfigurationError(f"{shown(value)} is a URL, not an endpoint", hint=hint)
    return value if len(found) == 1 else ",".join(dict.fromkeys(found))


def parts_of(endpoint: str | Sequence[str]) -> list[str]:
    """Each of the endpoints that stand in a text, commas between them."""
    given = [endpoint] if isinstance(endpoint, str) else endpoint
    return [part.strip() for one in given for part in one.split(",")]


def with_port(endpoint: str) -> str:
    """host:port of an endpoint that may lack its port."""
    host, colon, port = endpoint.rpartition(":")
    return endpoint if colon and host and port.isdigit() else f"{endpoint}:{DEFAULT_PORT}"
