"""mxgw-py plan: writes by tag, looked at before they are made."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import TYPE_CHECKING

import click

from mxgw_notebook.cli.command import CommandCall, gateway_command
from mxgw_notebook.cli.facade import facade, show_frame
from mxgw_notebook.errors import PlanError, TagError

if TYPE_CHECKING:
    from mxgw_notebook.gateway import Plan

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
@click.option("--user", metavar="NAME", help="Who signs secured writes; the password is asked for.")
@click.option("--verifier", metavar="NAME", help="The second person, who verifies verified writes.")
async def plan(
    call: CommandCall,
    values: dict[str, str],
    writable: str | None,
    yes: bool,
    dry_run: bool,
    rehearse: bool,
    override: dict[str, str],
    user: str | None,
    verifier: str | None,
) -> None:
    """Show what writes by tag would change; with --write make them, wait and read back."""
    if yes and writable is None and not (dry_run or rehearse):  # ends with 0, and a script would go on
        raise click.UsageError("--yes applies the plan, which takes --write REASON.")
    async with facade(call, writable) as gateway:
        made = await asyncio.to_thread(gateway.plan, values, override=override, user=user, verifier=verifier)
        if rehearse:
            with contextlib.redirect_stdout(sys.stderr):  # what was proven is no part of the answer
                rehearsed = await asyncio.to_thread(made.rehearse)
            show_frame(call, "rehearsal", rehearsed, (*DONE, "undone"))
        elif writable is None or dry_run:
            show_frame(call, "plan", made.frame(), SHOWN)
        else:
            await apply(call, made, yes=yes, is_signed=user is not None)


async def apply(call: CommandCall, made: Plan, *, yes: bool, is_signed: bool) -> None:
    """Asks, unless it has been decided; writes; shows what was, was wanted and is."""
    if not yes:
        if not sys.stdin.isatty():
            hint = "--yes asks nobody, --dry-run shows the plan alone."
            raise PlanError("The plan was not applied: nobody can be asked", hint=hint)
        click.echo(f"{made!r}\n", err=True)
        click.confirm(f"Write to {made.plant}?", abort=True, err=True)
    # Passwords are asked for on the main thread alone; the gateway answers on a thread of its own.
    outcomes = made.apply(yes=True) if is_signed else await asyncio.to_thread(made.apply, yes=True)
    if outcomes is not None:
        show_frame(call, "outcomes", outcomes, DONE)
        failed = outcomes[outcomes["verdict"] != "as wanted"].astype("str")
        if len(failed):
            told = zip(failed["tag"], failed["verdict"], failed["reason"], strict=True)
            raise TagError({tag: f"{verdict} {reason}".rstrip() for tag, verdict, reason in told}, hint="")
