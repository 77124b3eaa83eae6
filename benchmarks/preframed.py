"""A source of events that is never the bottleneck: python -m benchmarks.preframed COUNT.

It is a gateway with one session whose events exist before anybody asks: StreamEvents sends those
after `after_worker_sequence`, one message a DATA frame as the gateway does, and then stays open
until the client leaves. Of the commands it knows what a client needs to get there: register and
the bulk subscriptions.

Prints host:port when it listens, and ends when its standard input does.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from google.protobuf.message import Message

from benchmarks.http2 import Answer, PreframedMessages, Run, listen
from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire

SESSION = "session-8d4c1f6e-0b52-4c1a-9f37-2ab1"
SERVER_HANDLE = 1
FIRST_TIME = 1_780_000_000_000_000_000  # ns since 1970
STEP_NS = 1_000_000
ITEMS = 50
GOOD = 192
ACCEPTED = wire.ProtocolStatus(code=wire.PROTOCOL_STATUS_CODE_OK)


def data_change(session_id: str) -> wire.MxEvent:
    """What all events have in common."""
    event = wire.MxEvent(
        family=wire.MX_EVENT_FAMILY_ON_DATA_CHANGE,
        session_id=session_id,
        server_handle=SERVER_HANDLE,
        quality=GOOD,
        statuses=[wire.MxStatusProxy(success=-1, category=wire.MX_STATUS_CATEGORY_OK)],
        on_data_change=wire.OnDataChangeEvent(),
    )
    event.value.data_type = wire.MX_DATA_TYPE_DOUBLE
    return event


def events(count: int) -> Iterator[bytes]:
    """Serialised data changes of about 100 bytes, worker_sequence 1 to count, value = sequence / 2."""
    event = data_change(SESSION)
    for sequence in range(1, count + 1):
        event.worker_sequence = sequence
        event.item_handle = sequence % ITEMS + 1
        event.value.double_value = sequence / 2
        event.source_timestamp.FromNanoseconds(FIRST_TIME + sequence * STEP_NS)
        event.worker_timestamp.CopyFrom(event.source_timestamp)
        yield event.SerializeToString()


def answers(count: int) -> dict[str, Answer]:
    """What each call is answered with, by its path."""
    stream = PreframedMessages(events(count))

    def stream_events(request: bytes) -> Run:
        seen = wire.StreamEventsRequest.FromString(request).after_worker_sequence
        return Run(stream, next=min(seen, stream.count), ends=False)

    return {
        path("OpenSession"): lambda _: one(
            wire.OpenSessionReply(session_id=SESSION, protocol_status=ACCEPTED)
        ),
        path("CloseSession"): lambda _: one(
            wire.CloseSessionReply(session_id=SESSION, protocol_status=ACCEPTED)
        ),
        path("Invoke"): lambda request: one(reply(wire.MxCommandRequest.FromString(request))),
        path("StreamEvents"): stream_events,
    }


def path(call: str) -> str:
    """Where a call of the gateway's service is found."""
    service = wire.DESCRIPTOR.services_by_name["MxAccessGateway"]
    return f"/{service.full_name}/{service.methods_by_name[call].name}"


def one(message: Message) -> Run:
    """The answer to a unary call."""
    return Run(PreframedMessages([message.SerializeToString()]))


def reply(request: wire.MxCommandRequest) -> wire.MxCommandReply:
    """What a command is answered with; the items' handles are those the events carry."""
    command = request.command
    answer = wire.MxCommandReply(session_id=request.session_id, kind=command.kind, protocol_status=ACCEPTED)
    if command.HasField("register"):
        answer.register.server_handle = SERVER_HANDLE
    for handle, tag in enumerate(command.subscribe_bulk.tag_addresses, start=1):
        answer.subscribe_bulk.results.add(tag_address=tag, item_handle=handle, was_successful=True)
    for handle, tag in enumerate(command.read_bulk.tag_addresses, start=1):
        answer.read_bulk.results.add(
            tag_address=tag, item_handle=handle, was_successful=True, was_cached=True, quality=GOOD
        )
    for handle in command.unsubscribe_bulk.item_handles:
        answer.unsubscribe_bulk.results.add(item_handle=handle, was_successful=True)
    return answer


def main() -> None:
    """Prepares the events, says where they are to be had, and stays until its input ends."""
    print(listen(answers(int(sys.argv[1]))), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
