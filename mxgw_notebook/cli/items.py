"""mxgw-py register, add-item, advise, subscribe-bulk: tags made ready for reading and writing."""

from __future__ import annotations

import click

from mxgw_notebook.cli.added_items import AddedItems
from mxgw_notebook.cli.command import (
    CommandCall,
    gateway_command,
    item_handle_option,
    item_option,
    items_option,
    server_option,
    session_option,
)
from mxgw_notebook.cli.reading import LOOK_UP
from mxgw_notebook.client import ItemHandle, check, subscribed


@gateway_command("register")
@session_option
@click.option("--client-name", default="mxgw-py", show_default=True, help="The client's name in MXAccess.")
async def register(call: CommandCall, session_id: str, client_name: str) -> None:
    """Register a client; items are added under its server handle."""
    reply = await call.invoke(session_id, "register", client_name=client_name)
    call.output.show_facts(reply, {"server handle": reply.register.server_handle})


@gateway_command("add-item")
@session_option
@server_option
@item_option
@click.option(
    "--buffered",
    "milliseconds",
    type=click.IntRange(min=1),
    metavar="MS",
    help="Milliseconds between two batches of all values. The last setting counts for all buffered items.",
)
async def add_item(
    call: CommandCall, session_id: str, server_handle: int, item: str, milliseconds: int | None
) -> None:
    """Add a tag; advise it to get its values."""
    kind = "add_buffered_item" if milliseconds else "add_item"
    # Before the item is there: its first batch already comes at this interval.
    if milliseconds:
        field = "set_buffered_update_interval"
        await call.invoke(session_id, field, server_handle=server_handle, update_interval_ms=milliseconds)
    reply = await call.invoke(session_id, kind, about=item, server_handle=server_handle, item_definition=item)
    handle = ItemHandle(getattr(reply, kind).item_handle)
    # Before it is shown: whoever reads the handle may write to it at once, in another process.
    AddedItems(call.options.target, session_id).add({handle: item})
    call.output.show_facts(reply, {"item": item, "item handle": handle})


@gateway_command("advise")
@session_option
@server_option
@item_handle_option
async def advise(call: CommandCall, session_id: str, server_handle: int, item_handle: int) -> None:
    """Ask for an item's events. Read them with stream-events: unread ones fill the session's queue."""
    reply = await call.invoke(
        session_id,
        "advise",
        about=f"item {item_handle}",
        server_handle=server_handle,
        item_handle=item_handle,
    )
    call.output.show_facts(reply, {"advised": item_handle})


@gateway_command("subscribe-bulk")
@session_option
@server_option
@items_option
async def subscribe_bulk(call: CommandCall, session_id: str, server_handle: int, items: list[str]) -> None:
    """Add and advise many tags at once; a bad one fails alone.

    Read their events with stream-events: unread ones fill the session's queue.
    """
    reply = await call.invoke(session_id, "subscribe_bulk", server_handle=server_handle, tag_addresses=items)
    results = subscribed(reply.subscribe_bulk.results)
    added = {one.item_handle: one.tag for one in results if not one.failure}
    AddedItems(call.options.target, session_id).add(added)
    rows = [
        {"item": one.tag, "item handle": one.item_handle or None, "failure": one.failure} for one in results
    ]
    call.output.show_table(reply, rows)
    check(results, hint=LOOK_UP)
