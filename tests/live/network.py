"""A network in front of a gateway, which can be cut, down and held up."""

from __future__ import annotations

import asyncio
import contextlib

from tests.shut import shut


class Network:
    """A TCP relay in front of a gateway's port, which can be cut, down and held up."""

    def __init__(self, port: int) -> None:
        self.passed = 0  # bytes, both ways
        self._port = port
        self._down = False
        self._server: asyncio.Server | None = None
        self._wires: set[asyncio.StreamWriter] = set()
        self._relays: set[asyncio.Task[None]] = set()
        self._flows = asyncio.Event()
        self._flows.set()

    async def start(self) -> str:
        """Its host:port."""
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()
        return f"{host}:{port}"

    def cut(self) -> None:
        """Every connection is gone; new ones are taken."""
        for writer in list(self._wires):
            writer.transport.abort()

    def go_down(self) -> None:
        """Every connection is gone, and no new one comes about."""
        self._down = True
        self.cut()

    def come_up(self) -> None:
        self._down = False

    def hold(self) -> None:
        """Nothing passes, nothing is closed."""
        self._flows.clear()

    def let_go(self) -> None:
        self._flows.set()

    async def stop(self) -> None:
        self.let_go()
        self.cut()
        if self._server is not None:
            await shut(self._server)
            await self._server.wait_closed()
            self.cut()
        # A wire that is being laid is none of those that were cut: it would stay.
        for relay in self._relays:
            relay.cancel()
        await asyncio.gather(*self._relays, return_exceptions=True)
        await asyncio.sleep(0)  # what was aborted is closed in the loop's next round

    def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Takes a connection, which `stop` ends."""
        relay = asyncio.create_task(self._carry(reader, writer))
        self._relays.add(relay)
        relay.add_done_callback(self._relays.discard)
        # Cancelled before it began it would leave its end open.
        relay.add_done_callback(lambda _: writer.transport.abort())

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self._down:
                raise ConnectionRefusedError
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.transport.abort()
            return
        self._wires |= {writer, up_writer}
        tasks = {
            asyncio.create_task(self._copy(reader, up_writer)),
            asyncio.create_task(self._copy(up_reader, writer)),
        }
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in (writer, up_writer):
                end.transport.abort()
            for task in tasks:
                task.cancel()
            self._wires -= {writer, up_writer}

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                await self._flows.wait()
                self.passed += len(data)
                writer.write(data)
                await writer.drain()
