"""Keeps a gateway listening: its port, its certificate, its clock's ticking, its breaks and restarts."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import grpc

from mxgw_notebook._generated import galaxy_repository_pb2, mxaccess_gateway_pb2
from mxgw_notebook.simulator.certificate import Certificate, self_signed
from mxgw_notebook.simulator.clock import ManualClock
from mxgw_notebook.simulator.disguise import check
from mxgw_notebook.simulator.faults import SWITCHES, Faults, Setting, Settings, settled
from mxgw_notebook.simulator.gateway import Gateway
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.plant import TICK, BareSite
from mxgw_notebook.simulator.service import Guard, bind
from mxgw_notebook.simulator.services import GalaxyService, GatewayService
from mxgw_notebook.simulator.site import build_site

_LONGEST_NAP = 0.2  # s of the wall clock between two looks at it
_SHORTEST_NAP = 0.02
_BREATH = 0.005  # s in which streams send what has piled up while the plant catches up
_PATIENCE = 1.0  # s that calls get to end by themselves when the gateway stops
_GATEWAY = mxaccess_gateway_pb2.DESCRIPTOR.services_by_name["MxAccessGateway"]
_GALAXY = galaxy_repository_pb2.DESCRIPTOR.services_by_name["GalaxyRepository"]
_GALAXY_SCOPES = dict.fromkeys(_GALAXY.methods_by_name, "metadata:read")
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


class Host:
    """A gateway and the server in front of it. After a restart `gateway` is another one."""

    def __init__(self, options: GatewayOptions) -> None:
        self.options = options
        self.faults = Faults()
        self.open_calls: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.site: BareSite = build_site(options)
        self.gateway = Gateway(options, self.site, self.faults, self.open_calls, self.calls)
        self.ca_file: str | None = None
        self._folder = ""
        self._certificate: Certificate | None = None
        self._port = options.port
        self._server = self._make_server()
        self._ticking: asyncio.Task[None] | None = None

    @property
    def endpoint(self) -> str:
        """host:port."""
        return _address(self.options.host, self._port)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serves until the block is left. Raises PortTakenError when the port is not free."""
        if self.options.tls:
            self._certificate = self_signed()
            self._folder = tempfile.mkdtemp(prefix="mxgw-")
            self.ca_file = str(Path(self._folder) / "gateway-ca.pem")
        try:
            for name, settings in self.options.faults:
                await self.fault(name, **settings)
            await self._listen()
            if not isinstance(self.options.clock, ManualClock):
                self._ticking = asyncio.create_task(self._tick())
            yield
        finally:
            await self._stop()

    async def _stop(self) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._ticking
        await self.gateway.shut_down()
        await self._server.stop(_PATIENCE)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    async def fault(self, name: str, **given: Setting) -> None:
        """Lets something go wrong. Raises ValueError for an unknown fault or setting."""
        settings = settled(name, given)
        if name == "wrong-certificate" and not self.options.tls:
            raise ValueError("Only a gateway that serves TLS has a certificate.")
        check(name, settings)
        if SWITCHES[name].at_once:
            await self._do_at_once(name, settings)
            return
        self.faults.set(name, settings)
        await self._follow_change([name])

    async def clear(self, *names: str) -> None:
        """Ends faults; all of them when none is named."""
        await self._follow_change(self.faults.clear(*names))

    async def _follow_change(self, names: list[str]) -> None:
        if "wrong-certificate" in names and self.endpoint != _address(self.options.host, 0):
            await self._break(0.0)
        if "degraded" in names:
            self.gateway.alarms.tell_provider()

    async def _do_at_once(self, name: str, settings: Settings) -> None:
        if name == "drop":
            await self._break(float(settings["seconds"]))
        elif name == "restart":
            await self._break(float(settings["seconds"]), restart=True)
        elif name == "kill-worker":
            self.gateway.sessions.fault_all("The worker process ended.")
        elif name == "overflow":
            self.gateway.sessions.overflow_all()
        elif name == "evict-replay":
            self.gateway.sessions.evict_all()

    async def _break(self, seconds: float, *, restart: bool = False) -> None:
        """Lets go of every connection at once, and serves again on the same port."""
        if restart:
            await self.gateway.shut_down()
        # Without a grace: connections break in the middle of a message, as they do when a cable is pulled.
        await self._server.stop(None)
        if restart:
            # The plant goes on and the sessions do not: a restarted gateway knows no handle and no alarm
            # subscriber of before.
            self.gateway = Gateway(self.options, self.site, self.faults, self.open_calls, self.calls)
        if seconds > 0.0:
            await self.options.clock.sleep(seconds)
        self._server = self._make_server()
        await self._listen()

    def _make_server(self) -> grpc.aio.Server:
        options = [
            ("grpc.max_receive_message_length", self.options.message_bytes),
            ("grpc.max_send_message_length", self.options.message_bytes),
            ("grpc.http2.max_ping_strikes", 0),  # as of a gateway on .NET, which takes any number of pings
            # Otherwise two gateways could listen on one port, and calls would reach either by chance.
            ("grpc.so_reuseport", 0),
        ]
        server = grpc.aio.server(options=options)
        gateway = self.gateway
        guard = Guard(gateway.keys, self.open_calls, self.calls, self.faults, self.options.clock)
        handlers = (
            bind(_GATEWAY, GatewayService(gateway), _GATEWAY_SCOPES, guard),
            bind(_GALAXY, GalaxyService(gateway), _GALAXY_SCOPES, guard),
        )
        server.add_generic_rpc_handlers(handlers)
        return server

    async def _listen(self) -> None:
        address = _address(self.options.host, self._port)
        credentials = self._credentials()
        try:
            _probe(self.options.host, self._port)
            if credentials is None:
                # Kept for the next start: clients find a gateway that was restarted where it was.
                self._port = self._server.add_insecure_port(address)
            else:
                self._port = self._server.add_secure_port(address, credentials)
        except (OSError, RuntimeError):
            text = f"Cannot listen on {address}: the port is taken or the address is not ours."
            raise PortTakenError(text) from None
        await self._server.start()

    def _credentials(self) -> grpc.ServerCredentials | None:
        """What is shown to clients; the file from which they learn to trust it is written beside it."""
        if self._certificate is None or self.ca_file is None:
            return None
        shown = trusted = self._certificate
        if (wrong := self.faults.find("wrong-certificate")) is not None:
            shown = self_signed(name="elsewhere.invalid" if wrong["kind"] == "name" else "localhost")
            if wrong["kind"] == "expired":
                shown = self_signed(expired=True)
            trusted = trusted if wrong["kind"] == "issuer" else shown
        Path(self.ca_file).write_bytes(trusted.public)
        return grpc.ssl_server_credentials([(shown.private, shown.public)])

    async def _tick(self) -> None:
        """Keeps the plant at the clock's time; between looks it naps, and it never blocks calls for long."""
        while True:
            try:
                there = self.gateway.catch_up()
            except Exception:
                # A task that dies without a word would leave a gateway that serves a plant standing still.
                logging.getLogger(__name__).exception("The plant stopped")
                raise
            if there:
                # Never longer than a nap: a command may have set something in the plant that is due at once.
                wait = self.options.clock.until(self.gateway.plant.now + TICK)
                longest = _SHORTEST_NAP if self.gateway.traffic.is_busy else _LONGEST_NAP
                await asyncio.sleep(min(longest, max(_SHORTEST_NAP, wait)))
            else:
                await asyncio.sleep(_BREATH)


def _probe(host: str, port: int) -> None:
    """Raises OSError when nobody can listen there: gRPC's core would print pages of its own about it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        if sys.platform != "win32":  # a port that was just left is free; on Windows the option means more
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
