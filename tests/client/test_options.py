"""Client options, and the transport they ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mxgw_notebook.client import ClientOptions, GatewayClient
from mxgw_notebook.errors import ConfigurationError, GatewayUnavailableError
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
        assert await session.ping("secure") == "secure"


async def test_a_certificate_that_nobody_vouches_for_is_told_with_the_remedy() -> None:
    async with served_with(tls=True) as gateway:
        with pytest.raises(GatewayUnavailableError, match="give its PEM file as ca_file"):
            await GatewayClient.connect(gateway.endpoint, api_key=KEY)


async def test_a_certificate_of_another_name_is_told_with_the_remedy() -> None:
    async with served_with(tls=True) as gateway:
        with pytest.raises(GatewayUnavailableError, match="give server_name_override"):
            await GatewayClient.connect(
                gateway.endpoint, api_key=KEY, ca_file=gateway.ca_file, server_name_override="plant.example"
            )


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
