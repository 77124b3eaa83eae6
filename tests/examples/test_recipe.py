"""A recipe is done whole or undone, and says which, whatever becomes of its gateway or of itself."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from mxgw_notebook.simulator.server import ServedGateway
from tests.examples.program import Program, running
from tests.examples.services import SECONDS
from tests.examples.sites import FAULTS, PlantSite, plant_site
from tests.until import until

pytestmark = pytest.mark.long

DONE, UNDONE, LOOK = 0, 1, 2
STEPS: list[dict[str, Any]] = [{"FIC101.SP": 42.0}, {"TIC103.SP": 43.0}]
ANSWER_SECONDS = 0.5


def values(served: ServedGateway) -> dict[str, Any]:
    """What the plant has now."""
    found = {tag: served.plant.attribute(tag) for step in STEPS for tag in step}
    return {tag: attribute.value for tag, attribute in found.items() if attribute is not None}


def claimed(code: int, before: dict[str, Any]) -> dict[str, Any]:
    """What the plant has by a recipe's own word."""
    return before if code == UNDONE else {tag: value for step in STEPS for tag, value in step.items()}


@asynccontextmanager
async def half_way(
    served: ServedGateway, folder: Path, wait: float
) -> AsyncIterator[tuple[PlantSite, Program]]:
    """A recipe whose first step the plant has taken, and not answered for yet."""
    file = folder / "recipe.json"
    file.write_text(json.dumps(STEPS))
    async with plant_site(served) as site, running("write_recipe", site.endpoint, file) as program:
        await served.fault("delay-command", command="write_bulk", seconds=wait, times=1)
        await until(lambda: values(served)["FIC101.SP"] == 42.0, SECONDS)
        yield site, program


@pytest.mark.parametrize(("bad", "code"), [({}, DONE), ({"Pump001.Cmd": 0.4}, UNDONE)])
async def test_it_is_done_whole_or_undone(
    served: ServedGateway, tmp_path: Path, bad: dict[str, Any], code: int
) -> None:
    before = values(served)
    file = tmp_path / "recipe.json"
    file.write_text(json.dumps([*STEPS, bad] if bad else STEPS))
    async with running("write_recipe", served.endpoint, file) as program:
        ended, _, errors = await program.ended()
    assert ended == code, errors
    assert values(served) == claimed(code, before)
    assert not served.sessions.ready()


@pytest.mark.parametrize("fault", FAULTS)
async def test_whatever_becomes_of_the_gateway_half_way_it_says_what_stands(
    served: ServedGateway, tmp_path: Path, fault: str
) -> None:
    before = values(served)
    async with half_way(served, tmp_path, ANSWER_SECONDS) as (site, program):
        await site.fail(fault)
        await site.mend()
        code, _, errors = await program.ended()
    assert code in (DONE, UNDONE), errors
    assert values(served) == claimed(code, before)


@pytest.mark.parametrize("fault", FAULTS)
async def test_stopped_while_the_gateway_is_away_it_asks_for_a_person(
    served: ServedGateway, tmp_path: Path, fault: str
) -> None:
    before = values(served)
    async with half_way(served, tmp_path, 30.0) as (site, program):
        await site.fail(fault)
        code, errors = await program.stop(UNDONE, LOOK)
        assert ("NOT undone: FIC101.SP" in errors) == (code == LOOK)
        assert code == UNDONE or fault != "restarted" or "FIC101.SP" in errors
        await site.mend()
    if code == UNDONE:
        assert values(served) == before


async def test_stopped_half_way_it_is_undone_and_says_so(served: ServedGateway, tmp_path: Path) -> None:
    before = values(served)
    async with half_way(served, tmp_path, 30.0) as (_, program):
        _, errors = await program.stop(UNDONE)
    assert "undone" in errors
    assert values(served) == before
    assert not served.sessions.ready()


async def test_without_a_gateway_it_has_changed_nothing_and_says_why_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "recipe.json"
    file.write_text(json.dumps(STEPS))
    async with running("write_recipe", "127.0.0.1:1", file) as program:
        code, _, errors = await program.ended()
    assert (code, errors.count("\n")) == (UNDONE, 1)
