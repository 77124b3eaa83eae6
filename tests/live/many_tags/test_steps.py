"""What is done for one of thousands of tags is not done for all of them.

It is found by counting lines that ran, not by a clock, nor by instructions, of which each version of
Python has others. A loop on one line is counted at each of its turns.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import mxgw_notebook
from mxgw_notebook.live import Hub
from mxgw_notebook.simulator.server import ServedGateway
from tests.live.conftest import known
from tests.live.many_tags.conftest import FEW, watched
from tests.until import until

PACKAGE = Path(mxgw_notebook.__file__).parent
OURS = tuple(str(PACKAGE / part) for part in ("client", "live", "gateway", "frames"))

COUNTED_SECONDS = 60.0  # each line is slower while it is counted


class Steps:
    """How many lines of the package's code ran, counted again at each turn of a loop."""

    def __init__(self) -> None:
        self.taken = 0

    def entered(self, frame: FrameType, event: str, argument: Any) -> Any:
        if not frame.f_code.co_filename.startswith(OURS):
            return None
        return self.counted

    def counted(self, frame: FrameType, event: str, argument: Any) -> Any:
        self.taken += 1
        return self.counted


@contextmanager
def counting() -> Iterator[Steps]:
    steps, before = Steps(), sys.gettrace()
    sys.settrace(steps.entered)
    try:
        yield steps
    finally:
        sys.settrace(before)


@pytest.mark.kind_only("every value has to be read", "unknown-values")
async def test_advising_recovering_and_releasing_take_steps_in_proportion(
    hub: Hub, plant: ServedGateway, tags: list[str]
) -> None:
    taken = []
    for some in (tags[:FEW], tags):
        with counting() as steps:
            await watched(hub, some)
            had = known(hub)
            plant.sessions.close(plant.sessions.ready()[0], "The plant's platform was restarted.")
            wanted = had + len(some)
            await until(lambda wanted=wanted: known(hub) == wanted, COUNTED_SECONDS)  # type: ignore[misc]
            await hub.release(some)
        taken.append(steps.taken)
    assert taken[1] < 4 * taken[0]


async def test_one_more_tag_takes_as_many_steps_among_thousands(hub: Hub, tags: list[str]) -> None:
    extra, taken = tags[:50], []
    for some in (tags[50:FEW], tags[50:]):
        await watched(hub, some)
        with counting() as steps:
            for tag in extra:
                await hub.subscribe([tag])
            for tag in extra:
                await hub.release([tag])
        taken.append(steps.taken)
    assert taken[1] < 2 * taken[0]


@pytest.mark.kind_only("what has come is compared by time", "odd-times", "unknown-values")
async def test_what_is_asked_each_second_takes_as_many_steps_of_thousands(hub: Hub, tags: list[str]) -> None:
    looked, probed = [], []
    for some in (tags[:FEW], tags):
        await watched(hub, some)
        with counting() as steps:
            assert (hub.status, hub.tags_failed, hub.dropped, hub.outages) == ("live", 0, 0, [])
        looked.append(steps.taken)
        with counting() as steps:
            assert await hub.probe()
        probed.append(steps.taken)
    assert looked[1] < 2 * looked[0]
    assert probed[1] < 2 * probed[0]
