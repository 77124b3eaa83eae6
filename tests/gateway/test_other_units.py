"""What is in other units than its tag's has no place on the tag's axis: setpoints and limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from mxgw_notebook.gateway import Gateway, Watch, connect
from mxgw_notebook.gateway.alarms.marks import AlarmMarks
from mxgw_notebook.gateway.tags.trend_lines import TrendLines
from mxgw_notebook.live import AlarmBoard
from mxgw_notebook.simulator.server import ServedGateway
from mxgw_notebook.widgets import TrendDelta
from tests.conftest import KEY
from tests.live.alarm_record import RECORD
from tests.until import until

SPEED = "Pump001.Speed"  # in rpm; its setpoint is in percent
FLOW = "FIC101.PV"  # in the units of its setpoint
LEVEL = "Tank001.Level"


@pytest.fixture
async def gateway(served: ServedGateway) -> AsyncIterator[Gateway]:
    made = await asyncio.to_thread(connect, served.endpoint, api_key=KEY, plaintext=True, writable="tests")
    yield made
    await asyncio.to_thread(made.close)


async def watching(gateway: Gateway, *tags: str) -> tuple[Watch, TrendLines]:
    """A watch whose tags, and their setpoints, all have values."""
    watch = await asyncio.to_thread(gateway.watch, *tags)
    advised = [one for entry in watch.entries for one in (entry.subscription, entry.setpoint) if one]
    await until(lambda: all(len(one.history.newest(1)) for one in advised))
    return watch, TrendLines(watch.watched)


def lines_of(delta: TrendDelta, index: int = 0) -> list[str]:
    """The words of the lines across that are drawn on a tag's axis."""
    lines = [words for of, _, words in delta.limits if of == index]
    return lines + [words for of, words, _ in delta.levels if of == index]


def give_units(served: ServedGateway, name: str, units: str) -> None:
    """Gives an attribute of the plant these units, whether it had any or not."""
    kept = served.plant.attribute(f"{name}.EngUnits")
    if kept is not None:
        kept.put(units, served.plant.now)
        return
    owner, _, attribute = name.partition(".")
    served.plant.objects[owner].text(f"{attribute}.EngUnits", units)
    served.plant.complete()


async def test_a_setpoint_in_other_units_is_said_in_the_legend_and_not_drawn(
    served: ServedGateway, gateway: Gateway
) -> None:
    watch, lines = await watching(gateway, FLOW, SPEED)
    delta = lines.since(0)
    wanted = served.plant.attribute("Pump001.SpeedSP")
    assert wanted is not None
    assert not [words for words in lines_of(delta, 1) if words.startswith("SP")]
    assert delta.notes == [(1, f"setpoint {wanted.value:g} % (other units)")]
    assert [words for words in lines_of(delta, 0) if words.startswith("SP")], "the same units: a line"
    picture = await asyncio.to_thread(lambda: watch.trend().snapshot_svg())
    assert f"setpoint {wanted.value:g} % (other units)" in picture
    assert f"SP {wanted.value:g}<" not in picture


@pytest.mark.parametrize("unknown", [SPEED, f"{SPEED}SP"])
async def test_a_setpoint_is_drawn_where_units_are_not_known(
    served: ServedGateway, gateway: Gateway, unknown: str
) -> None:
    give_units(served, unknown, "")
    _, lines = await watching(gateway, SPEED)
    delta = lines.since(0)
    assert [words for words in lines_of(delta) if words.startswith("SP")]
    assert delta.notes == []


async def test_the_note_of_a_setpoint_follows_its_value(served: ServedGateway, gateway: Gateway) -> None:
    _, lines = await watching(gateway, SPEED)
    await asyncio.to_thread(gateway.write, f"{SPEED}SP", 71.5)
    await served.advance(1)
    await until(lambda: lines.since(0).notes == [(0, "setpoint 71.5 % (other units)")])


async def test_a_limit_in_other_units_is_said_in_the_legend_and_no_limit_of_its_tags_values(
    served: ServedGateway, gateway: Gateway
) -> None:
    limit = served.plant.attribute(f"{LEVEL}.Hi.Limit")
    level = served.plant.attribute(LEVEL)
    assert limit is not None
    assert level is not None
    limit.put(level.value, served.plant.now)  # near the values: it would be drawn
    watch, lines = await watching(gateway, LEVEL)
    name = f"Hi {level.value:g}"
    assert name in lines_of(lines.since(0)), "units that are not known: a line"
    give_units(served, f"{LEVEL}.Hi.Limit", "furlong")
    await asyncio.to_thread(watch.runner.run, watch.watched.describe_again())
    delta = lines.since(0)
    assert name not in lines_of(delta)
    assert delta.notes == [(0, f"{name} furlong (other units)")]
    limits = (await asyncio.to_thread(watch.frame)).attrs["limits"][LEVEL]
    assert "Hi" not in limits
    assert "HiHi" in limits


async def test_an_alarms_limit_in_other_units_is_not_drawn(served: ServedGateway, gateway: Gateway) -> None:
    give_units(served, f"{LEVEL}.Hi.Limit", "furlong")
    watch, lines = await watching(gateway, LEVEL)
    board = AlarmBoard(client=None)  # type: ignore[arg-type]  # nothing is followed here
    lines.mark(AlarmMarks(board, lambda: watch.tags, everything=False))
    board.take(replace(RECORD, limit=1234.0))
    board.take(replace(RECORD, reference=f"{RECORD.reference}Hi", tag=f"{LEVEL}.HiHi", limit=5678.0))
    drawn = lines_of(lines.since(0))
    assert "HiHi 5678" in drawn
    assert "Hi 1234" not in drawn
