"""%mxgw instances"""

from __future__ import annotations

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.commands import filters
from mxgw_notebook.magics.settings import chosen
from mxgw_notebook.magics.words import as_it_stands, listed, tags


def configure(parser: Parser) -> None:
    """The template, and what is read of each object."""
    parser.add_argument("template", help="a template's name; includes derived templates", meant=as_it_stands)
    parser.add_argument(
        "attributes", nargs="+", metavar="ATTRIBUTE", help="attributes such as Level", meant=tags
    )
    parser.add_argument("--area", help="the area's name or a pattern", meant=as_it_stands)
    parser.add_argument("--path", help="a pattern for the path, e.g. Utilities/*", meant=as_it_stands)
    seconds = chosen().read_timeout
    parser.add_argument(
        "--timeout", type=float, default=seconds, metavar="SECONDS", help=f"default: {seconds:g}"
    )


def run(arguments: Arguments) -> pd.DataFrame:
    """One row an object, one column an attribute."""
    chosen = filters.given(arguments, "template", "attributes", "timeout")
    instances = current().instances(arguments.template, **chosen)
    return instances.read(*listed(arguments.attributes), timeout=arguments.timeout)


COMMAND = Command(
    name="instances",
    summary="The objects of a template side by side: one row for each object, one column for each attribute.",
    example="%mxgw instances $Tank Level Temperature",
    run=run,
    configure=configure,
    completes=("template", "attribute"),
)
