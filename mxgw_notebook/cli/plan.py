"""mxgw-py plan: writes by tag, looked at before they are made."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import click
import pandas as pd

from mxgw_notebook.cli.command import CommandCall, gateway_command
from mxgw_notebook.client import ClientOptions
from mxgw_notebook.errors import PlanError, TagError
from mxgw_notebook.gateway import Gateway, Plan, connect, disconnect

SHOWN = ("tag", "now", "quality", "new", "units", "security", "verdict", "reason")
DONE = ("tag", "was", "wanted", "is", "outcome", "verdict", "reason")


def pair(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """What TAG=TEXT says, by tag."""
    del context
    found: dict[str, str] = {}
    for one in given:
        tag, equals, value = one.partition("=")
        if not (tag and equals):
            raise click.BadParameter(f"{one!r} is no TAG=VALUE.", param=parameter)
        if tag in found:
            raise click.BadParameter(f"{tag} is given twice.", param=parameter)
        found[tag] = value
    return found


@gateway_command("plan")
@click.argument("values", metavar="TAG=VALUE...", nargs=-1, required=True, callback=pair)
@click.option(
    "--write",
    "writable",
    metavar="REASON",
    help="Arm the plant for this plan with this reason, and apply the plan.",
)
@click.option("--yes", is_flag=True, help="Apply the plan without asking.")
@click.option("--dry-run", is_flag=True, help="Only show the plan.")
@click.option("--rehearse", is_flag=True, help="Try the plan at an embedded gateway with this galaxy.")
@click.option(
    "--override",
    multiple=True,
    metavar="TAG=REASON",
    callback=pair,
    help="Why a value may be beyond a limit, a range or a usual step; repeat the option for several.",
)
async def plan(
    call: CommandCall,
    values: dict[str, str],
    writable: str | None,
    yes: bool,
    dry_run: bool,
    rehearse: bool,
    override: dict[str, str],
) -> None:
    """Show what writes by tag would change; with --write make them, wait and read back."""
    try:
        gateway = await asyncio.to_thread(connected, call.options, writable)
        made = await asyncio.to_thread(gateway.plan, values, override=override)
        if rehearse:
            with contextlib.redirect_stdout(sys.stderr):  # what was proven is no part of the answer
                rehearsed = await asyncio.to_thread(made.rehearse)
            show(call, "rehearsal", rehearsed, (*DONE, "undone"))
        elif writable is None or dry_run:
            show(call, "plan", made.frame(), SHOWN)
        else:
            await apply(call, made, yes=yes)
    finally:
        await asyncio.to_thread(disconnect)


def connected(options: ClientOptions, writable: str | None) -> Gateway:
    """The gateway that the options name."""
    settings: dict[str, Any] = {field.name: getattr(options, field.name) for field in fields(options)}
    return connect(settings.pop("endpoint"), writable=writable, **settings)


async def apply(call: CommandCall, made: Plan, *, yes: bool) -> None:
    """Asks, unless it has been decided; writes; shows what was, was wanted and is."""
    if not yes:
        if not sys.stdin.isatty():
            hint = "--yes asks nobody, --dry-run shows the plan alone."
            raise PlanError("The plan was not applied: nobody can be asked", hint=hint)
        click.echo(f"{made!r}\n", err=True)
        click.confirm(f"Write to {made.plant}?", abort=True, err=True)
    outcomes = await asyncio.to_thread(made.apply, yes=True)
    if outcomes is not None:
        show(call, "outcomes", outcomes, DONE)
        failed = outcomes[outcomes["verdict"] != "as wanted"].astype("str")
        if len(failed):
            told = zip(failed["tag"], failed["verdict"], failed["reason"], strict=True)
            raise TagError({tag: f"{verdict} {reason}".rstrip() for tag, verdict, reason in told}, hint="")


def show(call: CommandCall, name: str, table: pd.DataFrame, columns: Sequence[str]) -> None:
    """The table: all of it for a program, some columns for a person."""
    rows = json.loads(table.to_json(orient="records", date_format="iso", default_handler=str))
    shown = [{column: row[column] for column in columns} for row in rows]
    call.output.show_table({name: rows}, shown)
