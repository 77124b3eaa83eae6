"""ReadBulk: advised tags from what the session has, others added, advised, read and removed again."""

from __future__ import annotations

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator import events, values
from mxgw_notebook.simulator.items import Item
from mxgw_notebook.simulator.references import Target, resolve
from mxgw_notebook.simulator.refusal import MxFailureError

from .invocation import READ, Command, Invocation


def _read_bulk(call: Invocation, command: wire.ReadBulkCommand) -> None:
    server = call.server(command.server_handle)
    for tag in command.tag_addresses:
        call.reply.read_bulk.results.append(_read(call, server.handle, tag))


def _read(call: Invocation, server_handle: int, tag: str) -> wire.BulkReadResult:
    result = wire.BulkReadResult(server_handle=server_handle, tag_address=tag)
    try:
        target = resolve(call.gateway.plant, call.key, tag, bare_arrays=False)
    except MxFailureError as error:
        result.error_message = error.text
        result.statuses.append(error.status)
        return result
    item = call.session.find_advised(target.attribute, target.index, server_handle)
    _fill(result, target, item)
    return result


def _fill(result: wire.BulkReadResult, target: Target, item: Item | None) -> None:
    """The simulated plant always has a value, so a tag that is not advised needs no waiting either."""
    attribute = target.attribute
    result.was_successful = True
    result.was_cached = item is not None
    result.item_handle = item.handle if item is not None else 0
    result.value.CopyFrom(values.to_wire(target.value, target.traits))
    result.quality = attribute.quality
    result.source_timestamp.CopyFrom(values.timestamp(attribute.time))
    result.statuses.append(events.status_of(attribute.quality))


COMMANDS = {"read_bulk": Command(READ, _read_bulk)}
