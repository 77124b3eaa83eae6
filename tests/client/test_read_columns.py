"""Tags that are read into columns are those that are read into records."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.client import GatewayClient, ReadColumns, columns_of, read_columns, readings
from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.contract import wire
from mxgw_notebook.errors import ReplyError

VALUES: list[dict[str, Any]] = [
    {},
    {"is_null": True},
    {"is_null": True, "double_value": 1.0},
    {"bool_value": True},
    {"int32_value": -5},
    {"int64_value": 2**60},
    {"float_value": 0.1},
    {"double_value": float("nan")},
    {"string_value": "Running"},
    {"timestamp_value": {"seconds": 1_700_000_000}},
    {"timestamp_value": {"seconds": -(2**40)}},
    {"raw_value": b"\x01"},
    {"array_value": {"double_values": {"values": [1.0, 2.0]}, "dimensions": [2]}},
    {"sparse_array_value": {"total_length": 2, "elements": [{"index": 1, "value": {"int32_value": 3}}]}},
]
STAMPS: list[dict[str, int]] = [
    {},
    {"seconds": 1_700_000_000, "nanos": 5},
    {"seconds": -62_135_596_800},  # year 1
    {"seconds": 253_402_300_799},  # year 9999
]
STATUSES: list[list[dict[str, Any]]] = [[], [{"detail": 1012, "success": 0, "diagnostic_text": "Not now"}]]

entries = st.lists(
    st.builds(
        wire.BulkReadResult,
        tag_address=st.sampled_from(["Tank001.Level", "Tank002.Level"]),
        was_successful=st.booleans(),
        quality=st.sampled_from([0, 64, 192, 0x1_00C0]),
        value=st.sampled_from(VALUES),
        source_timestamp=st.sampled_from(STAMPS),
        error_message=st.sampled_from(["", "The tag is not known."]),
        statuses=st.sampled_from(STATUSES),
    )
)


@given(entries)
def test_columns_hold_what_the_records_do(results: list[wire.BulkReadResult]) -> None:
    clock, same = GatewayClock(), GatewayClock()
    check_same(read_columns(results, clock), columns_of(readings(results, same)))
    assert (clock.early, clock.ahead) == (same.early, same.ahead)


def check_same(found: ReadColumns, expected: ReadColumns) -> None:
    np.testing.assert_equal(found.value, expected.value)
    assert list(map(type, found.value)) == list(map(type, expected.value))
    assert found.quality.tolist() == expected.quality.tolist()
    assert found.time_ns.tolist() == expected.time_ns.tolist()
    assert (found.tag, found.failure) == (expected.tag, expected.failure)


def test_a_value_of_a_later_contract_is_one_that_cannot_be_read() -> None:
    later = wire.BulkReadResult(tag_address="A.B", was_successful=True, quality=192)
    later.value.MergeFromString(b"\xa2\x06\x02hi")  # field 100
    found = read_columns([later])
    check_same(found, columns_of(readings([later])))
    assert found.quality.tolist() == [0]
    assert "later" in found.failure[0] or "does not know" in found.failure[0]


@pytest.mark.kind_only("it asks the same twice", "odd-times", "unknown-values", "unknown-enums", "strangers")
async def test_many_tags_are_read_in_the_order_asked(client: GatewayClient) -> None:
    tags = [f"Tank{place % 16 + 1:03}.Level" for place in range(2_500)]
    async with await client.open_session() as session:
        server = await session.register("tests")
        found = await session.read_columns(server, tags)
        records = await session.read_bulk(server, tags)
    assert found.tag == tags == [record.tag for record in records]
    check_same(found, columns_of(records))


async def test_a_read_that_fails_leaves_no_other_on_its_way(
    client: GatewayClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise ReplyError("what came is of no use", protocol_code="PROTOCOL_VIOLATION", reply=None)

    async with await client.open_session() as session:
        server = await session.register("tests")
        monkeypatch.setattr("mxgw_notebook.client.sessions.bulk.read_columns", refuse)
        with pytest.raises(ReplyError, match="of no use"):
            await session.read_columns(server, ["Tank001.Level"] * 3_000)
