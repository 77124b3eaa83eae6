"""mxgw-py write, write2, write-bulk.

The answer is an acceptance. What became of a write is an ON_WRITE_COMPLETE event of the session: see
stream-events. The item has to be advised.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, Unpack

import click

from mxgw_notebook.cli.added_items import AddedItems
from mxgw_notebook.cli.command import (
    CommandCall,
    commas,
    gateway_command,
    item_handle_option,
    server_option,
    session_option,
)
from mxgw_notebook.client import (
    ARRAY,
    KINDS,
    Allowed,
    ItemHandle,
    ServerHandle,
    check,
    judge_write,
    typed_value,
    written,
)

F = TypeVar("F", bound=Callable[..., Any])

kind_option = click.option(
    "--type",
    "kind",
    type=click.Choice([*KINDS, *(kind + ARRAY for kind in KINDS)]),
    metavar="TYPE",
    required=True,
    help=f"The attribute's type: {', '.join(KINDS)}; with [] an array, whose value is a JSON list. "
    "The value is sent with exactly this type. Only for items added by mxgw-py: a Boolean accepts 0 and 1 "
    "but no other number, and a Double no text for infinity.",
)
value_option = click.option("--value", required=True, help="A time is ISO 8601 with its zone.")
timestamp_option = click.option(
    "--timestamp", required=True, help="The value's time, ISO 8601 with its zone: 2026-01-31T12:00:00Z."
)
user_option = click.option(
    "--user-id", type=int, default=0, show_default=True, help="The user who writes; 0 is nobody."
)


def allowed_options(command: F) -> F:
    """What is refused unless it is asked for by name."""
    nonfinite = click.option("--allow-nonfinite", is_flag=True, help="Allow inf and nan.")
    empty = click.option("--allow-empty", is_flag=True, help="Allow an array without elements, [].")
    return nonfinite(empty(command))


def item_options(command: F) -> F:
    """Which item is written, and what."""
    wanted = kind_option(value_option(allowed_options(command)))
    return session_option(server_option(item_handle_option(wanted)))


async def write_item(
    call: CommandCall,
    payload: str,
    *,
    session_id: str,
    kind: str,
    value: str,
    timestamp: str | None = None,
    allow_nonfinite: bool,
    allow_empty: bool,
    **fields: Any,
) -> None:
    """Sends one write and shows that it was accepted."""
    fields["value"] = typed_value(kind, value, allow_nonfinite=allow_nonfinite, allow_empty=allow_empty)
    if timestamp is not None:
        fields["timestamp_value"] = typed_value("timestamp", timestamp)
    item = f"item {fields['item_handle']}"
    wanted = [(fields["item_handle"], fields["value"])]
    await check_values(call, session_id, fields["server_handle"], wanted, allow_nonfinite=allow_nonfinite)
    # What cannot be sent has failed above. From here on a failure may leave open whether the plant has it.
    with judge_write(item):
        reply = await call.invoke(session_id, payload, about=item, **fields)
    call.output.show_facts(reply, {"accepted for item": fields["item_handle"]})


async def check_values(
    call: CommandCall,
    session_id: str,
    server_handle: int,
    values: Sequence[tuple[int, Any]],
    **allowed: Unpack[Allowed],
) -> None:
    """Refuses a number that would switch a Boolean on, and a text that would make a number infinite."""
    # What other clients added is not known here: their tags cannot be looked up, and are written as asked.
    tags = AddedItems(call.options.target, session_id).tags()
    wanted = [(ItemHandle(handle), value) for handle, value in values if handle in tags]
    if wanted:
        async with await call.gateway() as client:
            session = client.session(session_id)
            session.tags.update(tags)
            await session.check_truths(ServerHandle(server_handle), wanted, **allowed)


@gateway_command("write")
@item_options
@user_option
async def write(call: CommandCall, **options: Any) -> None:
    """Write a value to an advised item."""
    await write_item(call, "write", **options)


@gateway_command("write2")
@item_options
@timestamp_option
@user_option
async def write2(call: CommandCall, **options: Any) -> None:
    """Write a value with its time."""
    await write_item(call, "write2", **options)


@gateway_command("write-bulk")
@session_option
@server_option
@click.option(
    "--item-handle",
    "--item-handles",
    "item_handles",
    required=True,
    multiple=True,
    callback=commas,
    help="Item handles; repeat the option or separate by commas.",
)
@kind_option
@click.option(
    "--value",
    "values",
    required=True,
    multiple=True,
    help="One for each item, in the same order; repeat the option.",
)
@allowed_options
@user_option
async def write_bulk(
    call: CommandCall,
    session_id: str,
    server_handle: int,
    item_handles: list[str],
    kind: str,
    values: tuple[str, ...],
    user_id: int,
    **allowed: Unpack[Allowed],
) -> None:
    """Write many values of one type at once; a bad one fails alone."""
    if len(item_handles) != len(values):
        raise click.UsageError(
            f"{len(item_handles)} items and {len(values)} values: give a --value for each."
        )
    entries: list[dict[str, Any]] = [
        {"item_handle": handle_of(handle), "value": typed_value(kind, value, **allowed), "user_id": user_id}
        for handle, value in zip(item_handles, values, strict=True)
    ]
    meant = [(entry["item_handle"], entry["value"]) for entry in entries]
    await check_values(call, session_id, server_handle, meant, **allowed)
    with judge_write(f"{len(entries)} items"):
        reply = await call.invoke(session_id, "write_bulk", server_handle=server_handle, entries=entries)
    results = written(reply.write_bulk.results, {})
    call.output.show_table(
        reply, [{"item handle": one.item_handle, "failure": one.failure} for one in results]
    )
    # Once all are shown: an entry that failed is an exit code, and hides none of the others.
    check(results, hint="")


def handle_of(text: str) -> int:
    """An item handle."""
    try:
        return int(text)
    except ValueError:
        raise click.UsageError(f"{text!r} is not an item handle.") from None
