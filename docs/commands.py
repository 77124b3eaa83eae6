"""The pages of `%mxgw` and `mxgw-py`: what their own help says, and nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping

import click

from mxgw_notebook.cli.failures import MEANINGS
from mxgw_notebook.cli.main import FAMILIES, mxgw
from mxgw_notebook.magics.commands import COMMANDS, overview

WIDTH = 100


def pages() -> Mapping[str, str]:
    """Both pages."""
    return {"reference/magics.md": magics(), "reference/command-line.md": command_line()}


def magics() -> str:
    """Each command of `%mxgw`, as `%mxgw help COMMAND` prints it."""
    parts = [
        "# %mxgw\n\nIn a notebook, after `%load_ext mxgw_notebook`. Each text below is what `%mxgw help COMMAND`"
        f" prints.\n\n{fenced(overview())}"
    ]
    parts += [
        f"## %mxgw {name}\n\n{command.summary}\n\n{fenced(command.help())}"
        for name, command in COMMANDS.items()
    ]
    return "\n".join(parts)


def command_line() -> str:
    """Each command of `mxgw-py`, as its `--help` prints it."""
    group = click.Context(mxgw, info_name="mxgw-py", terminal_width=WIDTH, max_content_width=WIDTH)
    parts = ["# mxgw-py\n\nEach text below is what `mxgw-py COMMAND --help` prints.\n"]
    for family, names in FAMILIES.items():
        parts.append(f"## {family}\n")
        for name in names:
            command = mxgw.get_command(group, name)
            if command is not None:
                context = click.Context(command, info_name=name, parent=group, max_content_width=WIDTH)
                parts.append(f"### mxgw-py {name}\n\n{fenced(command.get_help(context))}")
    codes = "\n".join(f"| {code} | {meaning} |" for code, meaning in MEANINGS.items())
    return "\n".join([*parts, f"## Exit codes\n\n| code | meaning |\n|---|---|\n{codes}\n"])


def fenced(text: str) -> str:
    """A text as it stands."""
    return f"```text\n{text.rstrip()}\n```\n"
