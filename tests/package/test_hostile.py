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

import dask.dataframe as _dask_frames  # noqa: F401 - its import is not the time of a first call
import numpy as np
import pandas as pd
import pytest

import mxgw_notebook
from mxgw_notebook import Plant, analysis
from mxgw_notebook.client import (
    Arming,
    GalaxyRepositoryClient,
    Gate,
    GatewayClient,
    ItemHandle,
    Session,
    WriteEntry,
)
from mxgw_notebook.errors import GatewayError, SessionClosedError
from mxgw_notebook.gateway import (
    XY,
    AlarmReview,
    Browser,
    Completing,
    EventWatch,
    Gateway,
    Instances,
    KeptValues,
    Plan,
    Replay,
    SavedGalaxy,
    Watch,
    connect,
    disconnect,
)
from mxgw_notebook.history import RecordedParts, Recorder, Recording, open_recording
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
SECONDS = 40.0  # nothing hangs; how fast it is depends on what else the machine does
TAG = "Tank001.Level"
# What will do for the parameters that have to be given beside the one that is tried.
GOOD: dict[str, Any] = {
    "server_handle": 1, "item_handle": 1, "value": 1, "timestamp": np.datetime64("2026-01-01T00:00:00", "ns"),
    "current_user_id": 1, "verifier_user_id": 1, "total_length": 2, "elements": {0: 1}, "tags": [TAG],
    "item_handles": [1], "milliseconds": 500, "episodes": pd.DataFrame(), "history": pd.DataFrame(),
    "seconds": 0.1, "entries": [WriteEntry(ItemHandle(1), 1)], "values": {TAG: 1},
    "event": 0, "kind": "thread", "pattern": "Tank*",
}  # fmt: skip


def recorded_by(gateway: Gateway) -> Recording:
    """What a recorder has made of a tag by its end."""
    watch = gateway.watch(TAG)
    watch.record("recorded")
    watch.stop()
    return open_recording("recorded")


def replay_of(gateway: Gateway) -> Replay | None:
    """The same played again, in the gateway's place."""
    recorded_by(gateway)
    return connect("recording:recorded", paused=True).replay


# How one of each class is had.
MADE: dict[type, Callable[[Gateway], Any]] = {
    Gateway: lambda gateway: gateway,
    SavedGalaxy: lambda gateway: SavedGalaxy(gateway.runner, gateway.snapshot("plant.parquet")),
    Watch: lambda gateway: gateway.watch(TAG),
    XY: lambda gateway: gateway.watch(TAG).xy(TAG, TAG),
    EventWatch: lambda gateway: gateway.when("Tank001.Level > -1"),
    Recorder: lambda gateway: gateway.watch(TAG).record("recorded"),
    Recording: recorded_by,
    RecordedParts: lambda gateway: recorded_by(gateway).parts(),
    Replay: replay_of,
    AlarmReview: lambda gateway: gateway.alarms(),
    Instances: lambda gateway: gateway.instances("$Tank"),
    Browser: lambda gateway: gateway.browse(),
    Plan: lambda gateway: gateway.plan({"FIC101.SP": 41}),
    KeptValues: lambda gateway: gateway.values("FIC101.SP"),
    Gate: lambda gateway: Gate(gateway.endpoint),
    Arming: lambda gateway: Gate(gateway.endpoint).arm("tests"),
    Completing: lambda gateway: gateway.completing,
    analysis.AlarmReport: lambda gateway: gateway.alarms().report(),
    analysis.Dossier: lambda gateway: (gateway.watch(TAG), gateway.dossier("-1min"))[1],
    analysis.Snapshot: lambda gateway: gateway.galaxy(),
    analysis.QualityAccessor: lambda gateway: gateway.watch(TAG).frame().mxgw,
}
CLIENTS = (GatewayClient, GalaxyRepositoryClient, Session, Plant)
# What is public for what it tells, and has methods that only our own modules call.
TOLD = {
    "AlarmTable": "keep_by refuse", "BurstStream": "hand_to", "ClientOptions": "chosen redacted",
    "EventStream": "add end offer",
    "GalaxyModel": "attributes known_attribute load objects similar", "GalaxyQuery": "tags",
    "RepositorySource": "beginning tables", "GalaxyPanel": "keep_by show_trend", "Inbox": "add end",
    "PlantStatus": "of", "Stream": "hand_to",
    "GatewayClock": "count hear is_clock is_possible shown_ns tell time_ns times_ns",
    "Subscription": "is_known", "Trend": "chosen_window keep_by", "ValueTable": "keep_by",
    "WatchedTag": "levels lines notes takes", "Written": "after failed",
}  # fmt: skip
# They end what they are a method of, or wait as long as they are told.
ENDING = {"close", "stop", "shutdown_worker", "collect"}
GIVEN = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def methods(held: type, *but: str) -> list[str]:
    """The public methods of a class that take something; those of ipywidgets are not ours."""
    ours = [base for base in held.__mro__ if base.__module__.startswith("mxgw_notebook")]
    names = {name for base in ours for name in vars(base) if not name.startswith("_")} - {*ENDING, *but}
    found = {name: getattr(held, name) for name in sorted(names)}
    return [name for name, member in found.items() if is_method(member) and tried_parameters(member)]


def is_method(member: object) -> bool:
    """Whether it is a function of a class, or of its objects; other descriptors are none."""
    return inspect.isfunction(member) or inspect.ismethod(member)


def public_classes() -> set[type]:
    """Every public class with such methods."""
    faces = (mxgw_notebook, mxgw_notebook.gateway, analysis)
    found = [getattr(face, name) for face in faces for name in face.__all__]
    return {one for one in found if inspect.isclass(one) and methods(one)}


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
    last = traceback.extract_tb(error.__traceback__)[-1]
    told = str(error)
    # An index beyond the end is Python's own word for it, where it is said on purpose.
    on_purpose = isinstance(error, IndexError) and str(last.line).startswith("raise ")
    if (isinstance(error, GatewayError) or on_purpose) and told and "\n" not in told:
        return ""
    where = f"{Path(last.filename).name}:{last.lineno}"
    return f"{type(error).__name__}: {told.splitlines()[0] if told else 'no words'} ({where})"


def attempts(function: Callable[..., Any]) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Every parameter with every hostile value."""
    for parameter in tried_parameters(function):
        for name, value in HOSTILE.items():
            yield f"{parameter.name}={name}", with_one(function, parameter.name, value)


def complaints(function: Callable[..., Any], gateway: Gateway | None = None) -> list[str]:
    """What a blocking function does with hostile arguments that it should not; what it awaits is run."""
    found = []
    for what, call in attempts(function):
        begun = time.monotonic()
        try:
            made = call()
            if inspect.iscoroutine(made) and gateway is not None:
                gateway.runner.run(made)
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


def test_every_public_class_is_tried_here() -> None:
    told = {one.__name__: " ".join(methods(one)) for one in public_classes() - {*MADE, *CLIENTS}}
    assert {name: words for name, words in told.items() if not name.endswith("Error")} == TOLD


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind in MADE for name in methods(kind)],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_an_object_takes_it_or_says_in_one_line_why_not(gateway: Gateway, kind: type, name: str) -> None:
    made = MADE[kind](gateway)
    assert complaints(getattr(made, name), gateway) == []


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
        await Plant.connect(served.endpoint, **chosen) as plant,
    ):
        await session.register("tests")
        yield {GatewayClient: client, GalaxyRepositoryClient: galaxy, Session: session, Plant: plant}


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind in CLIENTS for name in methods(kind)],
)
async def test_a_client_takes_it_or_says_in_one_line_why_not(
    clients: dict[type, Any], kind: type, name: str
) -> None:
    assert await complaints_of(getattr(clients[kind], name)) == []


@pytest.mark.parametrize("name", methods(Session, "check_truths", "hand_over_events", "signers"))
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
