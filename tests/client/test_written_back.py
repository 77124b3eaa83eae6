"""A value that was read can be written back as it is: the plant then has what it had, whatever its kind."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxgw_notebook.client import Reading, ServerHandle, Session
from mxgw_notebook.simulator.plant import DataType
from mxgw_notebook.simulator.server import ServedGateway

TAG = "Motor_901.RatedPower"
TEXTS = st.text(max_size=20)
# What the embedded gateway keeps of a time is milliseconds.
TIMES = st.integers(0, 7_000_000_000_000).map(lambda milliseconds: milliseconds / 1000)
KINDS: dict[DataType, st.SearchStrategy[Any]] = {
    DataType.BOOLEAN: st.booleans(),
    DataType.INTEGER: st.integers(-(2**31), 2**31 - 1),
    DataType.FLOAT: st.floats(width=32),
    DataType.DOUBLE: st.floats(),
    DataType.STRING: TEXTS,
    DataType.TIME: TIMES,
    DataType.ELAPSED_TIME: st.floats(),
    DataType.REFERENCE_TYPE: TEXTS,
    DataType.QUALIFIED_ENUM: TEXTS,
    DataType.BIG_STRING: TEXTS,
    DataType.INTERNATIONALIZED_STRING: TEXTS,
}


def one_of(kind: DataType) -> st.SearchStrategy[tuple[DataType, Any, Any]]:
    """A kind, a value of it and another that has taken its place, both scalars or both arrays."""
    values = KINDS[kind]
    arrays = st.lists(values, max_size=4)
    return st.tuples(st.just(kind), values, values) | st.tuples(st.just(kind), arrays, arrays)


async def read(session: Session, server: ServerHandle, tag: str) -> Reading:
    (reading,) = await session.read_bulk(server, [tag])
    assert not reading.failure
    return reading


@pytest.mark.kind_only(
    "every read and write has to be answered",
    "lose-reply",
    "unknown-enums",
    "unknown-values",
    "strangers",
    "odd-times",
)
async def test_a_value_read_from_the_plant_is_written_back_unchanged(
    session: Session, served: ServedGateway
) -> None:
    server = await session.register("tests")
    attribute = served.plant.attribute(TAG)
    assert attribute is not None
    traits, loop = attribute.traits, asyncio.get_running_loop()

    async def there_and_back(kind: DataType, value: Any, other: Any) -> None:
        is_array = isinstance(value, list)
        attribute.traits = replace(traits, data_type=kind, is_array=is_array)
        attribute.put(value, served.plant.now)
        tag = f"{TAG}[]" if is_array else TAG
        before = await read(session, server, tag)
        attribute.put(other, served.plant.now)
        session.types.clear()  # the tag has another type than in the example before
        written = await session.write_tags(
            server, {tag: before.value}, allow_nonfinite=True, allow_empty=True
        )
        assert (written[tag].outcome, written[tag].failure) == ("completed", "")
        after = await read(session, server, tag)
        np.testing.assert_array_equal(after.value, before.value)
        np.testing.assert_array_equal(written[tag].value, before.value)
        assert after.value_type == before.value_type
        if not is_array and kind is not DataType.TIME:
            np.testing.assert_array_equal(attribute.value, value)

    @settings(max_examples=60, deadline=None)
    @given(st.sampled_from(list(KINDS)).flatmap(one_of))
    def every_kind(one: tuple[DataType, Any, Any]) -> None:
        asyncio.run_coroutine_threadsafe(there_and_back(*one), loop).result(30)

    await asyncio.to_thread(every_kind)


async def test_pandas_times_are_sent_to_the_nanosecond(session: Session, served: ServedGateway) -> None:
    server = await session.register("tests")
    attribute = served.plant.attribute(TAG)
    assert attribute is not None
    attribute.traits = replace(attribute.traits, data_type=DataType.TIME)
    attribute.put(0.0, served.plant.now)
    moment = pd.Timestamp("2026-03-04T12:00:00.123456789Z")
    written = await session.write_tags(server, {TAG: moment})
    assert written[TAG].value == moment.to_datetime64()


@pytest.mark.parametrize("never", [-11_644_473_600.0, -62_135_596_800.0], ids=["1601", "year 1"])
@pytest.mark.kind_only(
    "every value and outcome has to be told", "lose-reply", "unknown-enums", "unknown-values"
)
async def test_a_never_that_was_read_is_no_time_that_could_be_written_back(
    session: Session, served: ServedGateway, never: float
) -> None:
    server = await session.register("tests")
    attribute = served.plant.attribute(TAG)
    assert attribute is not None
    attribute.traits = replace(attribute.traits, data_type=DataType.TIME)
    attribute.put(never, served.plant.now)
    before = await read(session, server, TAG)
    for missing in (before.value, pd.NaT):
        assert pd.isna(missing)
        written = await session.write_tags(server, {TAG: missing})
        assert written[TAG].outcome == "refused"
        assert "A missing time (NaT) cannot be written. Give a value." in written[TAG].failure
        assert attribute.value == never
        asked_for = (await session.write_tags(server, {TAG: missing}, allow_empty=True))[TAG]
        assert asked_for.failure == "The value is empty. (0)" or asked_for.statuses  # it was sent
    attribute.traits = replace(attribute.traits, is_array=True)
    attribute.put([0.0, never], served.plant.now)
    session.types.clear()
    whole = await read(session, server, f"{TAG}[]")
    (refused,) = (await session.write_tags(server, {f"{TAG}[]": whole.value}, allow_empty=True)).values()
    assert (refused.outcome, "It is a missing time" in refused.failure) == ("refused", True)


@pytest.mark.kind_only(
    "every value and outcome has to be told", "lose-reply", "unknown-enums", "unknown-values"
)
async def test_an_element_and_whole_arrays_are_written_back(session: Session, served: ServedGateway) -> None:
    server = await session.register("tests")
    for tag in ("Recipe_101.Charges[1]", "Recipe_101.StepLimits[1]", "Recipe_101.Steps[]"):
        before = await read(session, server, tag)
        written = (await session.write_tags(server, {tag: before.value}))[tag]
        assert (written.outcome, written.failure) == ("completed", "")
        np.testing.assert_array_equal((await read(session, server, tag)).value, before.value)
