"""What is recorded can be what the galaxy says: a query, which is asked again after each deploy."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.history import open_recording
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY, Eventually
from tests.history.conftest import LEVEL


async def test_a_query_is_asked_again_after_a_deploy_and_what_it_means_is_recorded(
    served: ServedGateway, folder: Path, eventually: Eventually
) -> None:
    gateway = await asyncio.to_thread(connect, served.endpoint, api_key=KEY, plaintext=True)
    watch = await asyncio.to_thread(gateway.watch, query="*.PV")
    recorder = await asyncio.to_thread(watch.record, folder)
    await asyncio.to_thread(eventually, lambda: gateway._deploy_follower.status == "live")
    before = set(watch.tags)
    assert before == set(await asyncio.to_thread(lambda: gateway.find("*.PV")["tag"]))
    await served.advance(10)
    served.deploy()
    await asyncio.to_thread(eventually, lambda: set(watch.tags) > before)
    await asyncio.to_thread(eventually, lambda: set(open_recording(folder).tags) >= set(watch.tags))
    await asyncio.to_thread(gateway.close)
    assert recorder.stopped


@asynccontextmanager
async def recording_by_command(served: ServedGateway, folder: Path, *words: str) -> AsyncIterator[Any]:
    """What the command tells in its first line, while it records."""
    command = [sys.executable, "-m", "mxgw_notebook", "record", "--endpoint", served.endpoint, "--plaintext"]
    more = ["--to", str(folder), *words, "--every", "0.1", "--json"]
    process = await asyncio.create_subprocess_exec(
        *command, *more, stdout=asyncio.subprocess.PIPE, env={**os.environ, "MXGATEWAY_API_KEY": KEY}
    )
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())
    finally:
        process.kill()
        await process.communicate()


async def test_the_command_follows_deploys_as_well(
    served: ServedGateway, folder: Path, eventually: Eventually
) -> None:
    async with recording_by_command(served, folder, "--query", "*.PV") as told:
        assert told["recording"] in ("idle", "live")
        assert told["deploys"] in ("idle", "connecting", "live")
        await served.advance(10)
        await asyncio.to_thread(eventually, lambda: len(open_recording(folder).tags) > 1)
        before = set(open_recording(folder).tags)
        served.deploy()
        await asyncio.to_thread(eventually, lambda: set(open_recording(folder).tags) > before)


async def test_the_command_keeps_the_galaxy_of_each_deploy_so_that_its_impact_can_be_asked(
    served: ServedGateway, folder: Path, eventually: Eventually
) -> None:
    def galaxies() -> int:
        return len(list(folder.glob("galaxy/*/*.parquet")))

    async with recording_by_command(served, folder, "--items", LEVEL):
        await asyncio.to_thread(eventually, lambda: galaxies() == 1)
        await served.advance(60)
        await asyncio.to_thread(eventually, lambda: len(open_recording(folder).frame()) > 3)
        served.deploy()
        await asyncio.to_thread(eventually, lambda: galaxies() == 2)
        await served.advance(60)
        recording = open_recording(folder)
        deployed = pd.Timestamp(recording.galaxy().deployed)
        await asyncio.to_thread(eventually, lambda: recording.frame()["timestamp"].max() > deployed)
    impact = await asyncio.to_thread(recording.impact, window="60s")
    assert pd.Timestamp(impact.attrs["deployed"]) == deployed
    assert LEVEL in set(impact["tag"])


def test_a_query_with_filters_is_watched_saved_and_read_again(gateway: Gateway, folder: Path) -> None:
    query = {"find": "tank level", "historized": True}
    expected = gateway.find("tank level", historized=True)["tag"]
    watch = gateway.watch(query=query)
    assert sorted(watch.tags) == sorted(expected)
    watch.remove(LEVEL)
    folder.mkdir()
    watch.save(folder / "levels.toml")
    text = (folder / "levels.toml").read_text("utf-8")
    assert 'query = { find = "tank level", historized = true }\nwithout = [\n  "Tank001.Level",\n]' in text
    again = gateway.watch(f"@{folder / 'levels.toml'}")
    assert sorted(again.tags) == sorted(set(expected) - {LEVEL})


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "No pattern given"),
        ({}, "No pattern given"),
        ({"colour": "red"}, "A query has no colour = 'red'"),
        ({"historized": "yes"}, "A query has no historized = 'yes'"),
        ("Nope*.Nope", r'No tag matches \{ find = "Nope\*\.Nope" \}'),
        ("/[/", "regular expression"),
    ],
)
def test_a_query_that_asks_nothing_is_told_in_one_line(gateway: Gateway, query: object, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        gateway.watch(query=query)  # type: ignore[arg-type]
