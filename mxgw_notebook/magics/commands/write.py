"""%mxgw write"""

from __future__ import annotations

import argparse

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command


def configure(parser: argparse.ArgumentParser) -> None:
    """A tag and its new value."""
    parser.add_argument("tag", metavar="TAG", help="a tag such as FIC101.SP")
    parser.add_argument("value", metavar="VALUE", help="converted to what the tag takes; it may begin with -")
    parser.add_argument("--timeout", type=float, default=10.0, metavar="SECONDS", help="10 unless told")
    parser.add_argument("--type", metavar="TYPE", help="what the tag takes (Double), where it cannot tell")
    parser.add_argument("--allow-nonfinite", action="store_true", help="inf and nan are meant")
    parser.add_argument("--allow-empty", action="store_true", help="an array of no elements, [], is meant")


def run(arguments: Arguments) -> pd.DataFrame:
    """The outcome, once the plant has taken the value."""
    return current().write(
        arguments.tag,
        arguments.value,
        timeout=arguments.timeout,
        data_type=arguments.type,
        allow_nonfinite=arguments.allow_nonfinite,
        allow_empty=arguments.allow_empty,
    )


COMMAND = Command(
    name="write",
    summary="Write one value and wait until the plant has taken it.",
    example="%mxgw write FIC101.SP 55.5",
    run=run,
    configure=configure,
    completes=("tag",),
    dashed="value",
)
