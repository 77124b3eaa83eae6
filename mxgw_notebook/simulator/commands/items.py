"""Register, add, advise and their opposites, one at a time."""

from __future__ import annotations

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator import events, statuses
from mxgw_notebook.simulator.commands.invocation import READ, Command, Invocation
from mxgw_notebook.simulator.items import Item, Server
from mxgw_notebook.simulator.references import resolve
from mxgw_notebook.simulator.refusal import InvalidRequestError, MxFailureError


def add(call: Invocation, server: Server, tag: str, *, context: str = "", buffered: bool = False) -> Item:
    """Adds a tag. Raises MxFailureError when the galaxy does not know it."""
    target = resolve(call.gateway.plant, call.key, tag, context=context)
    # A batch is itself an array of values: one of arrays has no form on the wire.
    if buffered and target.traits.is_array:
        raise MxFailureError(f"{tag}: an array cannot be buffered.")
    item = Item(call.session.next_handle(), server.handle, tag, target, is_buffered=buffered)
    server.items[item.handle] = item
    return item


def _set_return_value(call: Invocation, number: int) -> None:
    """The COM method's return value stands in the reply beside the payload."""
    call.reply.return_value.data_type = wire.MX_DATA_TYPE_INTEGER
    call.reply.return_value.variant_type = "VT_I4"
    call.reply.return_value.int32_value = number


def _register(call: Invocation, command: wire.RegisterCommand) -> None:
    handle = call.session.next_handle()
    call.session.servers[handle] = Server(handle, command.client_name)
    call.reply.register.server_handle = handle
    _set_return_value(call, handle)


def _unregister(call: Invocation, command: wire.UnregisterCommand) -> None:
    server = call.server(command.server_handle)
    # Over a copy: removing an item takes it out of what is walked over.
    for item in list(server.items.values()):
        call.session.remove(server, item)
    del call.session.servers[server.handle]


def _add_item(call: Invocation, command: wire.AddItemCommand) -> None:
    item = add(call, call.server(command.server_handle), command.item_definition)
    call.reply.add_item.item_handle = item.handle
    _set_return_value(call, item.handle)


def _add_item2(call: Invocation, command: wire.AddItem2Command) -> None:
    server = call.server(command.server_handle)
    item = add(call, server, command.item_definition, context=command.item_context)
    call.reply.add_item2.item_handle = item.handle
    _set_return_value(call, item.handle)


def _add_buffered_item(call: Invocation, command: wire.AddBufferedItemCommand) -> None:
    server = call.server(command.server_handle)
    item = add(call, server, command.item_definition, context=command.item_context, buffered=True)
    call.reply.add_buffered_item.item_handle = item.handle
    _set_return_value(call, item.handle)


def _remove_item(call: Invocation, command: wire.RemoveItemCommand) -> None:
    server = call.server(command.server_handle)
    call.session.remove(server, server.item(command.item_handle))


def _advise(call: Invocation, command: wire.AdviseCommand | wire.AdviseSupervisoryCommand) -> None:
    item = call.server(command.server_handle).item(command.item_handle)
    call.session.advise(item, call.now)


def _un_advise(call: Invocation, command: wire.UnAdviseCommand) -> None:
    call.session.unadvise(call.server(command.server_handle).item(command.item_handle))


def _set_interval(call: Invocation, command: wire.SetBufferedUpdateIntervalCommand) -> None:
    if command.update_interval_ms < 0:
        raise InvalidRequestError("update_interval_ms must not be negative.")
    call.server(command.server_handle).set_interval(command.update_interval_ms)


def _suspend(call: Invocation, command: wire.SuspendCommand) -> None:
    item = _advised(call, command.server_handle, command.item_handle)
    item.suspended = True
    call.reply.suspend.status.CopyFrom(statuses.pending())
    # After the reply: OPERATION_COMPLETE is for whoever has seen PENDING.
    _complete_later(call, item)


def _activate(call: Invocation, command: wire.ActivateCommand) -> None:
    item = _advised(call, command.server_handle, command.item_handle)
    call.session.resume(item, call.now)
    call.reply.activate.status.CopyFrom(statuses.pending())
    _complete_later(call, item)


def _advised(call: Invocation, server_handle: int, item_handle: int) -> Item:
    item = call.server(server_handle).item(item_handle)
    if not item.advised:
        raise MxFailureError(f"{item.name} is not advised.")
    return item


def _complete_later(call: Invocation, item: Item) -> None:
    call.reply.statuses.append(statuses.pending())
    gateway, session = call.gateway, call.session

    def complete() -> None:
        session.events.push(events.operation_complete(session.id, item, gateway.plant.now))

    gateway.do_later(gateway.options.operation_delay, complete)


COMMANDS = {
    "register": Command(READ, _register),
    "unregister": Command(READ, _unregister),
    "add_item": Command(READ, _add_item),
    "add_item2": Command(READ, _add_item2),
    "add_buffered_item": Command(READ, _add_buffered_item),
    "remove_item": Command(READ, _remove_item),
    "advise": Command(READ, _advise),
    "advise_supervisory": Command(READ, _advise),
    "un_advise": Command(READ, _un_advise),
    "set_buffered_update_interval": Command(READ, _set_interval),
    "suspend": Command(READ, _suspend),
    "activate": Command(READ, _activate),
}
