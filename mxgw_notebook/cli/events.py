"""mxgw-py stream-events"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from mxgw_notebook.cli.command import CommandCall, first, gateway_command, limit_option, session_option
from mxgw_notebook.cli.output import moment
from mxgw_notebook.client import Event, event_from_wire, request

# The first row sets the widths, and may be shorter than all that follow: so wide at the least.
WIDTHS = {"sequence": 8, "time": 24, "event": 17}


@gateway_command("stream-events")
@session_option
@limit_option("--max-events")
@click.option(
    "--after-worker-sequence", type=click.IntRange(min=0), default=0, help="Resume after this sequence."
)
async def stream_events(call: CommandCall, session_id: str, most: int, after_worker_sequence: int) -> None:
    """Show a session's events as they come.

    A session has one reader at a time. Some 30 s after the last one left, the gateway closes the session.
    """
    asked = request("StreamEvents", session_id=session_id, after_worker_sequence=after_worker_sequence)
    async with await call.gateway() as client:
        async for message in first(client.stream_events_raw(asked), most):
            call.output.show_rows(message, event_rows(event_from_wire(message, call.clock)), WIDTHS)


def event_rows(event: Event) -> list[dict[str, Any]]:
    """An event as rows of a table: one, or one a value of a buffered item."""
    batch = event.batch
    if batch is None or batch.is_empty or not batch.is_whole:
        return [event_row(event)]
    # tolist makes plain integers of datetime64.
    plain = list(batch.values) if batch.values.dtype.kind == "M" else batch.values.tolist()
    values = zip(plain, batch.qualities.tolist(), batch.times_ns.tolist(), strict=True)
    return [
        event_row(replace(event, value=value, quality=quality, time_ns=time_ns))
        for value, quality, time_ns in values
    ]


def event_row(event: Event) -> dict[str, Any]:
    """An event as a row of a table."""
    alarm = event.alarm
    return {
        "sequence": event.sequence,
        "time": moment(alarm.changed_ns if alarm else event.time_ns),
        "event": "REPLAY_GAP" if event.replay_gap else event.family,
        "item handle": event.item_handle,
        "quality": event.quality,
        "value": shown_body(event),
        "status": event.statuses,
    }


def shown_body(event: Event) -> Any:
    """What an event says, in its table's one column for it."""
    gap, alarm, provider, batch = event.replay_gap, event.alarm, event.provider, event.batch
    if gap:
        return f"oldest still there: {gap.oldest_available}"
    if alarm:
        return f"{alarm.kind} {alarm.reference} severity {alarm.severity} {alarm.comment}"
    if provider:
        return f"{provider.mode}{' degraded' if provider.degraded else ''} {provider.reason}"
    if batch is not None and not batch.is_whole:
        counts = f"{len(batch)} values, {len(batch.qualities)} qualities, {len(batch.times_ns)} times"
        return f"{counts}: nobody can tell which belong together"
    return event.value
