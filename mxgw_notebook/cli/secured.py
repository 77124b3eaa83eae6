"""mxgw-py authenticate-user, write-secured, write-secured2: writes that a person signs."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from mxgw_notebook.cli.command import CommandCall, gateway_command, server_option, session_option
from mxgw_notebook.cli.writing import item_options, timestamp_option, write_item
from mxgw_notebook.errors import ConfigurationError

F = TypeVar("F", bound=Callable[..., Any])


@gateway_command("authenticate-user")
@session_option
@server_option
@click.option("--user", required=True, help="The name in the galaxy.")
@click.option("--password-env", help="The environment variable that has the password. Default: ask for it.")
async def authenticate_user(
    call: CommandCall, session_id: str, server_handle: int, user: str, password_env: str | None
) -> None:
    """Get the user id for write-secured and write-secured2."""
    reply = await call.invoke(
        session_id,
        "authenticate_user",
        server_handle=server_handle,
        verify_user=user,
        verify_user_password=password_from(password_env),
    )
    call.output.show_facts(reply, {"user": user, "user id": reply.authenticate_user.user_id})


def password_from(variable: str | None) -> str:
    """The password of an environment variable, or as typed without echo."""
    if variable is None:
        # On standard error: standard output is the answer, and may go into a file.
        return str(click.prompt("Password", hide_input=True, err=True))
    if variable not in os.environ:
        raise ConfigurationError(
            f"The environment variable {variable} is not set", hint="Set it to the password."
        )
    return os.environ[variable]


def users_option(command: F) -> F:
    """Who signs."""
    current = click.option(
        "--current-user-id",
        type=int,
        required=True,
        help="The user who writes, as authenticate-user printed it.",
    )
    verifier = click.option(
        "--verifier-user-id",
        type=int,
        help="The user who verifies; default: the same user, as SecuredWrite needs it.",
    )
    return current(verifier(command))


@gateway_command("write-secured")
@item_options
@users_option
async def write_secured(call: CommandCall, **options: Any) -> None:
    """Write to a SecuredWrite or VerifiedWrite attribute."""
    await write_item(call, "write_secured", **verified(options))


@gateway_command("write-secured2")
@item_options
@timestamp_option
@users_option
async def write_secured2(call: CommandCall, **options: Any) -> None:
    """Write to a SecuredWrite or VerifiedWrite attribute a value with its time."""
    await write_item(call, "write_secured2", **verified(options))


def verified(options: dict[str, Any]) -> dict[str, Any]:
    """The options with who writes as the verifier, where nobody else is named."""
    # One command serves both classes: a SecuredWrite has the same id twice, and none at all is refused.
    if options["verifier_user_id"] is None:
        return {**options, "verifier_user_id": options["current_user_id"]}
    return options
