"""What a write that did not go well says of the plant: certainly not written, or nobody knows."""

from __future__ import annotations

import asyncio
import time

import grpc
import pytest

from mxgw_notebook import errors
from mxgw_notebook.client import (
    Event,
    ItemHandle,
    PendingWrites,
    ServerHandle,
    Session,
    event_from_wire,
)
from mxgw_notebook.client.failures import may_be_done
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.setpoints import OTHER, SETPOINT, UNCERTAIN, present
from tests.until import until

CERTAIN = ["UNAUTHENTICATED", "PERMISSION_DENIED", "UNIMPLEMENTED", "RESOURCE_EXHAUSTED"]


@pytest.mark.parametrize("confirm", [True, False], ids=["confirmed", "accepted"])
@pytest.mark.parametrize("code", UNCERTAIN)
async def test_a_write_whose_reply_is_lost_may_have_been_written(
    session: Session,
    server_handle: ServerHandle,
    item: ItemHandle,
    served: ServedGateway,
    code: str,
    confirm: bool,
) -> None:
    await served.fault("lose-reply", command="write", code=code, times=1)
    with pytest.raises(errors.WriteOutcomeUnknownError, match="may have been written") as caught:
        await session.write(server_handle, item, 41.0, confirm=confirm)
    assert (caught.value.tag, caught.value.value) == (SETPOINT, 41.0)
    assert "host and port" not in str(caught.value)
    assert present(served) == 41.0


@pytest.mark.parametrize("confirm", [True, False], ids=["confirmed", "accepted"])
async def test_a_write_whose_reply_cannot_be_read_may_have_been_written(
    session: Session, server_handle: ServerHandle, item: ItemHandle, served: ServedGateway, confirm: bool
) -> None:
    await served.fault("garbled", times=1)
    with pytest.raises(errors.WriteOutcomeUnknownError, match=r"could not be read.* may have been written"):
        await session.write(server_handle, item, 41.0, confirm=confirm)
    assert present(served) == 41.0


@pytest.mark.parametrize("code", CERTAIN)
async def test_a_write_that_the_gateway_refuses_was_certainly_not_done(
    session: Session, server_handle: ServerHandle, item: ItemHandle, served: ServedGateway, code: str
) -> None:
    await served.fault("refuse-command", command="write", code=code, times=1)
    with pytest.raises(errors.CallError, match=code) as caught:
        await session.write(server_handle, item, 41.0, confirm=True)
    assert not caught.value.may_be_done
    await session.write(server_handle, item, 42.0, confirm=True)
    assert present(served) == 42.0


@pytest.mark.parametrize(
    ("code", "details", "done"),
    [
        ("UNAVAILABLE", "failed to connect to all addresses; last error: x: Connection refused", False),
        ("UNAVAILABLE", "DNS resolution failed for plant", False),
        ("UNAVAILABLE", "Connection reset by peer", True),
        ("UNAVAILABLE", "Socket closed", True),
        ("RESOURCE_EXHAUSTED", "128 commands of the session wait already.", False),
        ("RESOURCE_EXHAUSTED", "CLIENT: Received message larger than max (5 vs. 4)", True),
        ("NOT_FOUND", "", False),
        ("INVALID_ARGUMENT", "", False),
        ("OUT_OF_RANGE", "", False),
        ("FAILED_PRECONDITION", "", False),
        ("DEADLINE_EXCEEDED", "", True),
        ("DATA_LOSS", "", True),
    ],
)
def test_what_a_status_says_of_what_was_asked_for(code: str, details: str, done: bool) -> None:
    assert may_be_done(grpc.StatusCode[code], details) is done


@pytest.mark.parametrize("confirm", [True, False], ids=["confirmed", "accepted"])
async def test_the_time_of_a_write_bounds_its_reply(
    session: Session, server_handle: ServerHandle, item: ItemHandle, served: ServedGateway, confirm: bool
) -> None:
    await served.fault("delay-command", command="write", seconds=30.0, times=1)
    begun = time.monotonic()
    with pytest.raises(errors.WriteOutcomeUnknownError, match=r"within 0\.5 s\. The value may have been"):
        await session.write(server_handle, item, 41.0, confirm=confirm, timeout=0.5)
    assert time.monotonic() - begun < 1.5
    assert present(served) == 41.0


async def test_the_time_of_a_write_bounds_the_look_for_its_type_and_then_nothing_was_sent(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    item = await session.add_item(server_handle, SETPOINT)
    before = present(served)
    for command in ("read_bulk", "advise"):
        await served.fault("delay-command", command=command, seconds=30.0, times=1)
        begun = time.monotonic()
        with pytest.raises(errors.GatewayError, match=r"not sent within 0\.3 s\. Nothing") as caught:
            await session.write(server_handle, item, 41.0, confirm=True, timeout=0.3)
        assert not caught.value.may_be_done
        assert time.monotonic() - begun < 1.3
    assert present(served) == before


async def test_the_late_outcome_of_a_write_given_up_while_it_was_sent_is_not_the_next_ones(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    session.hand_over_events()
    item = await session.add_item(server_handle, SETPOINT)
    await session.advise(server_handle, item)
    await served.fault("delay-command", command="write", seconds=30.0, times=1)
    with pytest.raises(errors.WriteOutcomeUnknownError):
        await session.write(server_handle, item, 41.0, confirm=True, timeout=0.3)
    second = asyncio.create_task(session.write(server_handle, item, 42.0, confirm=True))
    await until(lambda: present(served) == 42.0)
    async with session.stream_events_raw() as stream:
        handed = 0
        async for message in stream:
            event = event_from_wire(message)
            if event.family == "ON_WRITE_COMPLETE":
                session.outcomes.complete(event)
                handed += 1
                if handed == 1:
                    assert not second.done()
                else:
                    break
    assert [status.failed for status in await second] == [False]


async def test_a_write_cancelled_while_it_is_sent_keeps_its_place(
    session: Session, server_handle: ServerHandle, item: ItemHandle, served: ServedGateway
) -> None:
    await served.fault("delay-command", command="write", seconds=30.0, times=1)
    first = asyncio.create_task(session.write(server_handle, item, 41.0, confirm=True))
    await until(lambda: present(served) == 41.0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert [status.failed for status in await session.write(server_handle, item, 42.0, confirm=True)] == [
        False
    ]


async def test_an_outcome_of_an_unknown_category_is_unknown(
    session: Session, server_handle: ServerHandle, item: ItemHandle, served: ServedGateway
) -> None:
    await served.fault("unknown-enums", enums="MxStatusCategory", rpc="StreamEvents")
    with pytest.raises(errors.WriteOutcomeUnknownError, match=r"says nothing, 10\d\d: .*may have been"):
        await session.write(server_handle, item, 41.0, confirm=True)
    written = await session.write_tags(server_handle, {SETPOINT: 42.0, "Nope.Nope": 1})
    assert [one.outcome for one in written.values()] == ["unknown", "refused"]
    assert isinstance(written[SETPOINT].error, errors.WriteOutcomeUnknownError)
    await served.clear_faults("unknown-enums")
    await served.fault("status", category="unknown", rpc="StreamEvents")
    assert (await session.write_tags(server_handle, {SETPOINT: 43.0}))[SETPOINT].outcome == "unknown"
    assert present(served) == 43.0


async def test_what_is_pending_is_no_outcome_yet(
    session: Session, server_handle: ServerHandle, item: ItemHandle, served: ServedGateway
) -> None:
    await served.fault("status", category="pending", rpc="StreamEvents")
    with pytest.raises(errors.WriteOutcomeUnknownError, match="may have been written"):
        await session.write(server_handle, item, 41.0, confirm=True, timeout=0.5)
    written = await session.write_tags(server_handle, {OTHER: 12.0}, timeout=0.5)
    assert written[OTHER].outcome == "unknown"
    assert present(served) == 41.0


async def test_the_outcome_after_a_pending_one_is_that_of_the_same_write() -> None:
    writes, item = PendingWrites(), ItemHandle(7)
    first, second = writes.expect(item), writes.expect(item)
    for sequence, category in enumerate(("PENDING", "COMMUNICATION_ERROR", "OK")):
        writes.complete(outcome_event(sequence, item, (errors.Status(category),)))
        assert (first.done(), second.done()) == (sequence > 0, sequence > 1)
    assert [one.category for one in (*first.result(), *second.result())] == ["COMMUNICATION_ERROR", "OK"]


@pytest.mark.parametrize("statuses", [(), (errors.Status("UNSPECIFIED"),)], ids=["none", "unset"])
@pytest.mark.parametrize(("hresult", "failed"), [(None, False), (0, False), (-2147024809, True)])
async def test_without_a_telling_status_the_hresult_tells(
    statuses: tuple[errors.Status, ...], hresult: int | None, failed: bool
) -> None:
    writes, item = PendingWrites(), ItemHandle(7)
    waiting = writes.expect(item)
    writes.complete(outcome_event(1, item, statuses, hresult))
    assert any(one.failed for one in waiting.result()) is failed
    assert ("0x80070057" in " ".join(map(str, waiting.result()))) is failed


def outcome_event(
    sequence: int, item: ItemHandle, statuses: tuple[errors.Status, ...], hresult: int | None = None
) -> Event:
    return Event(
        "ON_WRITE_COMPLETE", sequence, ServerHandle(1), item, None, 0, 0, statuses=statuses, hresult=hresult
    )


async def test_a_refusal_of_unset_category_is_one_by_its_hresult(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    await served.fault("status", category="unset", success=0, detail=0, rpc="StreamEvents")
    written = await session.write_tags(server_handle, {SETPOINT: 41.0, "Nope.Nope": 1, "Pump001.Speed": 1.0})
    assert written[SETPOINT].outcome == "completed"
    assert written["Pump001.Speed"].outcome == "refused"
