"""Whatever a public function is given: an answer, or one line of ours, soon. New functions are included."""

from __future__ import annotations

import asyncio
import inspect
import math
import time
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook import analysis
from mxgw_notebook.client import GalaxyRepositoryClient, GatewayClient, ItemHandle, Session, WriteEntry
from mxgw_notebook.errors import GatewayError, SessionClosedError
from mxgw_notebook.gateway import AlarmReview, EventWatch, Gateway, SavedGalaxy, Watch, connect, disconnect
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY

HOSTILE: dict[str, Any] = {
    "None": None,
    "5": 5,
    "nan": math.nan,
    "-1": -1,
    "no text": "",
    "a text": "5",
    "half a character": "\ud800",
    "a list": ["Tank001.Level"],
    "a list of lists": [["a"]],
    "a large number": 2**62,
    "a larger one": 10**40,
    "an object": object(),
    "bytes": b"x",
    "a mapping": {"a": 1},
    "an empty frame": pd.DataFrame(),
    "a frame of other columns": pd.DataFrame({"x": [1, 2]}),
    "no time": np.datetime64("NaT", "ns"),
}
SECONDS = 10.0  # nothing hangs; how fast it is depends on what else the machine does
TAG = "Tank001.Level"
# What will do for the parameters that have to be given beside the one that is tried.
GOOD: dict[str, Any] = {
    "server_handle": 1, "item_handle": 1, "value": 1, "timestamp": np.datetime64("2026-01-01T00:00:00", "ns"),
    "current_user_id": 1, "verifier_user_id": 1, "total_length": 2, "elements": {0: 1}, "tags": [TAG],
    "item_handles": [1], "milliseconds": 500, "episodes": pd.DataFrame(), "history": pd.DataFrame(),
    "seconds": 0.1, "entries": [WriteEntry(ItemHandle(1), 1)], "values": {TAG: 1},
    "event": 0, "kind": "thread", "pattern": "Tank*",
}  # fmt: skip
# They end what they are a method of, or wait as long as they are told.
ENDING = {"close", "stop", "shutdown_worker", "collect"}
GIVEN = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def methods(held: type, *but: str) -> list[str]:
    """The public methods of a class that take something."""
    return [
        name
        for name, member in inspect.getmembers(held, inspect.isfunction)
        if not name.startswith("_") and name not in {*ENDING, *but} and tried_parameters(member)
    ]


def tried_parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """What a function takes, without self and further keywords."""
    taken = inspect.signature(function).parameters
    return [one for name, one in taken.items() if name != "self" and one.kind is not one.VAR_KEYWORD]


def with_one(function: Callable[..., Any], tried: str, value: Any) -> Callable[[], Any]:
    """A call of a function with one parameter as it is tried, and all that it needs beside it."""
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for one in tried_parameters(function):
        needed = one.default is one.empty and one.kind is not one.VAR_POSITIONAL
        what = value if one.name == tried else GOOD.get(one.name, TAG)
        if one.name != tried and not needed:
            continue
        if one.kind is one.VAR_POSITIONAL or (one.kind in GIVEN and not named):
            positional.append(what)
        else:
            named[one.name] = what
    if not tried:
        return lambda: function(*positional, **named)
    # One that is skipped over makes all that follow it keywords.
    names = [one.name for one in tried_parameters(function)]
    if tried in names[len(positional) - 1 :] and tried not in named and names.index(tried) >= len(positional):
        named[tried] = positional.pop()
    return lambda: function(*positional, **named)


def complaint(error: BaseException) -> str:
    """What is wrong with how a call was refused; nothing where it is one line of ours."""
    last = traceback.extract_tb(error.__traceback__)[-1].filename
    is_ours = isinstance(error, GatewayError) or (
        isinstance(error, ValueError | TypeError | IndexError) and "mxgw_notebook" in last
    )
    told = str(error)
    if is_ours and told and "\n" not in told:
        return ""
    return f"{type(error).__name__}: {told.splitlines()[0] if told else 'no words'} ({Path(last).name})"


def attempts(function: Callable[..., Any]) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Every parameter with every hostile value."""
    for parameter in tried_parameters(function):
        for name, value in HOSTILE.items():
            yield f"{parameter.name}={name}", with_one(function, parameter.name, value)


def complaints(function: Callable[..., Any]) -> list[str]:
    """What a blocking function does with hostile arguments that it should not."""
    found = []
    for what, call in attempts(function):
        begun = time.monotonic()
        try:
            made = call()
            if hasattr(made, "stop"):
                made.stop()
        except Exception as error:  # whatever it is, it is what is looked at
            found += [f"{what}: {told}" for told in [complaint(error)] if told]
        if time.monotonic() - begun > SECONDS:
            found.append(f"{what}: took {time.monotonic() - begun:.1f} s")
    return found


async def complaints_of(function: Callable[..., Any]) -> list[str]:
    """The same of one that is awaited, or that is a stream."""
    found = []
    for what, call in attempts(function):
        try:
            async with asyncio.timeout(SECONDS):
                made = call()
                if inspect.isawaitable(made):
                    await made
                elif hasattr(made, "aclose"):
                    await made.aclose()
        except TimeoutError:
            found.append(f"{what}: took more than {SECONDS} s")
        except Exception as error:
            found += [f"{what}: {told}" for told in [complaint(error)] if told]
    return found


@pytest.fixture
def gateway(embedded: EmbeddedGateway) -> Iterator[Gateway]:
    yield connect(embedded.endpoint, api_key=KEY, plaintext=True)
    disconnect()


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Files that are named "5" are written here."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", methods(Gateway))
def test_a_gateway_takes_it_or_says_in_one_line_why_not(gateway: Gateway, name: str) -> None:
    assert complaints(getattr(gateway, name)) == []


@pytest.mark.parametrize("name", methods(SavedGalaxy))
def test_a_saved_galaxy_takes_it_or_says_in_one_line_why_not(gateway: Gateway, name: str) -> None:
    saved = SavedGalaxy(gateway.runner, gateway.snapshot("plant.parquet"))
    assert complaints(getattr(saved, name)) == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind in (Watch, EventWatch, AlarmReview) for name in methods(kind)],
)
def test_what_is_live_takes_it_or_says_in_one_line_why_not(gateway: Gateway, kind: type, name: str) -> None:
    begun: dict[type, Callable[[], Any]] = {
        Watch: lambda: gateway.watch(TAG),
        EventWatch: lambda: gateway.when("Tank001.Level > -1"),
        AlarmReview: gateway.alarms,
    }
    live = begun[kind]()
    try:
        assert complaints(getattr(live, name)) == []
    finally:
        live.stop()


@pytest.mark.parametrize("name", [n for n in analysis.__all__ if inspect.isfunction(getattr(analysis, n))])
def test_an_analysis_takes_it_or_says_in_one_line_why_not(name: str) -> None:
    assert complaints(getattr(analysis, name)) == []


@pytest.fixture
async def clients(served: ServedGateway) -> AsyncIterator[dict[type, Any]]:
    chosen: dict[str, Any] = {"api_key": KEY, "plaintext": True}
    async with (
        await GatewayClient.connect(served.endpoint, **chosen) as client,
        await GalaxyRepositoryClient.connect(served.endpoint, **chosen) as galaxy,
        await client.open_session() as session,
    ):
        await session.register("tests")
        yield {GatewayClient: client, GalaxyRepositoryClient: galaxy, Session: session}


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind in (GatewayClient, GalaxyRepositoryClient, Session) for name in methods(kind)],
)
async def test_a_client_takes_it_or_says_in_one_line_why_not(
    clients: dict[type, Any], kind: type, name: str
) -> None:
    assert await complaints_of(getattr(clients[kind], name)) == []


@pytest.mark.parametrize("name", methods(Session, "check_truths", "hand_over_events"))
async def test_a_closed_session_says_so(clients: dict[type, Any], name: str) -> None:
    session = clients[Session]
    await session.close()
    call = with_one(getattr(session, name), "", None)

    async def called() -> None:
        made = call()
        if inspect.isawaitable(made):
            await made

    with pytest.raises(SessionClosedError):
        await called()
