"""Users that sign writes."""

from __future__ import annotations

import hmac
import uuid

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator import statuses
from mxgw_notebook.simulator.commands.invocation import METADATA, SECURE, Command, Invocation
from mxgw_notebook.simulator.refusal import MxFailureError

_SPACE = uuid.UUID("5a3f9f0e-6d0c-4d57-9f1b-1f6b6e0a7c11")


def user_guid(name: str) -> str:
    """The guid under which this gateway's galaxy knows a user."""
    return str(uuid.uuid5(_SPACE, name.lower()))


def _id(call: Invocation, name: str) -> int:
    """Ids count from 1, in the order of the options' users."""
    return list(call.gateway.options.users).index(name) + 1


def _denied(text: str) -> MxFailureError:
    return MxFailureError(text, statuses.security_error(statuses.ACCESS_DENIED), statuses.E_FAIL)


def _authenticate(call: Invocation, command: wire.AuthenticateUserCommand) -> None:
    call.server(command.server_handle)
    users = {name.lower(): name for name in call.gateway.options.users}
    name = users.get(command.verify_user.lower())
    expected = call.gateway.options.users.get(name or "", "")
    same = hmac.compare_digest(expected.encode(), command.verify_user_password.encode())
    if name is None or not same:
        raise _denied("The user is not known or the password is wrong.")
    user_id = _id(call, name)
    call.session.users[user_id] = name
    call.reply.authenticate_user.user_id = user_id


def _archestra_user_to_id(call: Invocation, command: wire.ArchestrAUserToIdCommand) -> None:
    call.server(command.server_handle)
    wanted = command.user_guid.strip("{} ").lower()
    for name in call.gateway.options.users:
        if user_guid(name) == wanted:
            call.reply.archestra_user_to_id.user_id = _id(call, name)
            return
    raise _denied("The galaxy knows no user of this guid.")


COMMANDS = {
    "authenticate_user": Command(SECURE, _authenticate),
    "archestra_user_to_id": Command(METADATA, _archestra_user_to_id),
}
