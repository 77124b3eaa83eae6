"""A user's own script, checked as strictly as this package is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import asyncio
from mxgw_notebook import GalaxyRepositoryClient, GatewayClient, GatewayError

async def levels() -> dict[str, object]:
    async with await GatewayClient.connect(endpoint="localhost:5000", api_key="k", plaintext=True) as client:
        session = await client.open_session(client_session_name="report")
        server_handle = await session.register("report")
        found = await session.read_bulk(server_handle, ["Tank001.Level"])
        async with session.stream_events() as events:
            async for event in events:
                print(event.family, event.value, event.quality)
                break
        return {reading.tag: reading.value for reading in found}

async def names() -> list[str]:
    async with await GalaxyRepositoryClient.connect("localhost:5000", api_key="k", plaintext=True) as galaxy:
        return [found.tag_name async for found in galaxy.iter_hierarchy()]

try:
    print(asyncio.run(levels()), asyncio.run(names()))
except GatewayError as error:
    print(error.hint)
"""


def checked(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    (folder / "script.py").write_text(script)
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "script.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_users_script_passes_the_strict_type_checker(tmp_path: Path) -> None:
    done = checked(tmp_path, SCRIPT)
    assert done.returncode == 0, done.stdout


def test_a_users_mistake_is_found_by_it(tmp_path: Path) -> None:
    done = checked(tmp_path, SCRIPT.replace('session.register("report")', "session.register(5)"))
    assert 'Argument 1 to "register"' in done.stdout
