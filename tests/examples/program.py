"""A program of `examples`, run as a person runs it, and told to stop as a service is."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.conftest import KEY

EXAMPLES = Path(__file__).parents[2] / "examples"
# From SIGTERM until the process is gone, its interpreter included.
STOPPING_SECONDS = 2.0


class Program:
    """A program that runs."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ended(self) -> tuple[int, str, str]:
        """Its exit code, once it has ended by itself, and what it said."""
        out, errors = await self._process.communicate()
        assert self._process.returncode is not None
        return self._process.returncode, out.decode(), errors.decode()

    async def stop(self, *codes: int) -> tuple[int, str]:
        """Has it stop by SIGTERM, within two seconds; its exit code, one of those, and its complaints."""
        begun = time.monotonic()
        self._process.terminate()
        code, _, errors = await self.ended()
        assert time.monotonic() - begun < STOPPING_SECONDS, errors
        assert code in (codes or (0,)), errors
        assert "Traceback" not in errors
        return code, errors

    def kill(self) -> None:
        """Ends it, if it still runs."""
        if self._process.returncode is None:
            self._process.kill()


@asynccontextmanager
async def running(name: str, endpoint: str, *arguments: object, **variables: str) -> AsyncIterator[Program]:
    """A program of `examples` at a gateway; it does not outlive the block."""
    settings = {"MXGATEWAY_ENDPOINT": endpoint, "MXGATEWAY_API_KEY": KEY, "MXGATEWAY_PLAINTEXT": "1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(EXAMPLES / f"{name}.py"),
        *map(str, arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(EXAMPLES.parent), **settings, **variables},
    )
    program = Program(process)
    try:
        yield program
    finally:
        program.kill()
        await process.wait()
