"""%mxgw snapshot"""

from __future__ import annotations

import argparse

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command


def configure(parser: argparse.ArgumentParser) -> None:
    """The file."""
    parser.add_argument("file", metavar="FILE.parquet", help="where to; one that is there is replaced")


def run(arguments: Arguments) -> None:
    """Saves the galaxy, and says where."""
    path = current().snapshot(arguments.file)
    print(f"Saved to {path}. %mxgw connect {path} explores it without a gateway.")  # noqa: T201  an answer


COMMAND = Command(
    name="snapshot",
    summary="Save the galaxy to a Parquet file, to compare with or to explore offline.",
    example="%mxgw snapshot before.parquet",
    run=run,
    configure=configure,
)
