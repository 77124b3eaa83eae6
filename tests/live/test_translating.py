"""Whatever translates what comes, and whatever runs by itself, is found here and throws, one after the other.

Who asked is told; what runs by itself says that it is not live, logs why, and recovers.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import itertools
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import mxgw_notebook
from mxgw_notebook.live.alarms import alarm_follower, doubts
from mxgw_notebook.simulator.server import ServedGateway
from tests.live.everything import WORDS, Everything, Mistake, everything_at, mistaken, noted

pytestmark = pytest.mark.patient

PACKAGE = Path(mxgw_notebook.__file__).parent
CLIENT = PACKAGE / "client"
# What makes messages, or looks at them for a caller who is told at once by what they raise.
OUTGOING = ("outgoing", "requests", "typed", "value_type")
# Beside what takes a message: what takes the bytes of many.
OF_BYTES = ("parsed", "table_from_arrow", "table_from_messages", "sort_out", "arrival", "hierarchy_columns")
# What keeps the others going; test_failing and test_loop throw from it.
KEEPERS = ("follow", "ticking", "loop", "kernel_loop", "absence")
# What fails without anything being shown that is not so, by module and name: why nobody has to be told.
HARMLESS: dict[str, str] = {}


def translating() -> Iterator[str]:
    """Every function of a module of the client that makes something of a message which came."""
    for path in sorted(CLIENT.rglob("*.py")):
        if path.stem in OUTGOING:
            continue
        for function in ast.parse(path.read_text("utf-8")).body:
            if isinstance(function, ast.FunctionDef) and takes_a_message(function):
                yield f"{name_of(path)}:{function.name}"


def takes_a_message(function: ast.FunctionDef) -> bool:
    annotations = [ast.unparse(each.annotation) for each in function.args.args if each.annotation]
    is_request = any("Request" in words for words in annotations)
    names_message = any("wire." in words for words in annotations) and not is_request
    return function.name in OF_BYTES or (names_message and not function.name.endswith("_message"))


def in_the_background() -> Iterator[str]:
    """Every function and method that makes tables of records, or looks after what is live."""
    for path in sorted([*(PACKAGE / "frames").rglob("*.py"), *(PACKAGE / "live").rglob("*.py")]):
        if path.stem in KEEPERS:
            continue
        for held in ast.parse(path.read_text("utf-8")).body:
            if isinstance(held, FUNCTIONS):
                yield f"{name_of(path)}:{held.name}"
            elif isinstance(held, ast.ClassDef):
                methods = (one for one in held.body if isinstance(one, FUNCTIONS))
                yield from (
                    f"{name_of(path)}:{held.name}.{one.name}"
                    for one in methods
                    if not one.decorator_list and not one.name.startswith("__")
                )


def of_a_plant() -> Iterator[str]:
    """Those of the functions in the background that a program's `Plant` consists of."""
    return (place for place in in_the_background() if place.startswith("mxgw_notebook.live.plant."))


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def name_of(path: Path) -> str:
    """A module's name."""
    return ".".join(("mxgw_notebook", *path.relative_to(PACKAGE).with_suffix("").parts))


def by_module(places: Iterator[str]) -> list[Any]:
    """The places of each module."""
    groups = itertools.groupby(places, lambda place: place.partition(":")[0])
    return [pytest.param(list(group), id=module.removeprefix("mxgw_notebook.")) for module, group in groups]


def holder_of(place: str) -> tuple[Any, str]:
    """The module or class of a place, and the name there."""
    module, _, path = place.partition(":")
    owner, _, name = path.rpartition(".")
    held = importlib.import_module(module)
    return (getattr(held, owner) if owner else held), name


@pytest.fixture(autouse=True)
def _in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mxgw_notebook.live.follow.backoff_seconds", lambda: itertools.repeat(0.05))
    monkeypatch.setattr(alarm_follower, "RELIST_SECONDS", 2.0)
    monkeypatch.setattr(alarm_follower, "LIST_END_SECONDS", 1.0)
    monkeypatch.setattr(doubts, "LIST_SECONDS", 0.1)


@pytest.mark.parametrize("places", by_module(translating()))
async def test_what_cannot_be_translated_is_told_and_all_of_it_recovers(
    served: ServedGateway, caplog: pytest.LogCaptureFixture, places: list[str]
) -> None:
    await each_breaks_and_recovers(served, caplog, places, alone=False)


@pytest.mark.parametrize("places", by_module(in_the_background()))
async def test_what_runs_by_itself_and_fails_is_told_and_recovers(
    served: ServedGateway, caplog: pytest.LogCaptureFixture, places: list[str]
) -> None:
    await each_breaks_and_recovers(served, caplog, places, alone=True)


@pytest.mark.parametrize("places", by_module(of_a_plant()))
async def test_who_asks_a_plant_and_meets_a_mistake_is_told(
    served: ServedGateway, caplog: pytest.LogCaptureFixture, places: list[str]
) -> None:
    await each_breaks_and_recovers(served, caplog, places, alone=False)


async def called(every: Everything, places: list[str], *, alone: bool) -> list[str]:
    """Those of the functions that are called at all, or by nobody who waits: no other one can fail."""
    with noted([holder_of(place) for place in places], alone=alone) as seen:
        await every.happen(Mistake(alone=True))
    await every.recovers()
    return [place for place, was_called in zip(places, seen, strict=True) if was_called]


async def each_breaks_and_recovers(
    served: ServedGateway, caplog: pytest.LogCaptureFixture, places: list[str], *, alone: bool
) -> None:
    """Throws from each of the places that is called, one after the other."""
    async with everything_at(served) as every:
        for place in await called(every, places, alone=alone):
            await breaks_and_recovers(every, caplog, place, alone=alone)


async def breaks_and_recovers(
    every: Everything, caplog: pytest.LogCaptureFixture, place: str, *, alone: bool
) -> None:
    caplog.clear()
    with mistaken(*holder_of(place), alone=alone) as mistake:
        told, turned_away = await every.happen(mistake)
    assert WORDS in told or not mistake.asked, place
    if mistake.alone and place not in HARMLESS:
        assert turned_away, f"{place}: all is called live"
        logged = [one for one in caplog.records if one.levelno >= logging.WARNING]
        assert [one for one in logged if one.name.startswith("mxgw_notebook")], f"{place}: nothing in the log"
    await every.recovers()


def test_functions_are_found_in_every_place() -> None:
    found = {place.partition(":")[0].split(".")[1] for place in in_the_background()}
    assert found == {"frames", "live"}
    assert len(list(translating())) > 30
    assert len(list(of_a_plant())) > 30
    assert all(inspect.isroutine(vars(holder)[name]) for holder, name in map(holder_of, in_the_background()))
