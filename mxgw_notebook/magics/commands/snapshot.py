"""%mxgw snapshot"""

from __future__ import annotations

import argparse

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command


def configure(parser: argparse.ArgumentParser) -> None:
    """The file."""
    parser.add_argument(
        "file", metavar="FILE.parquet", help="the file; a line says that an existing one is replaced"
    )
    parser.add_argument(
        "--alarm-settings",
        action="store_true",
        default=None,
        help="include each alarm's limit and priority; the default up to 2,000 alarms",
    )


def run(arguments: Arguments) -> None:
    """Saves the galaxy, and says where."""
    path = current().snapshot(arguments.file, alarm_settings=arguments.alarm_settings)
    print(f"Saved to {path}. %mxgw connect {path} explores it without a gateway.")  # noqa: T201  an answer


COMMAND = Command(
    name="snapshot",
    summary="Save the galaxy to a Parquet file, to compare with it or to explore it offline.",
    example="%mxgw snapshot before.parquet",
    completes=("file", ""),
    run=run,
    configure=configure,
)
