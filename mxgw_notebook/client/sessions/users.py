"""The users in whose names secured writes are signed."""

from __future__ import annotations

from dataclasses import dataclass

from mxgw_notebook.client.checking import checks_all_arguments
from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.replies import ServerHandle
from mxgw_notebook.client.requests import filled
from mxgw_notebook.client.secret import Secret, struck_out
from mxgw_notebook.client.sessions.invoking import Invoking
from mxgw_notebook.errors import ConfigurationError, GatewayError

NOTHING = Secret()


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs a write, and for a VerifiedWrite who verifies it, with their passwords; kept for that one."""

    user: str
    password: Secret
    verifier: str = ""
    verifier_password: Secret = NOTHING

    def __str__(self) -> str:
        return f"signed by {self.user}" + (f", verified by {self.verifier}" if self.verifier else "")


@checks_all_arguments
class UserCommands(Invoking):
    """Users as numbers, which writes are signed with."""

    async def authenticate_user(self, server_handle: ServerHandle, user: str, password: str) -> int:
        """Returns the user id that signs secured writes. The password is sent to the gateway only."""
        password = Secret(password)
        try:
            password.encode()
        except UnicodeEncodeError:  # here, because any other text that cannot be sent is shown
            hint = "One of its characters is incomplete: type it again."
            raise ConfigurationError("The password cannot be sent", hint=hint) from None
        command = filled(
            wire.AuthenticateUserCommand,
            server_handle=server_handle,
            verify_user=user,
            verify_user_password=password,
        )
        try:
            reply = await self._invoke("authenticate_user", command, about=user)
        except BaseException as error:
            if isinstance(error, GatewayError):
                error.message = struck_out(error.message, password)
            # The frames below hold the message with the password: a traceback with locals would show it.
            raise error.with_traceback(None) from None
        finally:
            command.Clear()
        return int(reply.authenticate_user.user_id)

    async def signers(self, server_handle: ServerHandle, signature: Signature) -> tuple[int, int]:
        """Returns the ids of the signer and the verifier; the signer's twice if nobody verifies.

        Raises GatewayError if one of them is not accepted. Nothing has been written then.
        """
        try:
            user = await self.authenticate_user(server_handle, signature.user, signature.password)
            if not signature.verifier:
                return user, user
            return user, await self.authenticate_user(
                server_handle, signature.verifier, signature.verifier_password
            )
        except GatewayError as error:
            error.may_be_done = False  # of the write, which nobody has sent
            raise

    async def archestra_user_to_id(self, server_handle: ServerHandle, user_guid: str) -> int:
        """Returns the user id of an ArchestrA user's GUID."""
        command = filled(wire.ArchestrAUserToIdCommand, server_handle=server_handle, user_guid=user_guid)
        reply = await self._invoke("archestra_user_to_id", command, about=user_guid)
        return int(reply.archestra_user_to_id.user_id)
