"""mxgw-py smoke: the whole way once, from opening a session to an event of a tag."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import click

from mxgw_notebook.cli.command import CommandCall, first, gateway_command, item_option
from mxgw_notebook.cli.events import event_row
from mxgw_notebook.client import OpenStream, Session, event_from_wire, json_form
from mxgw_notebook.errors import GatewayError

# What is told of the walk, in JSON's names.
ANSWERED = ("sessionId", "item", "serverHandle", "itemHandle")


@gateway_command("smoke")
@item_option
@click.option(
    "--client-name", default="mxgw-py-smoke", show_default=True, help="The name that the gateway shows."
)
@click.option("--max-events", type=click.IntRange(min=1), default=1, show_default=True)
@click.option(
    "--wait", type=click.FloatRange(min=0, min_open=True), default=10.0, show_default=True, help="Seconds."
)
async def smoke(call: CommandCall, item: str, client_name: str, max_events: int, wait: float) -> None:
    """Open a session, register, add and advise a tag, take its first events, and close the session.

    The session is always closed. Fails if no event comes within --wait.
    """
    async with await call.gateway() as client, await client.open_session(client_name) as session:
        answer, events = await walk_through(session, client_name, item, max_events, wait)
    facts = {
        "session": answer["sessionId"],
        "server handle": answer["serverHandle"],
        "item handle": answer["itemHandle"],
        "events": len(events),
        "value": event_row(event_from_wire(events[0], call.clock))["value"],
    }
    call.output.show_facts({**answer, "closed": True, "events": [json_form(one) for one in events]}, facts)


async def walk_through(
    session: Session, client_name: str, item: str, most: int, wait: float
) -> tuple[dict[str, Any], list[Any]]:
    """The handles, and the item's first events."""
    server_handle = await session.register(client_name)
    item_handle = await session.add_item(server_handle, item)
    async with session.stream_events_raw() as stream:  # before advising: no event can be missed
        await session.advise(server_handle, item_handle)
        events = await within(stream, most, wait)
    if not events:
        raise GatewayError(f"No event of {item} came within {wait:g} s", hint="A longer --wait may help.")
    handles = (session.session_id, item, server_handle, item_handle)
    return dict(zip(ANSWERED, handles, strict=True)), events


async def within(stream: OpenStream[Any], most: int, seconds: float) -> list[Any]:
    """The first items of a stream, fewer where the time is over."""
    items: list[Any] = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            async for item in first(stream, most):
                items.append(item)  # noqa: PERF401 - what has come is kept when the time is over
    return items
