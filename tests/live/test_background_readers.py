"""A reader that fails by a mistake of ours: told with its reason, and replaced."""

from __future__ import annotations

import pytest

from mxgw_notebook.client import launch_reader
from mxgw_notebook.client.fast_events import process_reader, reader
from mxgw_notebook.client.fast_events.process_reader import ProcessReader
from mxgw_notebook.client.fast_events.receiving import messages
from mxgw_notebook.client.fast_events.ring import EventRing
from mxgw_notebook.live.session import standby
from mxgw_notebook.live.session.standby import Standby
from mxgw_notebook.simulator.server import ServedGateway
from mxgw_notebook.words import Phase
from tests.live.conftest import SPEED, hub_at
from tests.live.test_failing import WORDS, failing_once
from tests.until import until


async def test_a_thread_that_fails_is_told_with_its_reason_and_replaced(
    served: ServedGateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with hub_at(served.endpoint, reader="thread") as hub:
        (speed,) = await hub.subscribe([SPEED])
        monkeypatch.setattr(reader, "messages", failing_once(messages))
        hub._link.abandon("the next reader shall fail")
        await until(lambda: WORDS in hub.status)
        await until(lambda: hub.status == "live")
        assert sum(WORDS in record.getMessage() for record in caplog.records) == 1
        seen = speed.history.total
        await served.advance(30)
        await until(lambda: speed.history.total > seen)


async def test_a_process_whose_words_cannot_be_taken_in_is_replaced(
    served: ServedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hub_at(served.endpoint, reader="thread") as hub:
        (speed,) = await hub.subscribe([SPEED])
        monkeypatch.setattr(process_reader, "START_SECONDS", 5.0)
        monkeypatch.setattr(ProcessReader, "_take_in", failing_once(ProcessReader._take_in))
        await hub.read_by("process")
        await until(lambda: hub.status == "live")
        assert hub.health.reader == "thread"
        seen = speed.history.total
        await served.advance(30)
        await until(lambda: speed.history.total > seen)


@pytest.mark.kind_only("it counts what cannot be read", "unknown-values", "unknown-enums")
async def test_a_ring_that_cannot_be_taken_from_is_told_with_its_reason_and_taken_from_again(
    served: ServedGateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with hub_at(served.endpoint, reader="process") as hub:
        (speed,) = await hub.subscribe([SPEED])
        await until(lambda: speed.history.total)
        seen = speed.history.total
        monkeypatch.setattr(EventRing, "take", failing_once(EventRing.take))
        await until(lambda: hub.status == f"failing: RuntimeError: {WORDS}")
        assert sum(WORDS in record.getMessage() for record in caplog.records) == 1
        await served.advance(30)
        await until(lambda: hub.standing.is_live or hub.standing.phase is Phase.INCOMPLETE)
        await until(lambda: speed.history.total > seen)
        assert hub.health.reader == "process"
        assert hub.broken == 1


async def test_a_process_that_cannot_be_started_in_advance_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(standby, "launch_reader", failing_once(launch_reader))
    standing_by = Standby()
    standing_by.prepare()
    assert await standing_by.take() is None
    assert WORDS in caplog.text
