"""Every kind of value over the wire: in the long and the wide frame, in the table, in the trend's file."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.frames import kinds_joined
from mxgw_notebook.gateway import connect
from mxgw_notebook.gateway.tags.table_rows import TableRows
from mxgw_notebook.gateway.tags.trend_lines import TrendLines
from mxgw_notebook.gateway.tags.watch import Watch
from mxgw_notebook.live import ReaderKind
from mxgw_notebook.simulator.clock import ManualClock
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.server import ServedGateway, serving
from mxgw_notebook.widgets.trend_file import trend_file
from tests.client.round_trip import sent
from tests.conftest import KEY
from tests.until import until

TAG = "Tank001.Level"
BEGIN = pd.Timestamp("2026-01-01T00:00:00Z")
LARGE = 2**53 + 1
NOON = pd.Timestamp("2026-03-04T12:00:00.123456789Z")


@dataclass
class Plant:
    """A watched tag that reads what it is told to."""

    served: ServedGateway
    watch: Watch

    async def reads(self, *values: Any) -> None:
        """The tag reads these, a second apart; returns once all have come."""
        subscription = self.watch.entries[0].subscription
        (session,) = self.served.sessions.ready()
        had = subscription.history.total
        for second, value in enumerate(values):
            event = wire.MxEvent(
                family=wire.MX_EVENT_FAMILY_ON_DATA_CHANGE,
                item_handle=subscription.item_handle,
                quality=192,
                value=value if isinstance(value, wire.MxValue) else sent(value),
            )
            event.source_timestamp.FromNanoseconds((BEGIN + pd.Timedelta(seconds=second)).value)
            session.events.push(event)
        await until(lambda: subscription.history.total == had + len(values))

    def long(self, count: int) -> pd.Series[Any]:
        """The newest values of the long frame."""
        return kinds_joined(self.watch.frame(count=count), value="text")["value"]

    def wide(self, count: int) -> list[Any]:
        """The newest values of the wide frame."""
        column: list[Any] = self.watch.wide(count=count)[TAG].tolist()
        return column

    def shown(self) -> str:
        """The newest value in the table."""
        (row,) = TableRows(self.watch.watched).since(0).rows
        return row.value

    def csv(self, count: int) -> list[str]:
        """The values in the trend's file."""
        begin = BEGIN.value / 1e6
        _, _, content = trend_file(TrendLines(self.watch.watched), "csv", begin, begin + (count - 1) * 1000)
        rows = list(csv.DictReader(io.StringIO(content.decode())))
        return [row["value"] for row in rows][-count:]

    def drawn(self, count: int) -> tuple[list[float], tuple[str, ...] | None]:
        """The newest values as the trend draws them, and the words of its states."""
        lines = TrendLines(self.watch.watched)
        (part,) = lines.since(0).samples
        return part.value[-count:].tolist(), lines.tags[0].words


@asynccontextmanager
async def watched(reader: ReaderKind = "thread") -> AsyncIterator[Plant]:
    async with serving(GatewayOptions(seed=1, api_key=KEY, clock=ManualClock())) as served:
        gateway = await asyncio.to_thread(connect, served.endpoint, api_key=KEY, plaintext=True)
        try:
            await asyncio.to_thread(gateway.read_by, reader)
            yield Plant(served, await asyncio.to_thread(gateway.watch, TAG))
        finally:
            await asyncio.to_thread(gateway.close)


@pytest.fixture
async def plant() -> AsyncIterator[Plant]:
    async with watched() as made:
        yield made


def double(value: float) -> wire.MxValue:
    return wire.MxValue(double_value=value)


# ------------------------------------------------------------------ integers of 64 bits


@pytest.mark.parametrize("reader", ["thread", "process"])
async def test_integers_of_64_bits_keep_every_digit(reader: ReaderKind) -> None:
    values = [LARGE, -LARGE, 7, 2**63 - 1, -(2**63), 2**53]
    async with watched(reader) as plant:
        await plant.reads(*(wire.MxValue(int64_value=value) for value in values))
        assert plant.long(len(values)).tolist() == values
        assert plant.long(len(values)).dtype == np.int64
        assert plant.wide(len(values)) == values
        assert plant.csv(len(values)) == [str(value) for value in values]
        assert plant.shown() == str(2**53)
        await plant.reads(wire.MxValue(int64_value=LARGE))
        assert plant.shown() == str(LARGE)
        assert plant.watch.health()["value"].tolist() == [str(LARGE)]


@settings(max_examples=5)
@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(2**53, 2**54), min_size=5, max_size=100))
def test_no_integer_is_rounded_on_its_way(values: list[int]) -> None:
    async def there_and_back() -> None:
        async with watched() as plant:
            await plant.reads(*(wire.MxValue(int64_value=value) for value in values))
            assert plant.long(len(values)).tolist() == values

    asyncio.run(there_and_back())


async def test_large_integers_are_a_line_in_the_trend_and_not_states(plant: Plant) -> None:
    await plant.reads(wire.MxValue(int64_value=LARGE), wire.MxValue(int64_value=5))
    assert plant.drawn(2) == ([float(LARGE), 5.0], None)


async def test_a_table_shows_every_digit_of_a_total_before_its_point(plant: Plant) -> None:
    await plant.reads(12_345_678)
    assert plant.shown() == "12345678"
    await plant.reads(12_345_678.25)
    assert plant.shown() == "12345678"


# ------------------------------------------------------------------ everything else


async def test_numbers_are_floats(plant: Plant) -> None:
    await plant.reads(1.5, 2, wire.MxValue(float_value=0.25))
    assert plant.long(3).tolist() == [1.5, 2.0, 0.25]
    assert plant.long(3).dtype == np.float64
    assert plant.wide(3) == [1.5, 2.0, 0.25]
    assert plant.csv(3) == ["1.5", "2.0", "0.25"]
    assert plant.shown() == "0.25"


async def test_what_is_no_finite_number_is_kept_as_it_came_and_left_out_of_the_drawing(plant: Plant) -> None:
    await plant.reads(double(np.inf), double(np.nan), double(-np.inf))
    np.testing.assert_array_equal(plant.long(3), [np.inf, np.nan, -np.inf])
    np.testing.assert_array_equal(plant.wide(3), [np.inf, np.nan, -np.inf])
    assert plant.csv(3) == ["inf", "", "-inf"]
    assert plant.shown() == "-inf"
    drawn, _ = plant.drawn(3)
    assert np.isnan(drawn).all()
    await plant.reads(double(np.nan))
    assert plant.shown() == ""


async def test_a_null_is_a_missing_value(plant: Plant) -> None:
    await plant.reads(1.0, None)
    np.testing.assert_array_equal(plant.long(2), [1.0, np.nan])
    np.testing.assert_array_equal(plant.wide(2), [1.0, np.nan])
    assert plant.csv(2) == ["1.0", ""]
    assert plant.shown() == ""


async def test_booleans_are_booleans(plant: Plant) -> None:
    await plant.reads(True, False)
    assert plant.long(2).tolist() == [True, False]
    assert plant.long(2).dtype == np.bool_
    assert plant.wide(2) == [True, False]
    assert plant.shown() == "False"
    drawn, states = plant.drawn(2)
    assert states is not None
    assert [states[int(place)] for place in drawn] == ["True", "False"]


async def test_a_switch_that_also_sent_a_text_is_drawn_in_words_throughout(plant: Plant) -> None:
    await plant.reads(True, "Maintenance", False)
    assert plant.long(3).tolist() == [True, "Maintenance", False]
    assert plant.wide(3) == [True, "Maintenance", False]
    drawn, states = plant.drawn(3)
    assert states is not None
    assert [states[int(place)] for place in drawn] == ["True", "Maintenance", "False"]


async def test_texts_before_the_first_boolean_keep_their_words(plant: Plant) -> None:
    await plant.reads("Maintenance")
    assert plant.drawn(1)[1] == ("67.236", "Maintenance")
    await plant.reads(False, True)
    drawn, states = plant.drawn(3)
    assert states is not None
    assert [states[int(place)] for place in drawn] == ["Maintenance", "False", "True"]


async def test_a_number_of_a_switch_that_a_deploy_made_a_measurement_is_no_true(plant: Plant) -> None:
    await plant.reads(True, 37.5)
    assert plant.watch.frame(count=2)["value"].tolist() == [1.0, 37.5]
    assert plant.wide(2) == [1.0, 37.5]
    assert plant.shown() == "37.5"
    drawn, states = plant.drawn(2)
    assert states is not None
    assert [states[int(place)] for place in drawn] == ["True", "37.5"]


@pytest.mark.parametrize("kind", ["MX_DATA_TYPE_STRING", "MX_DATA_TYPE_ENUM", "MX_DATA_TYPE_QUALIFIED_ENUM"])
async def test_texts_and_the_words_of_enumerations_are_states(plant: Plant, kind: Any) -> None:
    words = ["Auto", "Manual", "Grüße, 你好"]
    await plant.reads(*(wire.MxValue(string_value=word, data_type=kind) for word in words))
    assert plant.long(3).tolist() == words
    assert plant.wide(3) == words
    assert plant.csv(3) == words
    assert plant.shown() == words[-1]
    drawn, states = plant.drawn(3)
    assert states is not None
    assert [states[int(place)] for place in drawn] == words


async def test_an_enumeration_sent_as_its_number_is_a_number(plant: Plant) -> None:
    await plant.reads(wire.MxValue(int32_value=3, data_type=wire.MX_DATA_TYPE_ENUM))
    assert plant.long(1).tolist() == [3.0]
    assert plant.shown() == "3"


async def test_times_are_utc_to_the_nanosecond(plant: Plant) -> None:
    await plant.reads(NOON.to_datetime64(), BEGIN.to_datetime64())
    assert plant.long(2).tolist() == [NOON, BEGIN]
    assert plant.wide(2) == [NOON, BEGIN]
    assert [pd.Timestamp(text) for text in plant.csv(2)] == [NOON, BEGIN]
    assert plant.shown() == "2026-01-01T00:00:00Z"


async def test_arrays_are_arrays(plant: Plant) -> None:
    numbers, words, large = np.array([1.5, np.nan]), ["a", "b"], np.array([LARGE, 1])
    await plant.reads(numbers, words, large)
    got = plant.long(3)
    assert got.tolist() == ["[1.5, NaN]", '["a", "b"]', f"[{LARGE}, 1]"]
    np.testing.assert_array_equal(plant.wide(3)[0], numbers)
    np.testing.assert_array_equal(plant.wide(3)[2], large)
    np.testing.assert_array_equal(plant.long(1).iloc[0], large)
    assert plant.csv(3) == ["[1.5, NaN]", '["a", "b"]', f"[{LARGE}, 1]"]
    assert plant.shown() == f"[{LARGE}, 1]"


async def test_an_array_of_any_length_is_whole_in_the_file(plant: Plant) -> None:
    await plant.reads(np.arange(5_000.0))
    assert json.loads(plant.csv(1)[0]) == list(range(5_000))


async def test_raw_bytes_are_bytes(plant: Plant) -> None:
    await plant.reads(b"\x00\xff")
    assert plant.long(1).tolist() == [b"\x00\xff"]
    assert plant.wide(1) == [b"\x00\xff"]
    assert plant.shown() == r"b'\x00\xff'"
