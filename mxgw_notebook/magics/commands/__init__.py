"""The commands of %mxgw, in the order help shows them, and then those that other packages bring."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Mapping

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.magics.command import Arguments, Command
from mxgw_notebook.magics.commands import (
    acknowledge,
    alarms,
    arm,
    attributes,
    audit,
    browse,
    connect,
    connections,
    deploys,
    diff,
    disarm,
    disconnect,
    doctor,
    dossier,
    find,
    flight,
    history,
    impact,
    instances,
    note,
    notes,
    objects,
    read,
    record,
    snapshot,
    sql,
    status,
    values,
    watch,
    when,
    write,
    xy,
)
from mxgw_notebook.magics.plugins import commands_brought

__all__ = ["COMMANDS", "HELP", "all_commands", "command_named", "find_command", "overview"]

MODULES = (
    connect, connections, status, browse, objects, attributes, find, instances, read, watch, xy, history, sql,
    record, flight, when, alarms, arm, write, values, acknowledge, disarm, audit, deploys, snapshot, diff,
    impact, note, notes, dossier, doctor, disconnect,
)  # fmt: skip


def configure_help(parser: argparse.ArgumentParser) -> None:
    """Which command."""
    parser.add_argument("command", nargs="?", help="a command's name")


def show_help(arguments: Arguments) -> None:
    """All commands, or one in full."""
    print(command_named(arguments.command).help() if arguments.command else overview())  # noqa: T201


def overview() -> str:
    """A line a command."""
    lines = [f"  {command.name:<12} {command.summary}" for command in all_commands().values()]
    hint = (
        "%mxgw help COMMAND tells more. With %%mxgw read or watch, the cell lists tags, one per line.\n"
        "--on PLANT behind any command means a plant that is connected and not current."
    )
    return "\n".join(["%mxgw COMMAND ...", *lines, "", hint])


HELP = Command(
    name="help",
    summary="List the commands, or explain one.",
    example="%mxgw help watch",
    run=show_help,
    configure=configure_help,
    completes=("command",),
)
COMMANDS: dict[str, Command] = {command.name: command for command in (*(m.COMMAND for m in MODULES), HELP)}


def all_commands() -> Mapping[str, Command]:
    """The commands by their names, those of other packages behind our own."""
    return {**COMMANDS, **commands_brought(COMMANDS)}


def find_command(name: str) -> Command | None:
    """The command of that name, None where there is none; others' are looked for when ours do not fit."""
    return COMMANDS.get(name) or all_commands().get(name)


def command_named(name: str) -> Command:
    """The command. Raises ConfigurationError for one that does not exist, with the nearest that does."""
    if (found := find_command(name)) is not None:
        return found
    near = difflib.get_close_matches(name.lower(), all_commands(), n=1)
    hint = f"Did you mean {near[0]}?" if near else "See %mxgw help."
    if "." in name and not near:  # a tag
        hint = f"Did you mean %mxgw read {name}?"
    raise ConfigurationError(f"%mxgw has no command {name!r}", hint=hint)
