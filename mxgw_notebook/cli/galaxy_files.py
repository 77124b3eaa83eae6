"""mxgw-py snapshot and diff: the galaxy in a file, and what has changed since."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path

import click

from mxgw_notebook.cli.command import CommandCall, gateway_command
from mxgw_notebook.cli.facade import facade, show_frame

CHANGES = ("change", "kind", "object", "attribute", "what", "before", "after")
file_type = click.Path(path_type=Path)


@gateway_command("snapshot")
@click.argument("file", metavar="FILE.parquet", type=file_type)
@click.option(
    "--alarm-settings",
    is_flag=True,
    default=None,
    help="Include each alarm's limit and priority, for any number of alarms.",
)
async def snapshot(call: CommandCall, file: Path, alarm_settings: bool | None) -> None:
    """Save the galaxy to a file, to compare with or to explore without a gateway."""
    async with facade(call) as gateway:
        with contextlib.redirect_stdout(sys.stderr):  # that a file is replaced is no part of the answer
            path = await asyncio.to_thread(gateway.snapshot, file, alarm_settings=alarm_settings)
    call.output.show_facts({"file": str(path)}, {"saved to": path})


@gateway_command("diff")
@click.argument("before", metavar="BEFORE.parquet", type=file_type)
@click.argument("after", metavar="[AFTER.parquet]", type=file_type, required=False)
async def diff(call: CommandCall, before: Path, after: Path | None) -> None:
    """Show what was added, removed and changed since a snapshot, or between two (without a gateway)."""
    if after is None:
        async with facade(call) as gateway:
            found = await asyncio.to_thread(gateway.diff, before)
    else:
        from mxgw_notebook.analysis import diff as difference

        found = difference(before, after)
    show_frame(call, "changes", found, CHANGES, "Nothing has changed.")
