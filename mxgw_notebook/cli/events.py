"""mxgw-py stream-events"""

from __future__ import annotations

from typing import Any

import click

from mxgw_notebook.cli.command import Call, first, gateway_command, limit_option, session_option
from mxgw_notebook.cli.output import moment
from mxgw_notebook.client import Event, event_from_wire, request

WIDTHS = {"sequence": 8, "time": 24, "event": 17}


@gateway_command("stream-events")
@session_option
@limit_option("--max-events")
@click.option(
    "--after-worker-sequence", type=click.IntRange(min=0), default=0, help="Resume after this sequence."
)
async def stream_events(call: Call, session_id: str, most: int, after_worker_sequence: int) -> None:
    """Show a session's events as they come.

    A session has one reader at a time. Some 30 s after the last one left, the gateway closes the session.
    """
    asked = request("StreamEvents", session_id=session_id, after_worker_sequence=after_worker_sequence)
    async with await call.gateway() as client:
        async for message in first(client.stream_events_raw(asked), most):
            call.output.item(message, event_row(event_from_wire(message, call.clock)), WIDTHS)


def event_row(event: Event) -> dict[str, Any]:
    """An event as a row of a table."""
    gap = event.replay_gap
    return {
        "sequence": event.sequence,
        "time": moment(event.time_ns),
        "event": "REPLAY_GAP" if gap else event.family,
        "item handle": event.item_handle,
        "quality": event.quality,
        "value": f"oldest still there: {gap.oldest_available}" if gap else event.value,
        "status": event.statuses,
    }
