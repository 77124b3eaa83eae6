"""mxgw-py stream-alarms, query-active-alarms, acknowledge-alarm. None of them needs a session."""

from __future__ import annotations

from typing import Any

import click

from mxgw_notebook.cli.command import CommandCall, first, gateway_command, limit_option
from mxgw_notebook.cli.output import moment
from mxgw_notebook.client import (
    AlarmMessage,
    AlarmRecord,
    ProviderStatus,
    message_from_wire,
    snapshot_from_wire,
)

WIDTHS = {"time": 24, "state": 17, "reference": 44}
prefix_option = click.option(
    "--filter-prefix", default="", help="Only references that begin with this, e.g. Galaxy!Production1."
)
# Clients of other languages send it along; the gateway's alarms belong to no session.
session_ignored = click.option("--session-id", expose_value=False, help="Accepted, but not needed.")


@gateway_command("stream-alarms")
@session_ignored
@limit_option("--max-messages")
@prefix_option
async def stream_alarms(call: CommandCall, most: int, filter_prefix: str) -> None:
    """Show active alarms, then every change as it comes."""
    async with await call.gateway() as client:
        async for message in first(client.stream_alarms_raw(filter_prefix), most):
            call.output.show_item(message, message_row(message_from_wire(message, call.clock)), WIDTHS)


@gateway_command("query-active-alarms")
@session_ignored
@prefix_option
async def query_active_alarms(call: CommandCall, filter_prefix: str) -> None:
    """Show every alarm that is active or waits for its acknowledgement, once."""
    async with await call.gateway() as client:
        # As they come: a flood's list is long, and whoever pipes it may want the first lines alone.
        async for message in first(client.query_active_alarms_raw(filter_prefix), 0):
            call.output.show_item(message, alarm_row(snapshot_from_wire(message, call.clock)), WIDTHS)


@gateway_command("acknowledge-alarm")
@session_ignored
@click.option(
    "--alarm-reference", "--reference", "reference", required=True, help="As query-active-alarms prints it."
)
@click.option("--comment", default="", help="The comment on the alarm's record.")
@click.option("--operator-user", "--operator", "operator_user", default="", help="Who acknowledges.")
async def acknowledge_alarm(call: CommandCall, reference: str, comment: str, operator_user: str) -> None:
    """Acknowledge an alarm. Twice is harmless."""
    async with await call.gateway() as client:
        reply = await client.acknowledge_alarm(
            reference, comment=comment, operator_user=operator_user, timeout=call.options.timeout
        )
    call.output.show_facts(reply, {"acknowledged": reference})


def message_row(message: AlarmMessage | None) -> dict[str, Any]:
    """A message of the feed as a row; what is no alarm stands where its state would."""
    if isinstance(message, AlarmRecord):
        return alarm_row(message)
    if isinstance(message, ProviderStatus):
        return row("PROVIDER", degraded=message.degraded, comment=f"{message.mode} {message.reason}")
    return row("SNAPSHOT_COMPLETE" if message else "UNKNOWN")


def alarm_row(alarm: AlarmRecord) -> dict[str, Any]:
    """An alarm as a row."""
    return row(
        alarm.kind or alarm.state,
        time=moment(alarm.changed_ns),
        severity=alarm.severity,
        reference=alarm.reference,
        degraded=alarm.degraded,
        operator=alarm.operator,
        comment=alarm.comment,
    )


def row(
    state: str,
    *,
    time: str = "",
    severity: int | None = None,
    reference: str = "",
    degraded: bool = False,
    operator: str = "",
    comment: str = "",
) -> dict[str, Any]:
    """The columns of the alarm table."""
    return {
        "time": time,
        "state": state,
        "severity": severity,
        "reference": reference,
        "degraded": degraded,
        "operator": operator,
        "comment": comment,
    }
