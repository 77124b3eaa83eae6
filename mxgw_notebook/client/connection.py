"""What both clients have: a channel that was seen to work, and its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self, Unpack

from mxgw_notebook.client.channel import wait_for_connection
from mxgw_notebook.client.checking import checks_arguments
from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.closing import on_its_way
from mxgw_notebook.client.contract import galaxy_wire
from mxgw_notebook.client.options import ClientOptions, ClientSettings
from mxgw_notebook.client.proxy import say_proxy
from mxgw_notebook.client.rpc import Rpc
from mxgw_notebook.client.secret import hide
from mxgw_notebook.errors import CallTimeoutError, GatewayError, GatewayUnavailableError


class Connection:
    """One channel to a gateway. Use `connect`, and close it, or use it as an async context manager."""

    def __init__(self, options: ClientOptions) -> None:
        self.loop = asyncio.get_running_loop()
        self._rpc = Rpc(options)

    @property
    def options(self) -> ClientOptions:
        """How to reach the gateway; if there are several endpoints, the one in use is the first."""
        return self._rpc.options

    @property
    def clock(self) -> GatewayClock:
        """The gateway's clock as this client knows it, and how many times it refused."""
        return self._rpc.clock

    @checks_arguments
    def live_with(self, ending: Callable[[], GatewayError | None]) -> None:
        """Every call and stream asks this first, and raises the error it returns: nothing is tried again.

        For a gateway that is a process of yours: None while it runs.
        """
        self._rpc.ending = ending

    def __repr__(self) -> str:
        # Of one whose options were refused, too: a traceback with locals shows it.
        rpc: Rpc | None = getattr(self, "_rpc", None)
        return f"<{type(self).__name__} {rpc.options.target if rpc else 'that was not made'}>"

    @classmethod
    async def connect(
        cls,
        endpoint: str | Sequence[str] | None = None,
        *,
        options: ClientOptions | None = None,
        **settings: Unpack[ClientSettings],
    ) -> Self:
        """Returns a client whose gateway has answered.

        Args:
            endpoint: `host:port`, or several: the first that answers is used. If it is lost, another one
                takes its place.
            options: Ready options, instead of an endpoint and settings.
            **settings: The other fields of ClientOptions: `api_key`, `plaintext`, `ca_file` ...

        Raises:
            ConfigurationError: The options contradict each other, a setting is not valid, or `options` came
                together with an endpoint or a setting.
            GatewayUnavailableError: Nobody answers, or what answers is not a gateway.
        """
        hide(settings)  # the very dict: a traceback with locals shows it
        client = cls(ClientOptions.chosen(endpoint, options, settings))
        try:
            await client._reach()
        except BaseException:
            await client.close()
            raise
        return client

    async def _reach(self) -> None:
        """Waits for the first endpoint that is there. Raises GatewayUnavailableError where none is."""
        failures: list[GatewayUnavailableError] = []
        for target in self.options.targets:
            say_proxy(self.options)
            try:
                await self._reach_one()
            except GatewayUnavailableError as error:
                failures.append(error)
                self._rpc.move_on(target)
            else:
                return
        if len(failures) == 1:
            raise failures[0]
        reasons = "; ".join(f"{failure.endpoint}: {failure.reason}" for failure in failures)
        raise GatewayUnavailableError(
            reasons, call="connect", endpoint=", ".join(self.options.targets), code=failures[0].code
        ) from None

    async def _reach_one(self) -> None:
        """Waits for the channel; where that fails, one call gives the reason in gRPC's words."""
        options = self.options
        if await wait_for_connection(self._rpc.channel, options.connect_timeout):
            return
        try:
            await self._rpc.send_once(
                "TestConnection",
                galaxy_wire.TestConnectionRequest(),
                timeout=min(1.0, options.connect_timeout),
            )
        except CallTimeoutError as error:
            details = f"no gateway answered within {options.connect_timeout:g} s"
            raise GatewayUnavailableError(
                details, call="connect", endpoint=options.target, code=error.code
            ) from None

    async def close(self) -> None:
        """Ends every stream and the channel. A second call does nothing.

        Work that nobody waits for, such as a session whose opening was cancelled, has a few seconds to end
        first. While an exception is raised, it has only a moment.
        """
        await self._rpc.close(hurried=on_its_way() is not None)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._rpc.close(hurried=(error or on_its_way()) is not None)
