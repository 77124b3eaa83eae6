"""A cable that is pulled: no connection breaks, nothing comes. It is noticed, told, and made up for."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.conftest import KEY, Eventually
from tests.live.cable import FOLLOW, NAME, OTHER, PORT, THERE, Cable, Told, laid, why_not

pytestmark = pytest.mark.long

TAGS = ["Tank001.Level", "Tank002.Level", "Pump001.Speed"]
KEEPALIVE = 2.0
# A ping, its answer that does not come, and a look beside whatever else the machine does.
NOTICED_SECONDS = 2 * KEEPALIVE + 4.0
STOPPING_SECONDS = 2.0
PROBE_MARGIN_SECONDS = 1.5


@pytest.fixture(scope="module")
def cable() -> Iterator[Cable]:
    if reason := why_not():
        pytest.skip(reason)
    with laid() as found:
        yield found


@pytest.fixture
def endpoint(cable: Cable) -> Iterator[str]:
    """A gateway at the other end."""
    cable.plug()
    with cable.serve():
        yield f"{THERE}:{PORT}"


def follow(cable: Cable, host: str, endpoint: str) -> Told:
    return Told(cable.start(host, FOLLOW, endpoint, KEY, str(KEEPALIVE), *TAGS))


@pytest.fixture
def told(cable: Cable, endpoint: str, eventually: Eventually) -> Iterator[Told]:
    """A plant that is followed from the client's host."""
    found = follow(cable, cable.client, endpoint)
    try:
        eventually(lambda: len(found.samples) > 10)
        yield found
    finally:
        found.end()


def test_it_is_noticed_told_and_made_up_for_and_nothing_comes_twice(
    cable: Cable, endpoint: str, told: Told, eventually: Eventually
) -> None:
    beside = follow(cable, cable.gateway, endpoint)  # whose cable nobody pulls
    try:
        eventually(lambda: beside.samples)
        first = time.time_ns()
        eventually(lambda: told.samples[-1][1] > first)
        cable.pull()
        pulled = time.monotonic()
        eventually(lambda: told.phase == "reconnecting")
        assert time.monotonic() - pulled < NOTICED_SECONDS
        assert [end for _, end, _ in told.gaps.values()] == [None]
        cable.plug()
        eventually(lambda: told.phase == "live")
        plugged = time.time_ns()
        eventually(lambda: told.samples[-1][1] > plugged and beside.samples[-1][1] > plugged)
        last = time.time_ns() - 10**9
        eventually(lambda: told.samples[-1][1] > last + 10**9)
    finally:
        beside.end()
    assert len(set(told.samples)) == len(told.samples)
    missing = {one for one in beside.samples if first < one[1] < last} - set(told.samples)
    unfilled = [(start, end) for start, end, filled in told.gaps.values() if not filled]
    assert all(end is not None for _, end in unfilled)
    assert [one for one in missing if not any(start <= one[1] <= (end or 0) for start, end in unfilled)] == []


@pytest.mark.parametrize("noticed", [False, True])
def test_a_service_is_stopped_while_it_is_pulled(
    cable: Cable, told: Told, noticed: bool, eventually: Eventually
) -> None:
    cable.pull()
    if noticed:
        eventually(lambda: told.phase == "reconnecting")
    begun = time.monotonic()
    told.process.send_signal(signal.SIGTERM)
    assert told.process.wait(120) == 0
    assert time.monotonic() - begun < STOPPING_SECONDS


def test_a_quiet_cable_is_found_out_too(cable: Cable, endpoint: str, eventually: Eventually) -> None:
    found = Told(cable.start(cable.client, FOLLOW, endpoint, KEY, str(KEEPALIVE), "FIC101.SP"))
    try:
        eventually(lambda: found.samples)
        quiet = time.monotonic()
        eventually(lambda: time.monotonic() - quiet > 5 * KEEPALIVE)  # pings that no value lies between
        assert found.phase == "live"
        assert not found.gaps
        cable.pull()
        pulled = time.monotonic()
        eventually(lambda: found.phase == "reconnecting")
        assert time.monotonic() - pulled < NOTICED_SECONDS
    finally:
        found.end()


def test_a_probe_ends_within_its_time_where_what_is_sent_vanishes(cable: Cable, endpoint: str) -> None:
    probe = (
        "import sys; sys.argv[1:] = ['ping', '--timeout', '2', '--plaintext', '--endpoint', sys.argv[1],"
        " '--api-key', sys.argv[2]]; from mxgw_notebook.cli import main; main()"
    )

    def asked(endpoint: str) -> tuple[int, float]:
        begun = time.monotonic()
        process = cable.start(cable.client, probe, endpoint, KEY)
        process.communicate(timeout=120)
        return process.returncode, time.monotonic() - begun

    code, at_least = asked(endpoint)
    assert code == 0
    cable.pull()
    code, seconds = asked(endpoint)
    assert code == 4
    # A busy machine may take longer than that to start and end a process.
    assert seconds < max(2.0, at_least) + PROBE_MARGIN_SECONDS


def test_a_gateway_that_comes_back_under_another_address_is_found_by_its_name(
    cable: Cable, eventually: Eventually
) -> None:
    cable.plug()
    cable.name(THERE)
    with cable.serve():
        found = follow(cable, cable.client, f"{NAME}:{PORT}")
        try:
            eventually(lambda: len(found.samples) > 3)
        except BaseException:
            found.end()
            raise
    try:
        eventually(lambda: found.phase == "reconnecting")
        cable.name(OTHER)
        with cable.serve(OTHER):
            before = len(found.samples)
            eventually(lambda: found.phase == "live" and len(found.samples) > before + 3)
            found.process.send_signal(signal.SIGTERM)
            assert found.process.wait(120) == 0
    except subprocess.TimeoutExpired:
        pytest.fail("it did not end")
    finally:
        found.end()
