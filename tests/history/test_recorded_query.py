"""What is recorded can be what the galaxy says: a query, which is asked again after each deploy."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

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


async def test_the_command_follows_deploys_as_well(
    served: ServedGateway, folder: Path, eventually: Eventually
) -> None:
    command = [sys.executable, "-m", "mxgw_notebook", "record", "--endpoint", served.endpoint, "--plaintext"]
    more = ["--to", str(folder), "--query", "*.PV", "--every", "0.1", "--json"]
    process = await asyncio.create_subprocess_exec(
        *command, *more, stdout=asyncio.subprocess.PIPE, env={**os.environ, "MXGATEWAY_API_KEY": KEY}
    )
    assert process.stdout is not None
    try:
        told = json.loads(await process.stdout.readline())
        assert told["recording"] in ("idle", "live")
        assert told["deploys"] in ("idle", "connecting", "live")
        await served.advance(10)
        await asyncio.to_thread(eventually, lambda: len(open_recording(folder).tags) > 1)
        before = set(open_recording(folder).tags)
        served.deploy()
        await asyncio.to_thread(eventually, lambda: set(open_recording(folder).tags) > before)
    finally:
        process.kill()
        await process.communicate()


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
