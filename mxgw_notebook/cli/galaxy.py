"""mxgw-py galaxy-test-connection, galaxy-last-deploy, galaxy-discover, galaxy-watch."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from mxgw_notebook.cli.command import CommandCall, first, gateway_command, limit_option
from mxgw_notebook.cli.output import moment
from mxgw_notebook.client import PAGE_SIZE, json_form
from mxgw_notebook.errors import ConfigurationError, GatewayError

# Checked here, what an int32 cannot hold is told by the option's name; later it would be by a field's.
LARGEST = 2**31 - 1
INT32 = click.IntRange(min=-LARGEST - 1, max=LARGEST)
WIDTHS = {"object": 22, "contained name": 18, "template": 16}


@gateway_command("galaxy-test-connection")
async def galaxy_test_connection(call: CommandCall) -> None:
    """Test whether the gateway reaches the galaxy's database; exit code 1 if not."""
    async with await call.galaxy() as client:
        ok = await client.test_connection()
    call.output.show_facts({"ok": ok}, {"galaxy database": "reached" if ok else "not reached"})
    if not ok:
        raise GatewayError("The gateway does not reach the galaxy's database")


@gateway_command("galaxy-last-deploy")
async def galaxy_last_deploy(call: CommandCall) -> None:
    """Show when something was last deployed."""
    async with await call.galaxy() as client:
        reply = await client.get_last_deploy_time_raw()
    call.output.show_facts(
        {"present": reply.present, "timeOfLastDeploy": json_form(reply).get("timeOfLastDeploy")},
        {"last deploy": shown(call, reply.time_of_last_deploy) if reply.present else "never"},
    )


@gateway_command("galaxy-discover")
@click.option("--root-gobject-id", type=INT32, help="Only objects below this one, by its number,")
@click.option("--root-tag-name", help="or by its tag name,")
@click.option("--root-contained-path", help="or by its path: Area1/Line3.")
@click.option(
    "--max-depth", type=click.IntRange(min=0, max=LARGEST), help="Levels below the root; 0 is only the root."
)
@click.option(
    "--category-id", "category_ids", type=INT32, multiple=True, help="Repeat the option for several."
)
@click.option("--template", "template_chain_contains", multiple=True, help="A part of a template's name.")
@click.option("--tag-name-glob", help="* and ?, e.g. Tank*.")
@click.option(
    "--attributes/--no-attributes", "include_attributes", default=True, help="Default: with attributes."
)
@click.option("--alarm-bearing-only", is_flag=True, help="Only objects with an alarm.")
@click.option("--historized-only", is_flag=True, help="Only objects with a historized attribute.")
@click.option("--page-size", type=click.IntRange(min=1, max=LARGEST), default=PAGE_SIZE, show_default=True)
async def galaxy_discover(call: CommandCall, page_size: int, **filters: Any) -> None:
    """Show the deployed objects and their attributes, one at a time."""
    roots = [name for name in ("root_gobject_id", "root_tag_name", "root_contained_path") if filters[name]]
    if len(roots) > 1:
        raise click.UsageError("Give one root.")
    given = {name: value for name, value in filters.items() if value is not None}
    async with await call.galaxy() as client:
        async for found in client.iter_hierarchy_raw(page_size=page_size, **given):
            call.output.show_item(found, row_of(found), WIDTHS)


def row_of(found: Any) -> dict[str, Any]:
    """An object as a person reads it."""
    return {
        "object": found.tag_name,
        "contained name": found.contained_name,
        "template": next(iter(found.template_chain), ""),
        "attributes": len(found.attributes),
    }


@gateway_command("galaxy-watch")
@limit_option("--max-events")
@click.option("--last-seen", help="Leave out the present state if it has this time, ISO 8601 with zone.")
async def galaxy_watch(call: CommandCall, most: int, last_seen: str | None) -> None:
    """Show the present deploy state, then every deploy as it comes."""
    seen = None if last_seen is None else time_of(last_seen)
    async with await call.galaxy() as client:
        async for event in first(client.watch_deploy_events_raw(last_seen_deploy_time=seen), most):
            deployed = shown(call, event.time_of_last_deploy) if event.time_of_last_deploy_present else ""
            call.output.show_item(
                event,
                {
                    "sequence": event.sequence,
                    "deployed": deployed,
                    "objects": event.object_count,
                    "attributes": event.attribute_count,
                },
            )


def shown(call: CommandCall, stamp: Any) -> str:
    """A time in UTC for a person, who is told where it is not known."""
    return moment(call.clock.time_ns(stamp)) or "not known"


def time_of(text: str) -> datetime:
    """A time from its text. Raises ConfigurationError; one without zone is refused by the client."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(
            f"{text!r} is not a time", hint="Write it as 2026-01-31T12:00:00Z."
        ) from None
