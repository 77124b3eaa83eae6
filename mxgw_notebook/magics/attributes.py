"""%mxgw attributes"""

from __future__ import annotations

import argparse

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command


def configure(parser: argparse.ArgumentParser) -> None:
    """Filters; all given ones have to fit."""
    parser.add_argument("pattern", nargs="*", help="glob over tags, or words that all occur")
    parser.add_argument("--template", help="part of the object's nearest template")
    parser.add_argument("--area", help="glob or words over the area")
    parser.add_argument("--type", dest="data_type", help="data type, e.g. Double")
    parser.add_argument("--security", help="security classification, e.g. Operate")
    parser.add_argument("--historized", action="store_true", default=None, help="historized ones only")
    parser.add_argument("--alarm", action="store_true", default=None, help="alarms only")


def run(arguments: Arguments) -> pd.DataFrame:
    """The attributes that fit."""
    return current().attributes(
        " ".join(arguments.pattern) or None,
        template=arguments.template,
        area=arguments.area,
        data_type=arguments.data_type,
        security=arguments.security,
        historized=arguments.historized,
        alarm=arguments.alarm,
    )


COMMAND = Command(
    name="attributes",
    summary="The attributes of the galaxy, as a DataFrame.",
    example="%mxgw attributes Tank001.* --historized",
    run=run,
    configure=configure,
)
