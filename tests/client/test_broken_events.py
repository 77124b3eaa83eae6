"""Events that cannot be translated are counted and the others taken, by both decoders and the ring."""

from __future__ import annotations

import numpy as np
import pytest

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.client.fast_events.decoder import SMALL_BATCH, EventDecoder
from mxgw_notebook.client.values import BAD
from mxgw_notebook.simulator.later import add_later_field
from tests.client.event_ring import through_the_ring

GOOD = 192


def event(sequence: int, value: wire.MxValue | None = None) -> bytes:
    return wire.MxEvent(
        family=wire.MX_EVENT_FAMILY_ON_DATA_CHANGE,
        worker_sequence=sequence,
        item_handle=1,
        quality=GOOD,
        value=value or wire.MxValue(double_value=sequence),
    ).SerializeToString()


def array(dimensions: list[int], elements: list[int]) -> wire.MxValue:
    return wire.MxValue(
        array_value=wire.MxArray(dimensions=dimensions, int32_values=wire.Int32Array(values=elements))
    )


ODD_SHAPES = {
    "70 dimensions": array([1] * 70, [1]),
    "a dimension beyond memory": array([0, 2**32 - 1] * 4, []),
    "a product that does not match": array([2, 3], [1, 2, 3, 4]),
    "nothing by much": array([0, 2**32 - 1], [1]),
}


@pytest.mark.parametrize("others", [2, 2 * SMALL_BATCH])
@pytest.mark.parametrize("by_ring", [False, True])
@pytest.mark.parametrize("name", ODD_SHAPES)
def test_an_array_of_dimensions_that_do_not_hold_it_is_flat(name: str, by_ring: bool, others: int) -> None:
    decoder, middle = EventDecoder(), others // 2
    payloads = [event(sequence) for sequence in range(1, others + 1)]
    payloads.insert(middle, event(others + 1, ODD_SHAPES[name]))
    columns = through_the_ring(decoder, payloads) if by_ring else decoder.decode(payloads)
    assert columns.broken == 0
    value = columns.objects[middle]
    assert isinstance(value, np.ndarray)
    assert value.tolist() == list(ODD_SHAPES[name].array_value.int32_values.values)


@pytest.mark.parametrize("others", [2, 2 * SMALL_BATCH])
@pytest.mark.parametrize("by_ring", [False, True])
def test_a_value_that_cannot_be_read_is_bad_and_counted_and_the_others_are_taken(
    monkeypatch: pytest.MonkeyPatch, by_ring: bool, others: int
) -> None:
    monkeypatch.setattr("mxgw_notebook.client.fast_events.sorting.from_wire", lambda _: 1 / 0)
    decoder, middle = EventDecoder(), others // 2
    payloads = [event(sequence) for sequence in range(1, others + 1)]
    payloads.insert(middle, event(others + 1, wire.MxValue(string_value="a text")))
    columns = through_the_ring(decoder, payloads) if by_ring else decoder.decode(payloads)
    assert columns.broken == 1
    assert len(columns) == others + 1
    assert columns.quality.tolist() == [BAD if row == middle else GOOD for row in range(others + 1)]
    assert not columns.objects


def later_value(inside: bool) -> wire.MxValue:
    """A value in an arm of a later contract, or an array in one."""
    value = wire.MxValue(data_type=wire.MX_DATA_TYPE_DOUBLE, variant_type="VT_R8")
    if inside:
        value.array_value.SetInParent()
    add_later_field(value.array_value if inside else value)
    return value


@pytest.mark.parametrize("others", [2, 2 * SMALL_BATCH])
@pytest.mark.parametrize("by_ring", [False, True])
@pytest.mark.parametrize("inside", [False, True], ids=["value", "array"])
def test_a_value_of_a_later_contract_is_bad_and_counted(inside: bool, by_ring: bool, others: int) -> None:
    decoder, middle = EventDecoder(), others // 2
    payloads = [event(sequence) for sequence in range(1, others + 1)]
    payloads.insert(middle, event(others + 1, later_value(inside)))
    columns = through_the_ring(decoder, payloads) if by_ring else decoder.decode(payloads)
    assert (columns.broken, len(columns), columns.objects) == (1, others + 1, {})
    assert columns.quality.tolist() == [BAD if row == middle else GOOD for row in range(others + 1)]
    assert np.isnan(columns.number[middle])


@pytest.mark.parametrize("others", [2, 2 * SMALL_BATCH])
@pytest.mark.parametrize("by_ring", [False, True])
@pytest.mark.parametrize("value", [wire.MxValue(is_null=True), wire.MxValue(variant_type="VT_EMPTY")])
def test_no_value_at_all_is_of_the_quality_that_was_sent(
    value: wire.MxValue, by_ring: bool, others: int
) -> None:
    decoder = EventDecoder()
    payloads = [*(event(sequence) for sequence in range(1, others + 1)), event(others + 1, value)]
    columns = through_the_ring(decoder, payloads) if by_ring else decoder.decode(payloads)
    assert (columns.broken, columns.quality.tolist(), columns.objects) == (0, [GOOD] * (others + 1), {})


def test_an_event_keeps_its_statuses_when_its_value_cannot_be_read() -> None:
    message = wire.MxEvent.FromString(event(1, later_value(inside=False)))
    message.family = wire.MX_EVENT_FAMILY_ON_WRITE_COMPLETE
    message.statuses.add(category=wire.MX_STATUS_CATEGORY_OK)
    columns = EventDecoder().decode([message.SerializeToString()])
    (outcome,) = columns.others
    assert (outcome.unreadable, outcome.value, outcome.quality, columns.broken) == (True, None, BAD, 1)
    assert [status.category for status in outcome.statuses] == ["OK"]


@pytest.mark.parametrize("others", [2, 2 * SMALL_BATCH])
def test_a_sequence_that_64_bits_cannot_hold_is_counted_and_the_others_are_taken(others: int) -> None:
    payloads = [*(event(sequence) for sequence in range(1, others + 1)), event(2**63)]
    columns = EventDecoder().decode(payloads)
    assert (columns.broken, columns.sequence.tolist()) == (1, list(range(1, others + 1)))
