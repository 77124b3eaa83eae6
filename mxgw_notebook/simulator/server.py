"""Serves an embedded gateway on loopback, inside the running event loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import grpc

from mxgw_notebook._generated import galaxy_repository_pb2, mxaccess_gateway_pb2

from .certificate import self_signed
from .clock import ManualClock
from .galaxy_service import GalaxyService
from .gateway import Gateway
from .gateway_service import GatewayService
from .options import GatewayOptions
from .plant.plant import TICK, Plant
from .service import Guard, bind
from .sessions import SessionTable

_LONGEST_NAP = 0.2  # s of the wall clock between two looks at it
_SHORTEST_NAP = 0.02
_PATIENCE = 1.0  # s that calls get to end by themselves when the gateway stops
_GATEWAY = mxaccess_gateway_pb2.DESCRIPTOR.services_by_name["MxAccessGateway"]
_GALAXY = galaxy_repository_pb2.DESCRIPTOR.services_by_name["GalaxyRepository"]
_GATEWAY_SCOPES = {
    "OpenSession": "session:open",
    "CloseSession": "session:close",
    "Invoke": "",
    "StreamEvents": "events:read",
    "StreamAlarms": "events:read",
    "QueryActiveAlarms": "events:read",
    "AcknowledgeAlarm": "invoke:write",
}


class PortTakenError(OSError):
    """The gateway cannot listen where it was told to."""


class ServedGateway:
    """A gateway that is being served. `ca_file` is None without TLS."""

    def __init__(self, gateway: Gateway, endpoint: str, ca_file: str | None) -> None:
        self._gateway = gateway
        self.endpoint = endpoint
        self.ca_file = ca_file

    def __repr__(self) -> str:
        return f"ServedGateway({self.endpoint!r})"

    @property
    def api_key(self) -> str:
        """The key that may do everything."""
        return self._gateway.options.api_key

    @property
    def plant(self) -> Plant:
        """The simulated plant."""
        return self._gateway.plant

    @property
    def sessions(self) -> SessionTable:
        """The sessions."""
        return self._gateway.sessions

    @property
    def open_calls(self) -> Counter[str]:
        """How many streams are open, by rpc name."""
        return self._gateway.open_calls

    def deploy(self) -> None:
        """Deploys a change to the galaxy now."""
        self._gateway.site.deploys.deploy(self.plant.now)

    async def advance(self, seconds: float) -> None:
        """Moves a ManualClock on, a tick of 0.2 s at a time; all events are queued when it returns."""
        clock = self._gateway.clock
        if not isinstance(clock, ManualClock):
            raise TypeError("Only a gateway on a ManualClock can be advanced.")
        target = clock.elapsed() + seconds
        while clock.elapsed() < target - 1e-9:
            clock.move(min(TICK, target - clock.elapsed()))
            self._gateway.catch_up()
            await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def serving(options: GatewayOptions) -> AsyncIterator[ServedGateway]:
    """Serves until the block is left. Raises PortTakenError when the port is not free."""
    gateway = Gateway(options)
    with _credentials(options) as (credentials, ca_file):
        server = _server(gateway)
        port = _listen(server, options, credentials)
        await server.start()
        ticking = None if isinstance(options.clock, ManualClock) else asyncio.create_task(_tick(gateway))
        try:
            yield ServedGateway(gateway, _address(options.host, port), ca_file)
        finally:
            if ticking is not None:
                ticking.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await ticking
            gateway.shut_down()
            await server.stop(_PATIENCE)


def _server(gateway: Gateway) -> grpc.aio.Server:
    options = [
        ("grpc.max_receive_message_length", gateway.options.message_bytes),
        ("grpc.max_send_message_length", gateway.options.message_bytes),
        ("grpc.so_reuseport", 0),
    ]
    server = grpc.aio.server(options=options)
    guard = Guard(gateway.keys, gateway.open_calls)
    galaxy_scopes = dict.fromkeys(_GALAXY.methods_by_name, "metadata:read")
    handlers = (
        bind(_GATEWAY, GatewayService(gateway), _GATEWAY_SCOPES, guard),
        bind(_GALAXY, GalaxyService(gateway), galaxy_scopes, guard),
    )
    server.add_generic_rpc_handlers(handlers)
    return server


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _listen(
    server: grpc.aio.Server, options: GatewayOptions, credentials: grpc.ServerCredentials | None
) -> int:
    address = _address(options.host, options.port)
    try:
        if credentials is None:
            port = server.add_insecure_port(address)
        else:
            port = server.add_secure_port(address, credentials)
    except RuntimeError:
        port = 0
    if not port:
        raise PortTakenError(f"Cannot listen on {address}: the port is taken or the address is not ours.")
    return port


@contextlib.contextmanager
def _credentials(options: GatewayOptions) -> Iterator[tuple[grpc.ServerCredentials | None, str | None]]:
    """Credentials, and the file from which clients learn to trust them; both None without TLS."""
    if not options.tls:
        yield None, None
        return
    certificate = self_signed()
    with tempfile.TemporaryDirectory(prefix="mxgw-") as folder:
        file = Path(folder) / "gateway-ca.pem"
        file.write_bytes(certificate.public)
        yield grpc.ssl_server_credentials([(certificate.private, certificate.public)]), str(file)


async def _tick(gateway: Gateway) -> None:
    """Keeps the plant at the clock's time; between looks it naps, and it never blocks calls for long."""
    while True:
        try:
            there = gateway.catch_up()
        except Exception:
            logging.getLogger(__name__).exception("The plant stopped")
            raise
        if there:
            wait = gateway.clock.until(gateway.plant.now + TICK)
            await asyncio.sleep(min(_LONGEST_NAP, max(_SHORTEST_NAP, wait)))
        else:
            await asyncio.sleep(0)
