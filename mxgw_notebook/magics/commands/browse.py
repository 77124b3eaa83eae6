"""%mxgw browse"""

from __future__ import annotations

import argparse

from mxgw_notebook.gateway import Browser, current
from mxgw_notebook.magics.command import Arguments, Command


def configure(parser: argparse.ArgumentParser) -> None:
    """Where to begin."""
    parser.add_argument("root", nargs="?", default="", help="begin at this object instead of the root")
    parser.add_argument(
        "--lazy", action="store_true", default=None, help="fetch each level only when it is opened"
    )


def run(arguments: Arguments) -> Browser:
    """A tree; what is selected in it is a DataFrame."""
    return current().browse(arguments.root, lazy=arguments.lazy)


COMMAND = Command(
    name="browse",
    summary="Show the galaxy as a tree: expand, filter, select, read, watch.",
    example="tree = %mxgw browse\n  tree.selection",
    run=run,
    configure=configure,
    completes=("object",),
)
