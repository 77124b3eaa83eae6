"""A recipe: all of its values, or, where one is not taken, those of before.

python write_recipe.py FILE   (MXGATEWAY_ENDPOINT, MXGATEWAY_API_KEY, MXGATEWAY_PLAINTEXT)

FILE is JSON, a list of steps, each {tag: value}. A step is written once the plant has confirmed the one
before. Ends with 0 when all is done, 1 when the values of before stand again, and 2 where a person has to
look. Stopped half-way it undoes what it did.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from mxgw_notebook import GatewayError, Plant, run_until_stopped

STEP_SECONDS = 10.0
UNDO_SECONDS = 1.0
AGAIN_SECONDS = 0.5
DONE, UNDONE, LOOK = 0, 1, 2
Values = dict[str, Any]


class Recipe:
    """Steps that are written one after the other, and what they have to be undone with."""

    def __init__(self, plant: Plant, steps: list[Values]) -> None:
        self._plant, self._steps = plant, steps
        self._before: Values = {}
        self._touched: list[str] = []  # the plant has them, or may

    async def run(self) -> int:
        """Writes all, or undoes what was written; which of it."""
        if not await self._is_ready():
            return UNDONE
        try:
            for step in self._steps:
                if not await self._write(step):
                    return await self._undo(STEP_SECONDS)
        except asyncio.CancelledError:
            await self._undo(UNDO_SECONDS)
            raise
        return DONE

    async def _is_ready(self) -> bool:
        """Whether the value of before is known of each tag: without it nothing could be undone."""
        readings = await self._plant.read([tag for step in self._steps for tag in step])
        self._before = {tag: reading.value for tag, reading in readings.items() if not reading.failure}
        for tag, reading in readings.items():
            if reading.failure:
                print(f"not begun, {tag}: {reading.failure}", file=sys.stderr)
        return self._before.keys() == readings.keys()

    async def _write(self, step: Values) -> bool:
        """Whether the plant has taken every value of a step."""
        begun = [*self._touched]
        self._touched += step  # from here on, until it is known that one was refused
        try:
            results = await self._plant.write(step, timeout=STEP_SECONDS)
        except GatewayError as error:  # nothing was sent
            print(f"not written: {error}", file=sys.stderr)
            self._touched = begun
            return False
        self._touched = begun + [tag for tag, one in results.items() if one.outcome != "refused"]
        for tag, one in results.items():
            print(f"{tag}: {one.outcome} {one.failure}".rstrip())
        return all(one.outcome == "completed" for one in results.values())

    async def _undo(self, seconds: float) -> int:
        """Writes the values of before, the last first."""
        values = {tag: self._before[tag] for tag in reversed(self._touched)}
        if not values:
            return UNDONE
        lost = await self._lost(values, seconds)
        print("undone" if not lost else "NOT undone: " + "; ".join(lost), file=sys.stderr)
        return LOOK if lost else UNDONE

    async def _lost(self, values: Values, seconds: float) -> list[str]:
        """Writes values, and waits so long for a gateway that is away; those that may not stand."""
        deadline = time.monotonic() + seconds
        while True:
            left = max(AGAIN_SECONDS, deadline - time.monotonic())
            try:
                results = await self._plant.write(values, timeout=left)
            except GatewayError as error:
                if time.monotonic() + AGAIN_SECONDS > deadline:
                    return [f"{tag}: {error.reason}" for tag in values]
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                return [f"{tag}: {one.failure}" for tag, one in results.items() if one.outcome != "completed"]


async def write(steps: list[Values]) -> int:
    """Writes a recipe."""
    async with await Plant.connect(
        os.environ["MXGATEWAY_ENDPOINT"],
        api_key=os.environ.get("MXGATEWAY_API_KEY", ""),
        plaintext="MXGATEWAY_PLAINTEXT" in os.environ,
    ) as plant:
        with plant.gate.armed("a recipe", tags=[tag for step in steps for tag in step]):
            return await Recipe(plant, steps).run()


if __name__ == "__main__":
    sys.exit(run_until_stopped(write(json.loads(Path(sys.argv[1]).read_text()))))
