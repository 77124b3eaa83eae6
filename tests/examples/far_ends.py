"""Who stands at the other end of a service: a program that takes its lines, a mail server, a browser."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from email import message_from_bytes
from email.policy import default
from typing import Any

from tests.shut import shut


class Receiver:
    """Takes lines of JSON, on one connection after the other."""

    def __init__(self) -> None:
        self.lines: dict[int, dict[str, Any]] = {}
        self.answers = True
        self._writers: list[asyncio.StreamWriter] = []

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        with contextlib.suppress(ConnectionError):
            async for line in reader:
                told = json.loads(line)
                self.lines[told["n"]] = told
                if self.answers:
                    writer.write(b"%d\n" % told["n"])

    def answer(self) -> None:
        """From now on it answers, first for all that has come."""
        self.answers = True
        self._writers[-1].write(b"%d\n" % max(self.lines))

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()


class Postbox:
    """A mail server that takes every mail, or answers nobody."""

    def __init__(self) -> None:
        self.mails: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        async for line in reader:
            command = line[:4].upper()
            if command == b"DATA":
                writer.write(b"354 go on\r\n")
                self.mails.append(read_mail(await reader.readuntil(b"\r\n.\r\n")))
            writer.write(b"221 bye\r\n" if command == b"QUIT" else b"250 ok\r\n")
            if command == b"QUIT":
                break


def read_mail(text: bytes) -> str:
    """A mail's subject and text."""
    mail = message_from_bytes(text.removesuffix(b".\r\n"), policy=default)
    return f"Subject: {mail['Subject']}\n{mail.get_content()}"


async def got(port: int, path: str) -> tuple[int, Any]:
    """The status and the answer at a path; 0 where nobody listens."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return 0, None
    writer.write(f"GET {path} HTTP/1.1\r\n\r\n".encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return int(head.split()[1]), json.loads(body)


Take = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def listening(take: Take) -> AsyncIterator[int]:
    """The port at which somebody listens; whoever calls there has to be gone by the end."""
    calls = set[asyncio.Task[None] | None]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.add(asyncio.current_task())
        try:
            await take(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        await shut(server)
        await asyncio.gather(*filter(None, calls), return_exceptions=True)


async def free_port() -> int:
    """A port at which nobody listens."""
    async with listening(Postbox().serve) as port:
        return port
