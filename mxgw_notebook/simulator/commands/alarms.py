"""Alarm commands of a session; the gateway uses them itself, clients have rpcs of their own."""

from __future__ import annotations

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator import statuses
from mxgw_notebook.simulator.commands.invocation import EVENTS, WRITE, Command, Invocation
from mxgw_notebook.simulator.plant import AnyAlarm
from mxgw_notebook.simulator.refusal import MxFailureError


def _subscribe(call: Invocation, command: wire.SubscribeAlarmsCommand) -> None:
    call.session.alarm_key = call.key


def _unsubscribe(call: Invocation, command: wire.UnsubscribeAlarmsCommand) -> None:
    call.session.alarm_key = None


def _query(call: Invocation, command: wire.QueryActiveAlarmsCommand) -> None:
    snapshots = call.gateway.alarms.present(command.alarm_filter_prefix, call.key)
    call.reply.query_active_alarms.snapshots.extend(snapshots)


def _found(call: Invocation, name: str) -> AnyAlarm:
    alarm = call.gateway.plant.board.find(name)
    if alarm is None or not call.key.allows(alarm.owner, alarm.listing):
        raise MxFailureError(f"{name}: no such alarm.", statuses.configuration_error(0, "no such alarm"))
    return alarm


def _acknowledge(call: Invocation, command: wire.AcknowledgeAlarmCommand) -> None:
    # The simulated alarms have no guids; their full reference stands in for one.
    alarm = _found(call, command.alarm_guid)
    alarm.acknowledge(command.comment, command.operator_user, call.now)
    call.reply.acknowledge_alarm.native_status = 0
    call.gateway.publish()


def _acknowledge_by_name(call: Invocation, command: wire.AcknowledgeAlarmByNameCommand) -> None:
    alarm = _found(call, command.alarm_name)
    alarm.acknowledge(command.comment, command.operator_user, call.now)
    call.reply.acknowledge_alarm.native_status = 0
    call.gateway.publish()


COMMANDS = {
    "subscribe_alarms": Command(EVENTS, _subscribe),
    "unsubscribe_alarms": Command(EVENTS, _unsubscribe),
    "query_active_alarms_command": Command(EVENTS, _query),
    "acknowledge_alarm_command": Command(WRITE, _acknowledge),
    "acknowledge_alarm_by_name_command": Command(WRITE, _acknowledge_by_name),
}
