"""Batches of serialised events as columns: two ways, one result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxgw_notebook.client.contract import wire as typed_wire
from mxgw_notebook.client.fast_events.columns import EventColumns, Table
from mxgw_notebook.client.fast_events.decoder import (
    SMALL_BATCH,
    EventDecoder,
    table_from_arrow,
    table_from_messages,
)
from mxgw_notebook.client.prune import prune
from tests.client.round_trip import sent

# Untyped: the tests send numbers that the contract's enums do not have.
wire: Any = typed_wire
DECODER = EventDecoder()
DATA_CHANGE = wire.MxEventFamily.Value("MX_EVENT_FAMILY_ON_DATA_CHANGE")
WRITE_COMPLETE = wire.MxEventFamily.Value("MX_EVENT_FAMILY_ON_WRITE_COMPLETE")
INT32 = st.integers(-(2**31), 2**31 - 1)
# A field that no version of MxEvent has yet: a length-delimited one far beyond its numbers.
UNKNOWN_FIELD = wire.MxEvent.DESCRIPTOR.fields[-1].number + 1000
BROKEN = b"\xff\xff\xff\xff"


def unknown_field(content: bytes) -> bytes:
    """The wire bytes of a field that this contract does not know."""
    tag, encoded = UNKNOWN_FIELD << 3 | 2, bytearray()
    while tag > 0x7F:
        encoded.append(tag & 0x7F | 0x80)
        tag >>= 7
    return bytes([*encoded, tag, len(content)]) + content


def change(sequence: int, value: Any = 1.5, **fields: Any) -> bytes:
    """A data change on the wire."""
    event = wire.MxEvent(family=DATA_CHANGE, worker_sequence=sequence, value=sent(value), **fields)
    return bytes(event.SerializeToString())


@st.composite
def values(draw: st.DrawFn) -> Any:
    value = wire.MxValue()
    if draw(st.booleans()):
        value.CopyFrom(
            sent(
                draw(
                    st.one_of(
                        st.booleans(),
                        st.integers(-(2**63), 2**63 - 1),
                        st.floats(),
                        st.text(max_size=8),
                        st.binary(max_size=8),
                        st.lists(st.floats(allow_nan=False), max_size=3),
                        st.lists(st.text(max_size=3), min_size=1, max_size=3),
                        st.none(),
                    )
                )
            )
        )
    else:
        arm = draw(st.sampled_from(["float_value", "timestamp_value", "sparse_array_value"]))
        if arm == "float_value":
            value.float_value = draw(st.floats(width=32))
        else:
            getattr(value, arm).SetInParent()
    value.is_null = draw(st.integers(0, 9)) == 0 or value.is_null
    value.data_type = draw(st.integers(0, 99))
    return value


@st.composite
def payloads(draw: st.DrawFn) -> bytes:
    event = wire.MxEvent(
        family=draw(st.sampled_from([DATA_CHANGE, DATA_CHANGE, DATA_CHANGE, WRITE_COMPLETE, 0, 77])),
        worker_sequence=draw(st.integers(0, 2**63 - 1)),
        server_handle=draw(INT32),
        item_handle=draw(INT32),
        quality=draw(INT32),
        session_id=draw(st.text(max_size=4)),
    )
    if draw(st.booleans()):
        event.value.CopyFrom(draw(values()))
    if draw(st.booleans()):
        event.source_timestamp.seconds = draw(st.integers(-62_135_596_800, 253_402_300_799))
        event.source_timestamp.nanos = draw(st.integers(0, 999_999_999))
    if draw(st.booleans()):
        event.statuses.add(category=draw(st.integers(0, 99)), detail=draw(INT32))
    extra = unknown_field(draw(st.binary(max_size=8))) if draw(st.booleans()) else b""
    return bytes(event.SerializeToString()) + extra


def one_by_one(batch: Sequence[bytes]) -> EventColumns:
    """What a batch should give: each payload decoded on its own, through the protobuf runtime."""
    parts = [DECODER.decode([payload]) for payload in batch]
    starts = np.cumsum([0, *(len(part) for part in parts)])
    rows = {
        int(start) + row: value
        for start, part in zip(starts, parts, strict=False)
        for row, value in part.objects.items()
    }
    return EventColumns(
        sequence=np.concatenate([part.sequence for part in parts]),
        item_handle=np.concatenate([part.item_handle for part in parts]),
        quality=np.concatenate([part.quality for part in parts]),
        time_ns=np.concatenate([part.time_ns for part in parts]),
        number=np.concatenate([part.number for part in parts]),
        objects=rows,
        others=[event for part in parts for event in part.others],
        broken=sum(part.broken for part in parts),
    )


def assert_equal(got: EventColumns, expected: EventColumns) -> None:
    for name in ("sequence", "item_handle", "quality", "time_ns", "number"):
        assert getattr(got, name).dtype == getattr(expected, name).dtype
        np.testing.assert_array_equal(getattr(got, name), getattr(expected, name), err_msg=name)
    assert shown(got.objects) == shown(expected.objects)
    plain = [[replace(event, value=None) for event in columns.others] for columns in (got, expected)]
    assert plain[0] == plain[1]
    assert shown([e.value for e in got.others]) == shown([e.value for e in expected.others])
    assert got.broken == expected.broken


def shown(values: Any) -> str:
    """Arrays and NaN compared by their text, which is equal for what is equal."""
    return repr(values)


@settings(max_examples=40)
@given(st.lists(payloads(), min_size=1, max_size=40), st.integers(SMALL_BATCH - 1, SMALL_BATCH + 1))
def test_a_batch_of_any_size_gives_what_its_events_give_alone(batch: list[bytes], size: int) -> None:
    repeated = (batch * size)[:size]
    assert_equal(DECODER.decode(repeated), one_by_one(repeated))


@settings(max_examples=40)
@given(st.lists(payloads(), min_size=1, max_size=20))
def test_arrow_and_the_protobuf_runtime_give_the_same_table(batch: list[bytes]) -> None:
    arrow = table_from_arrow(DECODER._handler.list_to_record_batch(batch))
    messages = table_from_messages([wire.MxEvent.FromString(payload) for payload in batch])
    for name in Table._fields:
        assert getattr(arrow, name).dtype == getattr(messages, name).dtype
        np.testing.assert_array_equal(getattr(arrow, name), getattr(messages, name), err_msg=name)


@given(st.lists(st.one_of(payloads(), st.just(BROKEN)), min_size=SMALL_BATCH, max_size=SMALL_BATCH + 8))
@settings(max_examples=25)
def test_a_broken_payload_is_counted_and_costs_nothing_else(batch: list[bytes]) -> None:
    columns = DECODER.decode(batch)
    assert columns.broken == batch.count(BROKEN)
    assert_equal(columns, one_by_one(batch))


def test_a_payload_broken_in_what_is_not_kept_is_counted_where_it_is_read() -> None:
    name = wire.MxEvent(session_id="name", family=WRITE_COMPLETE).SerializeToString()
    undecodable = name.replace(b"name", b"\xff\xfe\xfd\xfc")
    batch = [change(number) for number in range(SMALL_BATCH)]
    columns = DECODER.decode([*batch, undecodable])
    assert columns.broken == 1
    assert columns.sequence.tolist() == list(range(SMALL_BATCH))


def test_no_events_give_empty_columns() -> None:
    columns = DECODER.decode([])
    assert len(columns) == 0
    assert (columns.number.dtype.name, columns.time_ns.dtype.name) == ("float64", "int64")


def test_values_that_are_no_numbers_stand_under_their_row() -> None:
    batch = [change(1, 2.5), change(2, "on"), change(3, None), change(4, True), change(5, [1.0, 2.0])]
    columns = DECODER.decode(batch)
    np.testing.assert_array_equal(columns.number, [2.5, np.nan, np.nan, 1.0, np.nan])
    assert set(columns.objects) == {1, 4}
    assert columns.objects[1] == "on"
    np.testing.assert_array_equal(np.asarray(columns.objects[4]), [1.0, 2.0])


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=SMALL_BATCH + 8))
@settings(max_examples=25)
def test_an_integer_that_a_float_would_round_stands_under_its_row(integers: list[int]) -> None:
    batch = [
        wire.MxEvent(family=DATA_CHANGE, value={"int64_value": value}).SerializeToString()
        for value in [*integers, 2**53, 2**53 + 1, -(2**53), -(2**53) - 1]
    ]
    for repeated in (batch[-4:], (batch * SMALL_BATCH)[: len(batch) + SMALL_BATCH]):
        columns = DECODER.decode(repeated)
        sent = [wire.MxEvent.FromString(payload).value.int64_value for payload in repeated]
        assert columns.objects == {row: value for row, value in enumerate(sent) if abs(value) > 2**53}
        assert columns.number.tolist() == [float(value) for value in sent]


def test_only_the_low_byte_of_the_quality_counts() -> None:
    assert DECODER.decode([change(1, quality=0x1C0), change(2, quality=-64)]).quality.tolist() == [192, 192]


def test_a_time_that_was_not_sent_is_zero() -> None:
    assert DECODER.decode([change(1)] * SMALL_BATCH).time_ns.tolist() == [0] * SMALL_BATCH


def test_an_event_of_a_family_we_do_not_know_shows_its_number() -> None:
    (event,) = DECODER.decode([wire.MxEvent(family=77).SerializeToString()]).others
    assert event.family == "77"


def test_taken_rows_keep_their_objects_and_their_order() -> None:
    columns = DECODER.decode([change(1, 1.0), change(2, "a"), change(3, "b")])
    taken = columns.take(np.array([2, 0]))
    assert taken.sequence.tolist() == [3, 1]
    assert taken.objects == {0: "b"}


def test_a_name_that_the_contract_does_not_have_cannot_be_kept() -> None:
    with pytest.raises(KeyError):
        prune(wire.MxEvent.DESCRIPTOR, ["no_such_field"])
