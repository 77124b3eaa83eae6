"""A recipe: all of its values, or, where one is not taken, those of before.

python write_recipe.py FILE   (MXGATEWAY_ENDPOINT, MXGATEWAY_API_KEY, MXGATEWAY_PLAINTEXT)

FILE is JSON, a list of steps, each {tag: value}. A step is written once the plant has confirmed the one
before. Ends with 0 when all is done, 1 when the values of before stand (again), and 2 where a person has to
look. Stopped half-way it undoes what it did, and ends in the same way.
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
UNDO_SECONDS = 0.5  # of the two that whoever stops it gives it
AGAIN_SECONDS = 0.5
DONE, UNDONE, LOOK = 0, 1, 2
Values = dict[str, Any]


class Recipe:
    """Steps that are written one after the other, and what they have to be undone with.

    `ended` is what can be said of the plant's values as of now.
    """

    def __init__(self, steps: list[Values]) -> None:
        self.steps, self.ended = steps, UNDONE
        self._before: Values = {}
        self._touched: list[str] = []  # the plant has them, or may

    async def run(self, plant: Plant) -> None:
        """Writes all, or undoes what was written."""
        if not await self._is_ready(plant):
            return
        self.ended = LOOK
        try:
            for step in self.steps:
                if not await self._write(plant, step):
                    self.ended = await self._undo(plant, STEP_SECONDS)
                    return
            self.ended = DONE
        except asyncio.CancelledError:
            self.ended = await self._undo(plant, UNDO_SECONDS)
            raise

    async def _is_ready(self, plant: Plant) -> bool:
        """Whether the value of before is known of each tag: without it nothing could be undone."""
        readings = await plant.read([tag for step in self.steps for tag in step])
        self._before = {tag: one.value for tag, one in readings.items() if one.value is not None}
        for tag in readings.keys() - self._before.keys():
            print(f"not begun, {tag}: {readings[tag].failure or 'it has no value'}", file=sys.stderr)
        return self._before.keys() == readings.keys()

    async def _write(self, plant: Plant, step: Values) -> bool:
        """Whether the plant has taken every value of a step."""
        begun = [*self._touched]
        self._touched += step  # from here on, until it is known that one was refused
        try:
            results = await plant.write(step, timeout=STEP_SECONDS)
        except GatewayError as error:  # nothing was sent
            print(f"not written: {error}", file=sys.stderr)
            self._touched = begun
            return False
        self._touched = begun + [tag for tag, one in results.items() if one.outcome != "refused"]
        for tag, one in results.items():
            print(f"{tag}: {one.outcome} {one.failure}".rstrip())
        return all(one.outcome == "completed" for one in results.values())

    async def _undo(self, plant: Plant, seconds: float) -> int:
        """Writes the values of before, the last first; how it ends."""
        values = {tag: self._before[tag] for tag in reversed(self._touched)}
        if not values:
            return UNDONE
        lost = await self._lost(plant, values, seconds)
        print("undone" if not lost else "NOT undone: " + "; ".join(lost), file=sys.stderr)
        return LOOK if lost else UNDONE

    async def _lost(self, plant: Plant, values: Values, seconds: float) -> list[str]:
        """Writes values, again where it is not known whether they came; those that may not stand."""
        deadline = time.monotonic() + seconds
        lost: dict[str, str] = {}
        while True:
            try:
                results = await plant.write(values, timeout=max(AGAIN_SECONDS, deadline - time.monotonic()))
            except GatewayError as error:  # nothing was sent
                lost |= dict.fromkeys(values, error.reason)
            else:
                lost |= {tag: one.failure for tag, one in results.items()}
                for tag in [tag for tag, one in results.items() if one.outcome == "completed"]:
                    del lost[tag]
                values = {tag: values[tag] for tag, one in results.items() if one.outcome == "unknown"}
            if not values or time.monotonic() + AGAIN_SECONDS > deadline:
                return [f"{tag}: {failure}" for tag, failure in lost.items()]
            await asyncio.sleep(AGAIN_SECONDS)


async def write(recipe: Recipe) -> None:
    """Writes a recipe."""
    async with await Plant.connect(
        os.environ["MXGATEWAY_ENDPOINT"],
        api_key=os.environ.get("MXGATEWAY_API_KEY", ""),
        plaintext="MXGATEWAY_PLAINTEXT" in os.environ,
    ) as plant:
        with plant.gate.armed("a recipe", tags=[tag for step in recipe.steps for tag in step]):
            await recipe.run(plant)


if __name__ == "__main__":
    recipe = Recipe(json.loads(Path(sys.argv[1]).read_text()))
    try:
        run_until_stopped(write(recipe))
    except GatewayError as error:  # not there at the beginning, or no more at the end
        print(error, file=sys.stderr)
    sys.exit(recipe.ended)
