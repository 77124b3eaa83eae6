"""Writes. The reply only accepts; the outcome is an OnWriteComplete event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator import events, statuses, values
from mxgw_notebook.simulator.commands.invocation import SECURE, WRITE, Command, Invocation
from mxgw_notebook.simulator.items import Item
from mxgw_notebook.simulator.plant import Classification
from mxgw_notebook.simulator.refusal import InvalidRequestError, MxFailureError

Entry = wire.WriteBulkEntry | wire.Write2BulkEntry | wire.WriteSecuredBulkEntry | wire.WriteSecured2BulkEntry


@dataclass(frozen=True, slots=True)
class Signature:
    """Who writes. `secured` says that the command carries a signed user; then both names are known users."""

    user: str = ""
    verifier: str = ""
    secured: bool = False

    def refusal(self, classification: Classification) -> int:
        """The status detail with which an attribute of this class refuses the write; 0 when it takes it."""
        if classification is Classification.VIEW_ONLY:
            return statuses.ACCESS_DENIED
        if classification is Classification.SECURED_WRITE and not self.secured:
            return statuses.SECURED_WRITE
        verified = self.secured and self.verifier != self.user
        if classification is Classification.VERIFIED_WRITE and not verified:
            return statuses.VERIFIED_WRITE
        return 0


def _signed(call: Invocation, user_id: int, verifier_id: int) -> Signature:
    """Raises MxFailureError for an id that AuthenticateUser did not give in this session."""
    for one in (user_id, verifier_id):
        if one not in call.session.users:
            status = statuses.security_error(statuses.ACCESS_DENIED)
            raise MxFailureError(f"User id {one} was not authenticated in this session.", status)
    return Signature(call.session.users[user_id], call.session.users[verifier_id], secured=True)


def _plain(call: Invocation, user_id: int) -> Signature:
    return Signature(call.session.users.get(user_id, call.session.name))


def _write(
    call: Invocation,
    item: Item,
    value: wire.MxValue,
    signature: Signature,
    moment: wire.MxValue | None = None,
) -> None:
    """Accepts a write and carries it out; raises when it cannot even be accepted."""
    if not item.advised:
        raise MxFailureError(f"{item.name} is not advised; advise it before writing.")
    if value.WhichOneof("kind") is None:
        raise InvalidRequestError("The write carries no value.")
    # The plant's refusal is no failure of the command: the reply accepts the write, the event says no.
    status = _carry_out(call, item, value, signature, moment)
    call.session.events.push(events.write_complete(call.session.id, item, status, call.now))
    call.gateway.publish()


def _carry_out(
    call: Invocation, item: Item, value: wire.MxValue, signature: Signature, moment: wire.MxValue | None
) -> wire.MxStatusProxy:
    target = item.target
    try:
        converted = values.from_wire(value, target.traits)
    except values.BadValueError as error:
        if value.WhichOneof("kind") == "sparse_array_value":
            raise InvalidRequestError(str(error)) from error
        return statuses.operational_error(str(error))
    if detail := signature.refusal(target.traits.classification):
        return statuses.security_error(detail)
    try:
        target.write(converted, _moment(call, moment), signature.user)
    except ValueError as error:  # what the attribute itself makes of it
        return statuses.operational_error(str(error))
    return statuses.ok()


def _moment(call: Invocation, value: wire.MxValue | None) -> float:
    """The value's own time where the command carries one."""
    if value is None or value.WhichOneof("kind") != "timestamp_value":
        return call.now
    return values.seconds(value.timestamp_value)


def _write_item(call: Invocation, command: wire.WriteCommand) -> None:
    item = call.server(command.server_handle).item(command.item_handle)
    _write(call, item, command.value, _plain(call, command.user_id))


def _write2_item(call: Invocation, command: wire.Write2Command) -> None:
    item = call.server(command.server_handle).item(command.item_handle)
    _write(call, item, command.value, _plain(call, command.user_id), command.timestamp_value)


def _write_secured_item(call: Invocation, command: wire.WriteSecuredCommand) -> None:
    item = call.server(command.server_handle).item(command.item_handle)
    _write(call, item, command.value, _signed(call, command.current_user_id, command.verifier_user_id))


def _write_secured2_item(call: Invocation, command: wire.WriteSecured2Command) -> None:
    item = call.server(command.server_handle).item(command.item_handle)
    signature = _signed(call, command.current_user_id, command.verifier_user_id)
    _write(call, item, command.value, signature, command.timestamp_value)


@contextmanager
def _entry(results: list[wire.BulkWriteResult], server_handle: int, item_handle: int) -> Iterator[None]:
    """Turns what happens to one entry into its result; a bad one fails alone."""
    result = wire.BulkWriteResult(server_handle=server_handle, item_handle=item_handle, hresult=0)
    try:
        yield
        result.was_successful = True
        result.statuses.append(statuses.ok())
    except MxFailureError as error:
        result.hresult, result.error_message = error.hresult, error.text
        result.statuses.append(error.status)
    except InvalidRequestError as error:
        result.hresult, result.error_message = statuses.E_INVALIDARG, str(error)
        result.statuses.append(statuses.operational_error(str(error)))
    results.append(result)


def _signature(call: Invocation, entry: Entry) -> Signature:
    if isinstance(entry, wire.WriteSecuredBulkEntry | wire.WriteSecured2BulkEntry):
        return _signed(call, entry.current_user_id, entry.verifier_user_id)
    return _plain(call, entry.user_id)


def _sent_moment(entry: Entry) -> wire.MxValue | None:
    timed = wire.Write2BulkEntry | wire.WriteSecured2BulkEntry
    return entry.timestamp_value if isinstance(entry, timed) else None


def _write_each(call: Invocation, server_handle: int, entries: Iterable[Entry]) -> list[wire.BulkWriteResult]:
    server, results = call.server(server_handle), list[wire.BulkWriteResult]()
    for entry in entries:
        # Also who signs is looked up for each: a user that is not known fails one entry, not the command.
        with _entry(results, server.handle, entry.item_handle):
            item, signature = server.item(entry.item_handle), _signature(call, entry)
            _write(call, item, entry.value, signature, _sent_moment(entry))
    return results


def _write_bulk(call: Invocation, command: wire.WriteBulkCommand) -> None:
    call.reply.write_bulk.results.extend(_write_each(call, command.server_handle, command.entries))


def _write2_bulk(call: Invocation, command: wire.Write2BulkCommand) -> None:
    call.reply.write2_bulk.results.extend(_write_each(call, command.server_handle, command.entries))


def _write_secured_bulk(call: Invocation, command: wire.WriteSecuredBulkCommand) -> None:
    call.reply.write_secured_bulk.results.extend(_write_each(call, command.server_handle, command.entries))


def _write_secured2_bulk(call: Invocation, command: wire.WriteSecured2BulkCommand) -> None:
    call.reply.write_secured2_bulk.results.extend(_write_each(call, command.server_handle, command.entries))


COMMANDS = {
    "write": Command(WRITE, _write_item),
    "write2": Command(WRITE, _write2_item),
    "write_secured": Command(SECURE, _write_secured_item),
    "write_secured2": Command(SECURE, _write_secured2_item),
    "write_bulk": Command(WRITE, _write_bulk),
    "write2_bulk": Command(WRITE, _write2_bulk),
    "write_secured_bulk": Command(SECURE, _write_secured_bulk),
    "write_secured2_bulk": Command(SECURE, _write_secured2_bulk),
}
