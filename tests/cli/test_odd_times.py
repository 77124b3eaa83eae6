"""Times out of reason in what mxgw-py streams: each entry is written, and the rest follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.cli.terminal import Terminal
from tests.conftest import KEY

TAGS = ("Pump001.Speed", "Tank001.Level", "FIC101.PV")


@pytest.fixture
def odd() -> Iterator[Terminal]:
    with EmbeddedGateway.start(seed=1, api_key=KEY) as gateway:
        gateway.fault("odd-times", every=2)
        yield Terminal(gateway)


def year_of(event: dict[str, Any]) -> str:
    return str(event["sourceTimestamp"])[:4]


def test_a_stream_of_events_goes_on_after_an_odd_time(odd: Terminal) -> None:
    with odd.session() as session:
        odd.answer("subscribe-bulk", *session.options, "--items", ",".join(TAGS))
        events = odd.answers("stream-events", "--session-id", session.id, "--max-events", "12")
        assert len(events) == 12
        assert {year_of(event) for event in events} & {"0001", "1601", "9999"}
        shown = odd.shown("stream-events", "--session-id", session.id, "--max-events", "12")
    assert "2262" not in "".join(shown)
    assert "1677" not in "".join(shown)


def test_a_stream_of_alarms_goes_on_after_an_odd_time(odd: Terminal) -> None:
    count = len(odd.answers("query-active-alarms"))
    feed = odd.answers("stream-alarms", "--max-messages", str(count + 2))
    assert len(feed) == count + 2
    assert "2262" not in "".join(odd.shown("stream-alarms", "--max-messages", str(count + 2)))
