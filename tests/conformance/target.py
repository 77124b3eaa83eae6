"""Which gateway the suite speaks to: the embedded one, or the one that the environment names.

`MXGATEWAY_CONFORMANCE_ENDPOINT` (host:port) and `MXGATEWAY_CONFORMANCE_API_KEY` name another gateway;
`..._CA_FILE` asks for TLS. What of its plant may be used is told by further variables, one a field of
`Target`, such as `MXGATEWAY_CONFORMANCE_CHANGING=Pump001.Speed`; a test that needs one that is not set
is skipped.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

import grpc
import pytest

from tests.conformance.plain_client import CHANNEL, PlainClient, let_go

PREFIX = "MXGATEWAY_CONFORMANCE_"
KEY = "mxgw_test_secret"


@dataclass(frozen=True)
class Target:
    """A gateway under test. Empty fields are not known of it; users are `name:password,name:password`."""

    endpoint: str
    api_key: str
    ca_file: str = ""
    changing: str = ""  # a tag whose number changes within seconds
    steady: str = ""  # a tag that never changes
    writable: str = ""  # a number that a plain write may set to 20
    array: str = ""  # without brackets
    writable_array: str = ""  # an array of doubles, without brackets
    secured: str = ""  # a boolean of class SecuredWrite
    verified: str = ""  # a boolean of class VerifiedWrite
    users: str = ""
    reader_key: str = ""  # a key with session:open, session:close and invoke:read alone
    alarm: str = ""  # the full reference of an alarm that stands and may be acknowledged

    def need(self, name: str) -> str:
        """A field; the test is skipped where it is not known."""
        value: str = getattr(self, name)
        if not value:
            pytest.skip(f"set {PREFIX}{name.upper()} to run this against {self.endpoint}")
        return value

    @asynccontextmanager
    async def client(self, api_key: str | None = None) -> AsyncIterator[PlainClient]:
        """A client with the target's key or another; an empty one sends none."""
        key = self.api_key if api_key is None else api_key
        async with self.channel() as channel:
            yield PlainClient(channel, f"Bearer {key}" if key else "")
        await let_go()

    def channel(self) -> grpc.aio.Channel:
        """A channel as the target wants it."""
        if not self.ca_file:
            return grpc.aio.insecure_channel(self.endpoint, CHANNEL)
        credentials = grpc.ssl_channel_credentials(Path(self.ca_file).read_bytes())
        return grpc.aio.secure_channel(self.endpoint, credentials, CHANNEL)


def embedded(endpoint: str) -> Target:
    """The embedded gateway's demo plant."""
    return Target(
        endpoint,
        KEY,
        changing="Pump001.Speed",
        steady="Tank001.Level.EngUnits",
        writable="FIC101.SP",
        array="Reactor101.TemperatureProfile",
        writable_array="Recipe_101.Charges",
        secured="Pump001.Reset",
        verified="Recipe_101.Abort",
        users="operator:demo-operator,supervisor:demo-supervisor",
        reader_key="mxgw_reader_1",
        alarm="Galaxy!Production1.Tank005.Level.HiHi",
    )


def elsewhere() -> Target | None:
    """The gateway that the environment names; None where it names none."""
    endpoint = os.environ.get(f"{PREFIX}ENDPOINT")
    if not endpoint:
        return None
    told = {field.name: os.environ.get(f"{PREFIX}{field.name.upper()}", "") for field in fields(Target)}
    return replace(Target(endpoint, told.pop("api_key")), **{k: v for k, v in told.items() if v})
