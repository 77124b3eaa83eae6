"""mxgw-py record"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mxgw_notebook.cli.command import CommandCall, commas, gateway_command
from mxgw_notebook.client import GatewayClient
from mxgw_notebook.errors import ConfigurationError, TagError
from mxgw_notebook.history import LEAST_FREE, Feed, Keep, Recorder, alarm_feed
from mxgw_notebook.live import AlarmBoard, Hub
from mxgw_notebook.tag_file import tags_in

if TYPE_CHECKING:
    from mxgw_notebook.cli.recorded_tags import RecordedTags

# The present values follow the subscription at once.
FIRST_SECONDS = 1.0


@gateway_command("record")
@click.option("--to", "folder", required=True, help="The folder, or the URL of a store: s3://...")
@click.option(
    "--item",
    "--items",
    "items",
    multiple=True,
    callback=commas,
    help="Tags; repeat the option or separate by commas.",
)
@click.option(
    "--list",
    "listed",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file with one tag on each line.",
)
@click.option(
    "--query",
    help="Tags that the galaxy finds, looked up again after each deploy: words, a glob, /regex/.",
)
@click.option("--area", help="With or without --query: only of this area.")
@click.option("--historized", is_flag=True, help="With or without --query: only historized attributes.")
@click.option("--alarms", is_flag=True, help="Record alarms too.")
@click.option("--plant", help="The plant's name in the folder; default: host:port.")
@click.option("--keep-hours", type=click.FloatRange(min=0, min_open=True), help="Default: for ever.")
@click.option("--keep-megabytes", type=click.FloatRange(min=0, min_open=True), help="Default: no limit.")
@click.option(
    "--least-free",
    type=click.IntRange(min=0),
    default=LEAST_FREE,
    show_default=True,
    help="Megabytes to leave free on the disk.",
)
@click.option(
    "--every", type=click.FloatRange(min=0, min_open=True), default=10.0, show_default=True,
    help="Seconds between two lines of progress.",
)  # fmt: skip
async def record(
    call: CommandCall,
    folder: str,
    items: list[str],
    listed: Path | None,
    query: str | None,
    area: str | None,
    historized: bool,
    alarms: bool,
    plant: str | None,
    keep_hours: float | None,
    keep_megabytes: float | None,
    least_free: int,
    every: float,
) -> None:
    """Record tags to a folder until Ctrl-C: a service without a notebook.

    After an outage it reconnects; on a full disk it waits. Missing values are in the recording's gaps.
    It keeps the galaxy as of each deploy.
    mxgw_notebook.open_recording(folder) reads it.
    """
    tags = list(dict.fromkeys([*items, *(tags_in(listed) if listed else [])]))
    asked = {name: value for name, value in
             {"find": query, "area": area, "historized": historized}.items() if value}  # fmt: skip
    if not tags and not asked and not alarms:
        raise ConfigurationError("Nothing to record", hint="Give --item, --list, --query or --alarms.")
    async with AsyncExitStack() as ending:
        client = await ending.enter_async_context(await call.gateway())
        hub = Hub(client, "mxgw-py record")
        ending.push_async_callback(hub.close)
        chosen = await choose(call, hub, asked, ending)
        await chosen.begin(tags)
        failures = {found.tag: found.failure for found in chosen.subscriptions if found.failure}
        if failures and len(failures) == len(chosen.subscriptions) and not alarms:
            raise TagError(failures)
        feeds = [follow_alarms(client, ending)] if alarms else []
        recorder = Recorder(
            hub,
            folder,
            plant=plant or client.options.target,
            chosen=lambda: chosen.subscriptions,
            feeds=feeds,
            keep=Keep(keep_hours, keep_megabytes),
            least_free=least_free,
        )
        if chosen.subscriptions:
            await wait_for_value(hub)
        recorder.start()
        chosen.follow(recorder, ending)
        # What came last is written before anything is closed.
        ending.push_async_callback(asyncio.to_thread, recorder.stop)
        while True:
            show(call, recorder, hub, chosen.status)
            await asyncio.sleep(every)


async def choose(
    call: CommandCall, hub: Hub, asked: Mapping[str, Any], ending: AsyncExitStack
) -> RecordedTags:
    """What subscribes the tags, and follows deploys."""
    from mxgw_notebook.cli.recorded_tags import RecordedTags
    from mxgw_notebook.gateway import query_given

    query = query_given(asked or None)
    return RecordedTags(hub, await ending.enter_async_context(await call.galaxy()), query)


def follow_alarms(client: GatewayClient, ending: AsyncExitStack) -> Feed:
    """Follows the alarms until the end."""
    board = AlarmBoard(client)
    following = asyncio.create_task(board.follow())
    ending.callback(following.cancel)
    return alarm_feed(board)


async def wait_for_value(hub: Hub) -> None:
    """Waits, briefly: the gateway's clock is known well with the first value; a quiet plant has none."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FIRST_SECONDS):
            while not hub.received:  # noqa: ASYNC110
                await asyncio.sleep(0.02)


def show(call: CommandCall, recorder: Recorder, hub: Hub, deploys: str) -> None:
    """A line about how it goes."""
    told = recorder.progress()
    values = {"recording": str(recorder.standing), "values": hub.status, "deploys": deploys, **asdict(told)}
    short = {
        "samples": told.samples,
        "a second": round(told.samples_per_second, 1),
        "MB written": round(told.written / 1e6, 1),
        "lost": told.dropped,
        "GB free": round(told.free / 1e9, 1),
        "values": hub.status,
        "deploys": deploys,
        "recording": str(recorder.standing),
    }
    call.output.show_item(values, short, {"samples": 12, "a second": 10, "MB written": 10, "values": 6})
