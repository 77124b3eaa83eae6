"""A feed of alarm transitions that is never the bottleneck: python -m benchmarks.alarm_source COUNT.

An empty list of active alarms, and then COUNT transitions: each of the alarms in turn is raised, acknowledged
and cleared. They are serialised and framed before anybody asks, and stay open until the client leaves.

Prints host:port when it listens, and ends when its standard input does.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from benchmarks.http2 import Answer, PreframedMessages, Run, listen
from benchmarks.preframed import ACCEPTED, FIRST_TIME, STEP_NS, one, path
from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire

ALARMS = 2_000
KINDS = (
    wire.ALARM_TRANSITION_KIND_RAISE,
    wire.ALARM_TRANSITION_KIND_ACKNOWLEDGE,
    wire.ALARM_TRANSITION_KIND_CLEAR,
)


def feed(count: int) -> Iterator[bytes]:
    """The serialised messages: an empty list, then the transitions."""
    yield wire.AlarmFeedMessage(snapshot_complete=True).SerializeToString()
    for place in range(count):
        turn, alarm = divmod(place, ALARMS)
        yield wire.AlarmFeedMessage(transition=transition(alarm, turn, place)).SerializeToString()


def transition(alarm: int, turn: int, place: int) -> wire.OnAlarmTransitionEvent:
    """One transition of an alarm, about 200 bytes."""
    tag = f"Pump{alarm:04}.Speed"
    made = wire.OnAlarmTransitionEvent(
        alarm_full_reference=f"Galaxy!Area{alarm % 20:02}.{tag}.Hi",
        source_object_reference=f"Pump{alarm:04}",
        alarm_type_name="Hi",
        transition_kind=KINDS[turn % len(KINDS)],
        severity=alarm % 999 + 1,
        category=f"Area{alarm % 20:02}",
        description="High speed",
    )
    made.transition_timestamp.FromNanoseconds(FIRST_TIME + place * STEP_NS)
    made.original_raise_timestamp.CopyFrom(made.transition_timestamp)
    made.current_value.double_value, made.limit_value.double_value = float(place), 1500.0
    return made


def answers(count: int) -> dict[str, Answer]:
    """What each call is answered with, by its path."""
    messages = PreframedMessages(feed(count))
    return {
        path("StreamAlarms"): lambda _: Run(messages, ends=False),
        path("QueryActiveAlarms"): lambda _: one(wire.ActiveAlarmSnapshot()),
        path("OpenSession"): lambda _: one(wire.OpenSessionReply(protocol_status=ACCEPTED)),
    }


def main() -> None:
    """Prepares the messages, says where they are to be had, and stays until its input ends."""
    print(listen(answers(int(sys.argv[1]))), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
