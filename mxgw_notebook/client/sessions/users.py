"""The users in whose names secured writes are signed."""

from __future__ import annotations

from mxgw_notebook.client.checking import checks_all_arguments
from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.replies import ServerHandle
from mxgw_notebook.client.requests import filled
from mxgw_notebook.client.sessions.invoking import Invoking
from mxgw_notebook.errors import ConfigurationError


@checks_all_arguments
class UserCommands(Invoking):
    """Users as numbers, which writes are signed with."""

    async def authenticate_user(self, server_handle: ServerHandle, user: str, password: str) -> int:
        """The user id that secured writes are signed with. The password goes nowhere else."""
        try:
            password.encode()
        except UnicodeEncodeError:  # here, because any other text that cannot be sent is shown
            hint = "One of its characters is half of one: type it anew."
            raise ConfigurationError("The password cannot be sent", hint=hint) from None
        command = filled(
            wire.AuthenticateUserCommand,
            server_handle=server_handle,
            verify_user=user,
            verify_user_password=password,
        )
        reply = await self._invoke("authenticate_user", command, about=user)
        return int(reply.authenticate_user.user_id)

    async def archestra_user_to_id(self, server_handle: ServerHandle, user_guid: str) -> int:
        """The user id of an ArchestrA user's GUID."""
        command = filled(wire.ArchestrAUserToIdCommand, server_handle=server_handle, user_guid=user_guid)
        reply = await self._invoke("archestra_user_to_id", command, about=user_guid)
        return int(reply.archestra_user_to_id.user_id)
