"""Client options, and the transport they ask for."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, get_type_hints

import grpc
import grpc.aio
import pytest

from mxgw_notebook.client import ClientOptions, ClientSettings, GatewayClient
from mxgw_notebook.errors import ConfigurationError, GatewayUnavailableError
from mxgw_notebook.simulator.certificate import Certificate, self_signed
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.conftest import served_with
from tests.conftest import KEY


def test_a_host_alone_takes_the_gateways_port() -> None:
    assert ClientOptions(endpoint="plant.example").target == "plant.example:5000"
    assert ClientOptions(endpoint="plant.example:7001").target == "plant.example:7001"


def test_the_key_does_not_show_in_options() -> None:
    options = ClientOptions(endpoint="plant.example", api_key=KEY)
    assert KEY not in f"{options!r}{options!s}"
    assert options.metadata == (("authorization", f"Bearer {KEY}"),)


def test_no_key_sends_no_header() -> None:
    assert ClientOptions(endpoint="plant.example").metadata == ()


@pytest.mark.parametrize("endpoint", ["", "  ", "http://plant.example:5000"])
def test_what_is_no_endpoint_is_refused_at_once(endpoint: str) -> None:
    with pytest.raises(ConfigurationError, match=r"endpoint"):
        ClientOptions(endpoint=endpoint)


def test_plaintext_excludes_what_only_tls_needs() -> None:
    with pytest.raises(ConfigurationError, match="plaintext excludes"):
        ClientOptions(endpoint="plant.example", plaintext=True, ca_file="ca.pem")


def test_a_key_with_a_line_end_is_refused_without_being_shown() -> None:
    with pytest.raises(ConfigurationError) as caught:
        ClientOptions(endpoint="plant.example", api_key=f"{KEY}\n")
    assert KEY not in str(caught.value)


async def test_a_ca_file_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.pem cannot be read: No such file"):
        await GatewayClient.connect("localhost:1", ca_file="nowhere.pem")


# ------------------------------------------------------------------ plaintext and TLS


async def test_plaintext_is_taken_only_when_asked_for(served: ServedGateway) -> None:
    with pytest.raises(GatewayUnavailableError, match="speaks no TLS"):
        await GatewayClient.connect(served.endpoint, api_key=KEY)
    async with await GatewayClient.connect(served.endpoint, api_key=KEY, plaintext=True) as client:
        assert (await client.open_session()).session_id


async def test_a_certificate_in_the_ca_file_is_trusted() -> None:
    async with (
        served_with(tls=True) as gateway,
        await GatewayClient.connect(gateway.endpoint, api_key=KEY, ca_file=gateway.ca_file) as client,
        await client.open_session() as session,
    ):
        assert await session.register("secure") > 0


async def test_a_certificate_that_nobody_vouches_for_is_told_with_the_remedy() -> None:
    async with served_with(tls=True) as gateway:
        with pytest.raises(GatewayUnavailableError, match="give its file, ca_file="):
            await GatewayClient.connect(gateway.endpoint, api_key=KEY)


async def test_a_certificate_of_another_name_is_told_with_the_remedy() -> None:
    async with served_with(tls=True) as gateway:
        with pytest.raises(GatewayUnavailableError, match="give server_name_override"):
            await GatewayClient.connect(
                gateway.endpoint, api_key=KEY, ca_file=gateway.ca_file, server_name_override="plant.example"
            )


@asynccontextmanager
async def showing(certificate: Certificate) -> AsyncIterator[str]:
    """The endpoint of a server that has this certificate, and no more than that."""
    server = grpc.aio.server()
    held = [(certificate.private, certificate.public)]
    port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials(held))
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(grace=None)


@pytest.mark.parametrize(
    ("certificate", "told"),
    [
        (self_signed(expired=True), "needs a new certificate"),
        (self_signed("plant.example"), "is for another name: connect by that one"),
    ],
    ids=["expired", "of another name"],
)
async def test_a_trusted_certificate_that_is_no_good_is_told_as_what_it_is(
    certificate: Certificate, told: str, tmp_path: Path
) -> None:
    ca_file = tmp_path / "gateway.pem"
    ca_file.write_bytes(certificate.public)
    async with showing(certificate) as endpoint:
        with pytest.raises(GatewayUnavailableError, match=told) as caught:
            await GatewayClient.connect(endpoint, api_key=KEY, ca_file=ca_file)
    assert "ca_file" not in str(caught.value)


@pytest.mark.parametrize(
    "held", [b"", b"not a certificate", self_signed().private], ids=["none", "text", "key"]
)
async def test_a_ca_file_without_a_certificate_is_named(held: bytes, tmp_path: Path) -> None:
    ca_file = tmp_path / "gateway.pem"
    ca_file.write_bytes(held)
    with pytest.raises(ConfigurationError, match=r"gateway\.pem has no certificate in PEM in it"):
        await GatewayClient.connect("localhost:1", ca_file=ca_file)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ca_file": 5},
        {"ca_file": ""},
        {"server_name_override": 5},
        {"timeout": math.nan},
        {"connect_timeout": "5"},
        {"keepalive": -1},
        {"retries": 2**62},
        {"message_limit": 0.5},
        {"earliest_time": None},
        {"time_ahead": "1"},
    ],
)
def test_an_option_of_the_wrong_kind_is_one_line(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=rf"{next(iter(wrong))}|names no file") as caught:
        ClientOptions(endpoint="plant.example", **wrong)
    assert caught.value.hint


async def test_the_override_is_the_name_that_the_certificate_is_checked_against() -> None:
    async with (
        served_with(tls=True) as gateway,
        await GatewayClient.connect(
            gateway.endpoint, api_key=KEY, ca_file=gateway.ca_file, server_name_override="localhost"
        ) as client,
    ):
        assert await client.query_active_alarms() is not None


async def test_plaintext_to_a_tls_port_is_one_line(tmp_path: Path) -> None:
    async with served_with(tls=True) as gateway:
        with pytest.raises(GatewayUnavailableError) as caught:
            await GatewayClient.connect(gateway.endpoint, api_key=KEY, plaintext=True, connect_timeout=0.5)
    assert "\n" not in str(caught.value)
    assert KEY not in str(caught.value)


def test_the_settings_that_connect_takes_by_keyword_are_the_fields_of_its_options() -> None:
    known = get_type_hints(ClientOptions)
    assert get_type_hints(ClientSettings) == {name: known[name] for name in known if name != "endpoint"}


async def test_a_misspelt_setting_is_refused_by_type_checkers_and_by_connect() -> None:
    with pytest.raises(ConfigurationError, match="takes no plain_text"):
        await GatewayClient.connect("plant.example", plain_text=True)  # type: ignore[call-arg]


@pytest.mark.parametrize("beside", [{"endpoint": "other:5999"}, {"timeout": 5.0}])
async def test_options_beside_an_endpoint_or_a_setting_are_refused(beside: Any) -> None:
    options = ClientOptions(endpoint="plant.example")
    with pytest.raises(ConfigurationError, match=f"Both options and {next(iter(beside))} are given"):
        await GatewayClient.connect(options=options, **beside)
