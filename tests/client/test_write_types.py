"""What a tag takes is asked of the tag: what does not fit it is not sent, and no galaxy is needed for it."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from mxgw_notebook.client import GatewayClient, ItemHandle, ServerHandle, Session, WriteEntry
from mxgw_notebook.client.contract import wire
from mxgw_notebook.errors import ConfigurationError, UnknownTypeError
from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.plant import DataType
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.conftest import served_with

SWITCH, NUMBER, ARRAY = "Pump001.StartCmd", "FIC101.SP", "Recipe_101.Charges[]"
NO_TRUTH = [0.4, -1, math.nan, "0.4", 2, [True]]
UNFIT: list[tuple[str, Any]] = [
    *((SWITCH, value) for value in NO_TRUTH),
    (NUMBER, [1.0]),
    (NUMBER, "abc"),
    (NUMBER, True),
    ("Recipe_101.StepLimits[1]", True),
    ("PIC901.Mode", True),
    (ARRAY, [True, 1.0]),
    (ARRAY, 1.0),
    ("Recipe_101.Charges", 1.0),
    ("Recipe_101.Charges[1]", [1.0]),
    ("Recipe_101.Charges[1]", "abc"),
]


def present(served: ServedGateway, tag: str) -> Any:
    attribute = served.plant.attribute(tag.partition("[")[0])
    assert attribute is not None
    return attribute.value


@pytest.mark.parametrize(("tag", "value"), UNFIT)
async def test_what_does_not_fit_a_tag_is_not_written_by_any_way(
    session: Session, server_handle: ServerHandle, served: ServedGateway, tag: str, value: Any
) -> None:
    before = present(served, tag)
    (entry,) = await session.subscribe_bulk(server_handle, [tag])
    item = entry.item_handle
    with pytest.raises(ConfigurationError, match="cannot be written"):
        await session.write(server_handle, item, value, confirm=True)
    (bulk,) = await session.write_bulk(server_handle, [WriteEntry(item, value)])
    written = await session.write_tags(server_handle, {tag: value})
    for result in (bulk, written[tag]):
        assert (result.outcome, "cannot be written" in result.failure) == ("refused", True)
    assert present(served, tag) == before


@pytest.mark.parametrize("value", [0.4, -1, math.nan])
@pytest.mark.kind_only("every outcome has to be told", "unknown-enums")
async def test_elements_of_a_number_array_do_not_pass_for_others(
    session: Session, server_handle: ServerHandle, value: float
) -> None:
    item = await session.add_item(server_handle, "Recipe_101.StepLimits[]")
    unfit: dict[int, Any] = {0: value if value != -1 else "x"}
    with pytest.raises(ConfigurationError, match="cannot be written as Integer"):
        await session.write_array_elements(server_handle, item, unfit, total_length=2, confirm=True)
    await session.write_array_elements(server_handle, item, {0: "7"}, total_length=2, confirm=True)
    (reading,) = await session.read_bulk(server_handle, ["Recipe_101.StepLimits[]"])
    assert list(reading.value) == [7, 0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tag", "value", "field"),
    [
        (SWITCH, "on", "bool_value"),
        (NUMBER, 41, "double_value"),
        (NUMBER, "41.5", "double_value"),
        ("Recipe_101.Charges[1]", "2", "double_value"),
        ("Recipe_101.StepLimits[1]", "2", "int32_value"),
        ("Recipe_101.Charges", "[1, 2]", "array_value"),
    ],
)
async def test_what_fits_travels_as_the_tag_takes_it(
    session: Session, server_handle: ServerHandle, tag: str, value: Any, field: str
) -> None:
    item = await session.add_item(server_handle, tag)
    written = await session.write_confirmed(server_handle, item, value)
    assert written.outcome == "completed"
    (reading,) = await session.read_bulk(server_handle, [tag])
    kind = session.types.get(tag)
    assert kind is not None
    assert (kind.field if not kind.is_array else "array_value") == field
    assert kind.is_array or reading.value == written.value


async def test_a_tag_is_asked_once_and_again_when_it_refuses_a_value(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    item = await session.add_item(server_handle, NUMBER)
    await session.write(server_handle, item, 40, confirm=True)
    await served.fault("refuse-command", command="read_bulk", code="INTERNAL")
    await session.write(server_handle, item, 41, confirm=True)
    with pytest.raises(UnknownTypeError, match="INTERNAL"):
        await session.write(server_handle, item, "abc", confirm=True)
    with pytest.raises(UnknownTypeError, match="data_type='Double'"):
        await session.write(server_handle, item, 42, confirm=True)
    await session.write(server_handle, item, 42, data_type="Double", confirm=True)
    assert present(served, NUMBER) == 42.0


async def test_an_item_of_another_object_is_asked_by_its_whole_name(
    session: Session, server_handle: ServerHandle
) -> None:
    item = await session.add_item2(server_handle, "StartCmd", "Pump001")
    with pytest.raises(ConfigurationError, match="cannot be written as Boolean"):
        await session.write(server_handle, item, 0.4, confirm=True)


@pytest.mark.kind_only("what is refused here has to know the type", "unknown-enums", "unknown-values")
@pytest.mark.parametrize("tag", [NUMBER, "PIC901.Mode", "Recipe_101.StepLimits[1]", ARRAY])
async def test_no_truth_value_becomes_a_number_whatever_it_is_said_to_be(
    session: Session, server_handle: ServerHandle, served: ServedGateway, tag: str
) -> None:
    before = present(served, tag)
    item = await session.add_item(server_handle, tag)
    value: Any = [True, False] if tag == ARRAY else True
    signed: dict[str, Any] = {"current_user_id": 1, "verifier_user_id": 1}
    no_number = pytest.raises(ConfigurationError, match="True cannot be written as")
    with no_number:
        await session.write(server_handle, item, value, data_type="Boolean", confirm=True)
    with no_number:
        await session.write2(server_handle, item, value, datetime.now(UTC), data_type="Boolean")
    with no_number:
        await session.write_secured(server_handle, item, value, data_type="Boolean", **signed)
    if tag == ARRAY:
        with no_number:
            await session.write_array_elements(server_handle, item, {0: True}, total_length=2)
    else:
        with no_number:
            await session.write(server_handle, item, wire.MxValue(bool_value=True))
    (bulk,) = await session.write_bulk(server_handle, [WriteEntry(item, value, "Boolean")])
    assert (bulk.outcome, "cannot be written" in bulk.failure) == ("refused", True)
    assert np.array_equal(present(served, tag), before)


NUMBERS = [0.4, -1, math.nan, "0.4", "-1"]
TYPES = ["Double", "String", "Float"]


@pytest.mark.parametrize("value", NUMBERS)
@pytest.mark.parametrize("data_type", TYPES)
async def test_no_number_switches_a_boolean_whatever_it_is_said_to_be(
    session: Session, server_handle: ServerHandle, served: ServedGateway, value: Any, data_type: str
) -> None:
    before = present(served, SWITCH)
    if isinstance(value, float) and data_type == "String":
        value = str(value)
    item = await session.add_item(server_handle, SWITCH)
    said: dict[str, Any] = {"data_type": data_type, "allow_nonfinite": True}
    raw: dict[str, Any] = {"value": wire.MxValue(double_value=float(value))}
    signed: dict[str, Any] = {"current_user_id": 1, "verifier_user_id": 1}
    no_boolean = pytest.raises(ConfigurationError, match="cannot be written as Boolean")
    with no_boolean:
        await session.write(server_handle, item, value, confirm=True, **said)
    with no_boolean:
        await session.write2(server_handle, item, value, datetime.now(UTC), confirm=True, **said)
    with no_boolean:
        await session.write_secured(server_handle, item, value, **signed, **said)
    with no_boolean:
        await session.write(server_handle, item, **raw)
    entries = [WriteEntry(item, value, **said), WriteEntry(item, **raw)]
    for bulk in (session.write_bulk, session.write2_bulk, session.write_secured_bulk, session.write_items):
        results = await bulk(server_handle, entries)
        assert {(one.outcome, "as Boolean" in one.failure) for one in results} == {("refused", True)}
    assert present(served, SWITCH) == before


@pytest.mark.parametrize("value", ["1e400", "nan", " -inf ", "9" * 400])
async def test_no_text_makes_a_number_infinite_whatever_it_is_said_to_be(
    session: Session, server_handle: ServerHandle, served: ServedGateway, value: str
) -> None:
    before = present(served, NUMBER)
    item = await session.add_item(server_handle, NUMBER)
    for sent in (value, wire.MxValue(string_value=value)):
        with pytest.raises(ConfigurationError, match="cannot be written as Double"):
            await session.write(server_handle, item, sent, data_type="String", confirm=True)
    array = await session.add_item(server_handle, ARRAY)
    with pytest.raises(ConfigurationError, match="cannot be written as Double"):
        await session.write(server_handle, array, [value], data_type="String", confirm=True)
    assert present(served, NUMBER) == before


async def test_infinity_that_is_asked_for_goes_as_what_it_is_said_to_be(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    item = await session.add_item(server_handle, NUMBER)
    said: dict[str, Any] = {"data_type": "String", "allow_nonfinite": True}
    await session.write(server_handle, item, "inf", confirm=True, **said)
    assert present(served, NUMBER) == math.inf
    await session.write(server_handle, item, 41.0, confirm=True)


async def test_no_number_switches_an_element_of_a_boolean_array(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    attribute = served.plant.attribute("Recipe_101.Charges")
    assert attribute is not None
    attribute.traits = replace(attribute.traits, data_type=DataType.BOOLEAN)
    attribute.put([False, True], served.plant.now)
    item = await session.add_item(server_handle, ARRAY)
    with pytest.raises(ConfigurationError, match="as Boolean"):
        await session.write(server_handle, item, [0.4, 1.0], data_type="Double", confirm=True)
    with pytest.raises(ConfigurationError, match="as Boolean"):
        await session.write_array_elements(server_handle, item, {1: -1}, total_length=2, data_type="Integer")
    assert present(served, ARRAY) == [False, True]


@pytest.mark.kind_only("every outcome has to be told", "unknown-enums")
async def test_a_number_is_sent_as_it_is_said_to_be_where_the_tag_cannot_be_asked(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    item = await session.add_item(server_handle, NUMBER)
    await served.fault("refuse-command", command="read_bulk", code="INTERNAL")
    await session.write(server_handle, item, 41.5, data_type="Double", confirm=True)
    assert present(served, NUMBER) == 41.5


async def test_a_value_for_an_item_of_which_nothing_is_known_travels_as_it_is(
    client: GatewayClient, session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    item = await session.add_item(server_handle, NUMBER)
    await session.advise(server_handle, item)
    other = Session(client._rpc, session.session_id)  # as another program has it
    await other.write(server_handle, item, 1)
    assert present(served, NUMBER) == 1.0
    with pytest.raises(UnknownTypeError, match="not added in this session"):
        await other.write(server_handle, item, 43)
    await other.write(server_handle, item, 43, data_type="Double")
    await other.write(server_handle, item, wire.MxValue(double_value=44.0))
    assert present(served, NUMBER) == 44.0
    with pytest.raises(ConfigurationError, match="cannot be written"):
        await other.write(server_handle, ItemHandle(1), object())


async def test_a_key_that_may_not_browse_can_write() -> None:
    scopes = frozenset({"session:open", "events:read", "invoke:read", "invoke:write"})
    writer = Key("mxgw_writer_secret", scopes=scopes)
    async with (
        served_with(keys=(writer,)) as gateway,
        await GatewayClient.connect(gateway.endpoint, api_key=writer.text, plaintext=True) as client,
    ):
        session = await client.open_session()
        handle = await session.register("tests")
        item = await session.add_item(handle, SWITCH)
        with pytest.raises(ConfigurationError, match="cannot be written as Boolean"):
            await session.write(handle, item, 0.4, confirm=True)
        await session.write(handle, item, "true", confirm=True)
        assert present(gateway, SWITCH) is True
