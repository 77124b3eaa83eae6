"""%mxgw xy"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.gateway import XY, current
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.commands.watch import WATCHES, tell
from mxgw_notebook.magics.running import Running
from mxgw_notebook.magics.settings import chosen
from mxgw_notebook.magics.words import listed, tags

VIEWS: Running[XY] = Running()


def configure(parser: Parser) -> None:
    """The two tags."""
    parser.add_argument(
        "tags",
        nargs="+",
        metavar="TAG",
        help="the tag to the right, and the one upwards",
        meant=tags,
    )
    parser.add_argument(
        "--window", metavar="TIME", help=f"how far back points are shown; default: {chosen().window}"
    )


def run(arguments: Arguments) -> XY:
    """A live view of one tag over another. The same words again give the same view."""
    gateway = current()
    names, window = listed(arguments.tags), arguments.window or chosen().window
    if len(names) != len(("x", "y")):
        hint = "Write e.g. %mxgw xy Tank001.Level Pump001.Speed."
        raise ConfigurationError(f"An XY view is of two tags, not {len(names)}", hint=hint)
    x, y = names
    asked = repr((x, y, window))
    over = VIEWS.find(gateway, asked)
    if over is None:
        check_numbers(gateway.read(x, y), names)
        watch = gateway.watch(x, y, window=window)
        tell(gateway, watch)
        try:
            over = watch.xy(x, y)
        except GatewayError:
            watch.stop()  # nobody has it
            raise
        VIEWS.keep(gateway, asked, over)
        WATCHES.keep(gateway, asked, watch)
    return over


def check_numbers(found: pd.DataFrame, names: Sequence[str]) -> None:
    """Refuses what has no place on an axis, before it is watched: globs, texts, tags that are not there."""
    if not set(found["tag"]) <= set(names):
        hint = "Write e.g. %mxgw xy Tank001.Level Pump001.Speed."
        raise ConfigurationError("An XY view is of two tags, not of those of a glob", hint=hint)
    for row in found.to_dict("records"):
        if row["failure"]:
            raise ConfigurationError(f"{row['tag']}: {row['failure']}", hint="Look names up: {find}.")
        has_number = row["value"] is not None and row["value"] == row["value"]
        if isinstance(row["value"], str) or (not has_number and isinstance(row.get("text"), str)):
            hint = "Only numbers and booleans have a place on an axis."
            raise ConfigurationError(f"The values of {row['tag']} are texts", hint=hint)


COMMAND = Command(
    name="xy",
    summary="Show one tag over another, live.",
    example="over = %mxgw xy Tank001.Level Pump001.Speed --window 10min",
    run=run,
    configure=configure,
    completes=("tag", "tag", ""),
)
