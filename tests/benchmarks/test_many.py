"""The source of events of many tags, and the benchmark, small: that it runs and has its keys."""

from __future__ import annotations

import json
from itertools import islice

import pytest

from benchmarks.__main__ import main
from benchmarks.process import source
from benchmarks.tags_source import SECOND_NS, spread
from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live import Hub
from tests.until import until

pytestmark = pytest.mark.long

TAGS = 1_500


def test_every_tag_has_its_turn_once_a_second() -> None:
    made = [wire.MxEvent.FromString(payload) for payload in islice(spread(7, 3), 7)]
    assert [event.worker_sequence for event in made] == list(range(1, 8))
    assert [event.item_handle for event in made] == [1, 2, 3, 1, 2, 3, 1]
    times = [event.source_timestamp.ToNanoseconds() for event in made]
    assert [moment - times[0] for moment in times] == [
        0,
        0,
        0,
        SECOND_NS,
        SECOND_NS,
        SECOND_NS,
        2 * SECOND_NS,
    ]


async def test_no_event_comes_before_its_tag_is_advised() -> None:
    with source("benchmarks.tags_source", str(2 * TAGS), "50", str(TAGS)) as address:
        async with await GatewayClient.connect(address, plaintext=True) as client:
            hub = Hub(client, str(TAGS), reader="thread")
            try:
                half = await hub.subscribe([f"T{number}" for number in range(1000)])
                rest = await hub.subscribe([f"T{number}" for number in range(1000, TAGS)])
                await until(lambda: hub.received == 2 * TAGS)
                assert [found.history.total for found in (*half, *rest)] == [2] * TAGS
            finally:
                await hub.close()


def test_the_benchmark_of_many_tags_has_its_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["many", "--json", "--quick", "--rounds", "1"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["benchmark"] == "many"
    assert result["many_over_few"] > 0
    for key in ("loop_share", "subscribe_seconds", "release_seconds", "frame_seconds", "wide_seconds"):
        assert result[key] >= 0
    assert result["full_mb"] > 0
    assert "late_growth_mb" in result
