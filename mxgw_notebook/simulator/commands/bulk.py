"""Add, advise and subscribe for many tags at once: one result an entry, in order."""

from __future__ import annotations

from collections.abc import Callable

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.commands.invocation import READ, Command, Invocation
from mxgw_notebook.simulator.commands.items import add
from mxgw_notebook.simulator.items import Item, Server
from mxgw_notebook.simulator.refusal import MxFailureError

Action = Callable[[Server, Item], None]


def _failed(server: Server, error: MxFailureError, tag: str = "", handle: int = 0) -> wire.SubscribeResult:
    return wire.SubscribeResult(
        server_handle=server.handle,
        tag_address=tag,
        item_handle=handle,
        was_successful=False,
        error_message=error.text,
    )


def _done(item: Item) -> wire.SubscribeResult:
    return wire.SubscribeResult(
        server_handle=item.server_handle,
        tag_address=item.name,
        item_handle=item.handle,
        was_successful=True,
    )


def _by_tag(
    call: Invocation, server: Server, tags: list[str], action: Action | None
) -> list[wire.SubscribeResult]:
    """Adds each tag, then does something with the item."""
    results = []
    for tag in tags:
        try:
            item = add(call, server, tag)
        except MxFailureError as error:
            # In its place, so that results can be matched by order: a client may have asked for a tag twice.
            results.append(_failed(server, error, tag=tag))
            continue
        if action is not None:
            action(server, item)
        results.append(_done(item))
    return results


def _by_handle(server: Server, handles: list[int], action: Action) -> list[wire.SubscribeResult]:
    """Does something with the item of each handle."""
    results = []
    for handle in handles:
        try:
            item = server.item(handle)
        except MxFailureError as error:
            results.append(_failed(server, error, handle=handle))
            continue
        action(server, item)
        results.append(_done(item))
    return results


def _add_item_bulk(call: Invocation, command: wire.AddItemBulkCommand) -> None:
    server = call.server(command.server_handle)
    call.reply.add_item_bulk.results.extend(_by_tag(call, server, list(command.tag_addresses), None))


def _subscribe_bulk(call: Invocation, command: wire.SubscribeBulkCommand) -> None:
    server = call.server(command.server_handle)
    results = _by_tag(call, server, list(command.tag_addresses), _advising(call))
    call.reply.subscribe_bulk.results.extend(results)


def _advise_item_bulk(call: Invocation, command: wire.AdviseItemBulkCommand) -> None:
    server = call.server(command.server_handle)
    call.reply.advise_item_bulk.results.extend(
        _by_handle(server, list(command.item_handles), _advising(call))
    )


def _un_advise_item_bulk(call: Invocation, command: wire.UnAdviseItemBulkCommand) -> None:
    server = call.server(command.server_handle)
    results = _by_handle(server, list(command.item_handles), lambda _, item: call.session.unadvise(item))
    call.reply.un_advise_item_bulk.results.extend(results)


def _remove_item_bulk(call: Invocation, command: wire.RemoveItemBulkCommand) -> None:
    server = call.server(command.server_handle)
    results = _by_handle(server, list(command.item_handles), call.session.remove)
    call.reply.remove_item_bulk.results.extend(results)


def _unsubscribe_bulk(call: Invocation, command: wire.UnsubscribeBulkCommand) -> None:
    server = call.server(command.server_handle)
    results = _by_handle(server, list(command.item_handles), call.session.remove)
    call.reply.unsubscribe_bulk.results.extend(results)


def _advising(call: Invocation) -> Action:
    return lambda _, item: call.session.advise(item, call.now)


COMMANDS = {
    "add_item_bulk": Command(READ, _add_item_bulk),
    "advise_item_bulk": Command(READ, _advise_item_bulk),
    "remove_item_bulk": Command(READ, _remove_item_bulk),
    "un_advise_item_bulk": Command(READ, _un_advise_item_bulk),
    "subscribe_bulk": Command(READ, _subscribe_bulk),
    "unsubscribe_bulk": Command(READ, _unsubscribe_bulk),
}
