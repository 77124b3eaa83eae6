"""What has changed in the galaxy, each night and after each deploy.

python galaxy_differences.py FOLDER   (MXGATEWAY_ENDPOINT, MXGATEWAY_API_KEY, MXGATEWAY_PLAINTEXT)

`galaxy.json` in the folder is the newest galaxy that was seen whole, `changes.log` has a line a change, which
begins with + (added), - (removed) or ~ (changed).
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mxgw_notebook import GatewayError, Plant, run_until_stopped

HOUR = 2  # UTC
AGAIN_SECONDS = 60.0
Galaxy = Mapping[str, str]


async def seen(plant: Plant) -> Galaxy:
    """Everything in the galaxy by its name, and what is to be compared of it."""
    found: dict[str, str] = {}
    for item in await plant.galaxy.discover_hierarchy():
        found[item.tag_name] = " < ".join(item.template_chain)
        for attribute in item.attributes:
            found[attribute.full_tag_reference] = f"{attribute.data_type_name} {attribute.array_dimension}"
    return found


def differences(before: Galaxy, after: Galaxy) -> Iterator[str]:
    """A line a change."""
    for name in sorted({*before, *after}):
        if name not in before:
            yield f"+ {name}: {after[name]}"
        elif name not in after:
            yield f"- {name}: {before[name]}"
        elif before[name] != after[name]:
            yield f"~ {name}: {before[name]} -> {after[name]}"


async def compare(plant: Plant, folder: Path) -> None:
    """Compares the galaxy with that of before."""
    after = await seen(plant)
    await asyncio.to_thread(keep, after, folder)


def keep(after: Galaxy, folder: Path) -> None:
    """Writes what differs from the galaxy of before, and keeps the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "galaxy.json"
    if kept.exists():
        lines = [*differences(json.loads(kept.read_text()), after)]
        with (folder / "changes.log").open("a") as log:
            log.write(f"# {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {len(lines)} changes\n")
            log.writelines(f"{line}\n" for line in lines)
    unfinished = folder / ".galaxy.json"
    unfinished.write_text(json.dumps(after, indent=0))
    unfinished.replace(kept)


async def deployed(plant: Plant, now: asyncio.Event) -> None:
    """Has the galaxy compared at the beginning, and after each deploy."""
    async for _ in plant.deploys():
        now.set()


def until_tonight() -> float:
    """Seconds until the hour comes."""
    now = datetime.now(UTC)
    due = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return (due + timedelta(days=due <= now) - now).total_seconds()


async def watch(folder: Path) -> None:
    """Compares until it is stopped."""
    now = asyncio.Event()
    async with (
        await Plant.connect(
            os.environ["MXGATEWAY_ENDPOINT"],
            api_key=os.environ.get("MXGATEWAY_API_KEY", ""),
            plaintext="MXGATEWAY_PLAINTEXT" in os.environ,
            wait=3600.0,
        ) as plant,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(deployed(plant, now))
        wait = 0.0
        while True:
            try:
                async with asyncio.timeout(wait):
                    await now.wait()
            except TimeoutError:
                pass  # it is night
            now.clear()
            try:
                await compare(plant, folder)
                wait = until_tonight()
            except GatewayError as error:  # away just now: the galaxy is still there later
                print(f"not compared: {error}", file=sys.stderr)
                wait = AGAIN_SECONDS


if __name__ == "__main__":
    run_until_stopped(watch(Path(sys.argv[1])))
