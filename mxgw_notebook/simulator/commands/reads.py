"""ReadBulk: advised tags from what the session has, others added, advised, waited for and removed again."""

from __future__ import annotations

from fnmatch import fnmatchcase

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator import events, statuses, values
from mxgw_notebook.simulator.commands.invocation import READ, Command, Invocation
from mxgw_notebook.simulator.items import Item
from mxgw_notebook.simulator.plant import Quality
from mxgw_notebook.simulator.references import Target, resolve
from mxgw_notebook.simulator.refusal import MxFailureError

_NEVER = float("inf")


def _timeout(call: Invocation, command: wire.ReadBulkCommand) -> float:
    return command.timeout_ms / 1000.0 or call.gateway.options.read_timeout


def _lateness(call: Invocation, target: Target) -> float:
    """How long a tag takes to answer; for ever where the platform behind it is dead."""
    if call.gateway.faults.find("silent") is not None:
        return _NEVER
    late = call.gateway.faults.find("late")
    if late is None or not fnmatchcase(target.attribute.reference.lower(), str(late["tag"]).lower()):
        return 0.0
    return float(late["seconds"])


def _wait(call: Invocation, command: wire.ReadBulkCommand) -> float:
    """Until the last tag has answered, at most the timeout; all of them are waited for at once."""
    longest = 0.0
    for tag in command.tag_addresses:
        try:
            target = resolve(call.gateway.plant, call.key, tag, bare_arrays=False)
        except MxFailureError:
            continue
        if call.session.find_advised(target.attribute, target.index, command.server_handle) is None:
            longest = max(longest, _lateness(call, target))
    return min(longest, _timeout(call, command))


def _read_bulk(call: Invocation, command: wire.ReadBulkCommand) -> None:
    server, timeout = call.server(command.server_handle), _timeout(call, command)
    for tag in command.tag_addresses:
        call.reply.read_bulk.results.append(_read(call, server.handle, tag, timeout))


def _failed(result: wire.BulkReadResult, text: str, status: wire.MxStatusProxy) -> wire.BulkReadResult:
    result.error_message = text
    result.statuses.append(status)
    return result


def _read(call: Invocation, server_handle: int, tag: str, timeout: float) -> wire.BulkReadResult:
    result = wire.BulkReadResult(server_handle=server_handle, tag_address=tag)
    try:
        target = resolve(call.gateway.plant, call.key, tag, bare_arrays=False)
    except MxFailureError as error:
        return _failed(result, error.text, error.status)
    # One that is advised answers from its last value, also while the platform behind it is dead.
    item = call.session.find_advised(target.attribute, target.index, server_handle)
    if item is None and _lateness(call, target) > timeout:
        detail = statuses.TIMED_OUT
        result.quality = Quality.WAITING
        return _failed(result, f"{tag}: {statuses.TEXTS[detail]}", statuses.communication_error(detail))
    _fill(result, target, item)
    return result


def _fill(result: wire.BulkReadResult, target: Target, item: Item | None) -> None:
    attribute = target.attribute
    result.was_successful = True
    result.was_cached = item is not None
    result.item_handle = item.handle if item is not None else 0
    result.value.CopyFrom(values.to_wire(target.value, target.traits))
    result.quality = attribute.quality
    result.source_timestamp.CopyFrom(values.timestamp(attribute.time))
    result.statuses.append(events.status_of(attribute.quality))


COMMANDS = {"read_bulk": Command(READ, _read_bulk, wait=_wait)}
