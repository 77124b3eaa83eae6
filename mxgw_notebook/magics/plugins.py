"""Commands of %mxgw that other installed packages bring: entry points of the group `mxgw_notebook.commands`.

They are looked for only where no command of our own fits, and where all are listed: looking takes a while.
One that cannot be used stands in the list with the reason, so that its author finds it there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib.metadata import EntryPoint, entry_points

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.magics.command import Arguments, Command

GROUP = "mxgw_notebook.commands"


def commands_brought(taken: Collection[str]) -> Mapping[str, Command]:
    """The commands by their names; none takes the place of one that is there already."""
    points = sorted(entry_points(group=GROUP))
    return {point.name: loaded(point) for point in points if point.name not in taken}


def loaded(point: EntryPoint) -> Command:
    """The command behind an entry point, or one that says why it cannot be used."""
    try:
        found = point.load()
    except Exception as error:  # other people's code: whatever it raises is told
        return unusable(point, f"{type(error).__name__}: {error}")
    if not isinstance(found, Command):
        return unusable(point, f"{point.value} is of type {type(found).__name__}, and no Command")
    if found.name != point.name:
        return unusable(point, f"the command there is named {found.name!r}")
    return found


def unusable(point: EntryPoint, reason: str) -> Command:
    """A command that only says what is wrong with it."""
    package = point.dist.name if point.dist else point.value

    def refuse(_: Arguments) -> None:
        hint = f"It comes from {package}: repair it there, or uninstall it."
        raise ConfigurationError(f"%mxgw {point.name} cannot be used: {reason}", hint=hint)

    summary = " ".join(f"Cannot be used: {reason}".split())
    return Command(point.name, summary, f"%mxgw {point.name}", refuse)
