"""%mxgw objects"""

from __future__ import annotations

import argparse

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command


def configure(parser: argparse.ArgumentParser) -> None:
    """Filters; all given ones have to fit."""
    parser.add_argument("pattern", nargs="*", help="glob over tag names, or words that all occur")
    parser.add_argument("--template", help="part of a template's name; derived templates count")
    parser.add_argument("--area", help="glob or words over the area")
    parser.add_argument("--category", help="glob or words over the category, e.g. Area")


def run(arguments: Arguments) -> pd.DataFrame:
    """The objects that fit."""
    return current().objects(
        " ".join(arguments.pattern) or None,
        template=arguments.template,
        area=arguments.area,
        category=arguments.category,
    )


COMMAND = Command(
    name="objects",
    summary="The objects of the galaxy, as a DataFrame.",
    example="%mxgw objects *Pump* --area Utilities",
    run=run,
    configure=configure,
)
