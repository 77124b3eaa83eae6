"""Both clients of a gateway, connected, with a key that was seen to work."""

from __future__ import annotations

import asyncio
import logging

from mxgw_notebook.client import (
    ClientOptions,
    GalaxyRepositoryClient,
    GatewayClient,
    backoff_seconds,
    close_each,
)
from mxgw_notebook.errors import AuthenticationError, CallError, GatewayUnavailableError

log = logging.getLogger(__name__)

UNIMPLEMENTED = "UNIMPLEMENTED"
LONGEST_WAIT_SECONDS = 5.0


async def await_clients(
    options: ClientOptions, seconds: float
) -> tuple[GatewayClient, GalaxyRepositoryClient]:
    """The same of a gateway that may not be there yet: it is tried for so long."""
    deadline = asyncio.get_running_loop().time() + seconds
    for wait in backoff_seconds(longest=LONGEST_WAIT_SECONDS):
        try:
            return await connect_clients(options)
        except GatewayUnavailableError as error:
            if asyncio.get_running_loop().time() + wait > deadline:
                raise
            log.warning("%s is not there yet: %s", options.target, error.reason)
        await asyncio.sleep(wait)
    raise AssertionError("the waits have no end")


async def connect_clients(options: ClientOptions) -> tuple[GatewayClient, GalaxyRepositoryClient]:
    """Both clients, connected; neither is left open when the other fails."""
    client = await GatewayClient.connect(options=options)
    try:
        galaxy = await GalaxyRepositoryClient.connect(options=options)
    except BaseException:
        await client.close()
        raise
    try:
        await check_gateway(client, galaxy)
    except BaseException:
        await close_each(client.close, galaxy.close)
        raise
    return client, galaxy


async def check_gateway(client: GatewayClient, galaxy: GalaxyRepositoryClient) -> None:
    """Raises where the key is not accepted, and where nobody answers, or not as a gateway would.

    Nothing else depends on the call that this is seen by: a gateway may refuse it for whatever reason.
    """
    try:
        await galaxy.test_connection()
    except AuthenticationError:
        raise
    except CallError as error:
        if not error.is_answer:
            raise
        if error.code.name == UNIMPLEMENTED:
            await check_sessions(client, error)


async def check_sessions(client: GatewayClient, unknown: CallError) -> None:
    """Raises `unknown` where the service of the sessions is not known either: then it is no gateway."""
    try:
        await client.session("").close()  # of all its calls the one that does nothing
    except AuthenticationError:
        raise
    except CallError as error:
        if error.code.name == UNIMPLEMENTED:
            raise unknown from None
