"""Alarms through a session's own worker; `GatewayClient` has the calls that need no session."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from google.protobuf.message import Message

from mxgw_notebook.client.alarms import AlarmRecord, snapshot_from_wire
from mxgw_notebook.client.arguments import ACKNOWLEDGE_SECONDS, seconds_given
from mxgw_notebook.client.checking import checks_all_arguments
from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.failures import judge_acknowledge
from mxgw_notebook.client.requests import filled
from mxgw_notebook.client.sessions.invoking import Invoking


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who acknowledges, as the alarm's record will show it."""

    operator_user: str = ""
    operator_node: str = ""
    operator_domain: str = ""
    operator_full_name: str = ""


@checks_all_arguments
class AlarmCommands(Invoking):
    """The alarm commands of MXAccess. The gateway's own monitor uses the first two; few others need them."""

    async def subscribe_alarms(self, expression: str, *, forced_mode: str = "UNSPECIFIED") -> None:
        r"""Lets the worker follow alarms, e.g. of `\\Galaxy!Area`. `forced_mode`: ALARMMGR or SUBTAG."""
        self._read_events()
        command = filled(
            wire.SubscribeAlarmsCommand,
            subscription_expression=expression,
            forced_mode=f"ALARM_PROVIDER_MODE_{forced_mode}",
        )
        await self._invoke("subscribe_alarms", command, about=expression)

    async def unsubscribe_alarms(self) -> None:
        """Ends `subscribe_alarms`."""
        await self._invoke("unsubscribe_alarms", wire.UnsubscribeAlarmsCommand())

    async def query_active_alarms(self, alarm_filter_prefix: str = "") -> list[AlarmRecord]:
        """The alarms that the worker knows as active."""
        command = filled(wire.QueryActiveAlarmsCommand, alarm_filter_prefix=alarm_filter_prefix)
        reply = await self._invoke("query_active_alarms_command", command)
        return [snapshot_from_wire(alarm, self._rpc.clock) for alarm in reply.query_active_alarms.snapshots]

    async def acknowledge_alarm(
        self,
        alarm_guid: str,
        *,
        comment: str = "",
        operator: Operator | None = None,
        timeout: float = ACKNOWLEDGE_SECONDS,
    ) -> int:
        """Acknowledges an alarm by its GUID; returns MXAccess' own status number.

        Raises OutcomeUnknownError if no answer came within `timeout` seconds: the alarm may be acknowledged.
        """
        command = filled(
            wire.AcknowledgeAlarmCommand,
            alarm_guid=alarm_guid,
            comment=comment,
            **asdict(operator or Operator()),
        )
        return await self._acknowledge("acknowledge_alarm_command", command, alarm_guid, timeout)

    async def acknowledge_alarm_by_name(
        self,
        alarm_name: str,
        provider_name: str,
        group_name: str,
        *,
        comment: str = "",
        operator: Operator | None = None,
        timeout: float = ACKNOWLEDGE_SECONDS,
    ) -> int:
        """Acknowledges an alarm by name, provider and group (area); returns the same as acknowledge_alarm."""
        command = filled(
            wire.AcknowledgeAlarmByNameCommand,
            alarm_name=alarm_name,
            provider_name=provider_name,
            group_name=group_name,
            comment=comment,
            **asdict(operator or Operator()),
        )
        return await self._acknowledge("acknowledge_alarm_by_name_command", command, alarm_name, timeout)

    async def _acknowledge(self, field: str, command: Message, alarm: str, timeout: float) -> int:
        seconds = seconds_given(timeout)
        with judge_acknowledge(alarm):
            reply = await self._invoke(field, command, about=alarm, timeout=seconds)
        return int(reply.acknowledge_alarm.native_status)
