"""The doctor: a verdict and what helps for each check; without a gateway, frozen, or with a poor key."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import psutil
import pytest
from cryptography import x509

from mxgw_notebook.client import ClientOptions, Secret
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import connect, doctor
from mxgw_notebook.gateway.checkup.certificate import judged
from mxgw_notebook.gateway.checkup.examination import report
from mxgw_notebook.gateway.checkup.finding import Finding, Health, found
from mxgw_notebook.simulator.certificate import self_signed
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY

READER = "mxgw_reader_s3cret5"


def verdicts(findings: pd.DataFrame) -> dict[str, str]:
    return dict(zip(findings["check"], findings["verdict"], strict=True))


def told(findings: pd.DataFrame, check: str, column: str = "told") -> str:
    (words,) = findings.loc[findings["check"] == check, column]
    return str(words)


def test_a_good_gateway_is_called_good_and_what_was_not_asked_is_not_known(embedded: EmbeddedGateway) -> None:
    findings = doctor(embedded.endpoint, api_key=KEY, plaintext=True)
    found_out = verdicts(findings)
    scopes = ("metadata:read", "events:read", "session:open", "invoke:read", "session:close")
    for check in ("gateway", "key", "clock", "latency", "message limit", "contract", "certificate"):
        assert (check, found_out[check]) == (check, "good")
    assert {found_out[f"key: {scope}"] for scope in scopes} == {"good"}
    assert found_out["key: invoke:write"] == found_out["key: invoke:secure"] == "not known"
    assert findings["check"].is_unique
    assert "grpcio" in told(findings, "versions")
    assert (findings["remedy"][findings["verdict"] == "good"] == "").all()


def test_the_gateway_that_is_connected_is_looked_at(embedded: EmbeddedGateway) -> None:
    connect(embedded.endpoint, api_key=KEY, plaintext=True)
    assert verdicts(doctor())["gateway"] == "good"


def test_it_works_where_nothing_is_connected() -> None:
    findings = doctor()
    assert verdicts(findings)["gateway"] == "not known"
    assert "MXGATEWAY_ENDPOINT" in told(findings, "gateway", "remedy")
    assert verdicts(findings)["versions"] == "good"
    with pytest.raises(ConfigurationError):
        doctor("demo")


def test_nobody_there_is_bad_with_what_helps() -> None:
    findings = doctor("localhost:1", plaintext=True)
    assert verdicts(findings)["gateway"] == "bad"
    assert "check host and port" in told(findings, "gateway", "remedy")


def test_a_frozen_gateway_keeps_nobody_waiting(own_embedded: EmbeddedGateway) -> None:
    connect(own_embedded.endpoint, api_key=KEY, plaintext=True)
    process = psutil.Process(own_embedded.pid)
    process.suspend()
    try:
        begun = time.monotonic()
        findings = doctor()
        assert time.monotonic() - begun < 15
    finally:
        process.resume()
    assert verdicts(findings)["gateway"] == "bad"
    assert told(findings, "gateway", "remedy")


def test_a_key_that_is_not_known_is_told_as_what_it_looks_like(embedded: EmbeddedGateway) -> None:
    findings = doctor(embedded.endpoint, api_key="eyJhbGciOi", plaintext=True)
    assert verdicts(findings)["key"] == "bad"
    assert "web token" in told(findings, "key", "remedy")


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[EmbeddedGateway]:
    """A gateway that knows a key for reading the galaxy alone, too."""
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps([{"key": READER, "scopes": ["metadata:read"]}]), "utf-8")
    with EmbeddedGateway.start(api_key=KEY, keys=str(keys), tls=True) as gateway:
        yield gateway


def test_what_a_key_lacks_is_told_scope_by_scope_and_the_certificate_is_shown(
    narrow: EmbeddedGateway,
) -> None:
    findings = doctor(narrow.endpoint, api_key=READER, ca_file=narrow.ca_file)
    found_out = verdicts(findings)
    assert found_out["key: metadata:read"] == "good"
    assert found_out["key: events:read"] == found_out["key: session:open"] == "look at it"
    assert found_out["key: invoke:read"] == "not known"
    assert "localhost" in told(findings, "certificate")
    assert READER not in findings.to_string() + findings.attrs["report"]
    untrusted = doctor(narrow.endpoint, api_key=READER)
    assert verdicts(untrusted)["gateway"] == "bad"
    assert "localhost" in told(untrusted, "certificate")  # whom nobody trusts is shown all the same


def test_nothing_is_changed_by_it(embedded: EmbeddedGateway) -> None:
    before = embedded.status()
    doctor(embedded.endpoint, api_key=KEY, plaintext=True)
    after = embedded.status()
    asked = {name for name, count in after["calls"].items() if count != before["calls"].get(name, 0)}
    assert not [name for name in asked if any(word in name.lower() for word in ("write", "ack", "user"))]
    assert after["sessions"] == before["sessions"]


@pytest.mark.parametrize(
    ("days", "verdict", "words"),
    [
        (0, Health.GOOD, "valid"),
        (3640, Health.LOOK, "expires in"),
        (3660, Health.BAD, "expired"),
        (-2, Health.BAD, "not valid yet"),
    ],
)
def test_a_certificate_is_judged_by_its_dates(days: int, verdict: Health, words: str) -> None:
    shown = x509.load_pem_x509_certificate(self_signed().public)
    finding = judged(shown, datetime.now(UTC) + timedelta(days=days))
    assert finding.verdict is verdict
    assert words in finding.told
    assert bool(finding.remedy) is (verdict is not Health.GOOD)


async def test_a_check_that_fails_or_hangs_is_not_known() -> None:
    def fail() -> Finding:
        raise ZeroDivisionError("by 0")

    assert (await found("one", fail, 1.0)) == Finding("one", Health.UNKNOWN, "ZeroDivisionError: by 0")
    hung = await found("one", lambda: time.sleep(0.3) or fail(), 0.05)  # type: ignore[func-returns-value]
    assert (hung.verdict, hung.told) == (Health.UNKNOWN, "no answer within 0.05 s")


def test_a_report_has_no_key_and_no_name_of_ours(
    monkeypatch: pytest.MonkeyPatch, embedded: EmbeddedGateway
) -> None:
    home, host = str(Path.home()), "plant-host-7"
    monkeypatch.setattr("mxgw_notebook.gateway.checkup.examination.operator_name", lambda: "jdoe")
    monkeypatch.setattr("platform.node", lambda: host)
    words = f"{home}/x {KEY} jdoe at {host}: plant.example:5001 and mxgw_other_secret1"
    options = connect(embedded.endpoint, api_key=KEY, plaintext=True).options
    text = report([Finding("one", Health.BAD, words)], options)
    for secret in (home, KEY, "jdoe", host, "secret1"):
        assert secret not in text
    assert isinstance(options.api_key, Secret)


def test_a_report_names_no_gateway_of_several_and_no_host_of_a_certificate() -> None:
    endpoints = "gw1.plant.example:5001,gw2.plant.example:5002"
    options = ClientOptions(endpoint=endpoints, server_name_override="inner.example", plant="plant-a")
    told = "GW1.plant.example, gw2.plant.example:5002, inner.example and plant-a; for twin.site.example"
    text = report([Finding("one", Health.BAD, told, names=("twin.site.example",))], options)
    assert text.splitlines()[1:] == ["- one: bad: <gateway>, <gateway>, <gateway> and <plant>; for <gateway>"]
    certificate = x509.load_pem_x509_certificate(self_signed("twin.site.example").public)
    shown = judged(certificate, datetime.now(UTC))
    assert "twin.site.example" in shown.told
    assert "twin.site.example" not in report([shown], options)
