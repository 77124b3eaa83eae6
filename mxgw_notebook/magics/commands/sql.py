"""%%mxgw sql"""

from __future__ import annotations

import pandas as pd

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import current
from mxgw_notebook.history import WORDS
from mxgw_notebook.magics.command import Arguments, Command, Parser

DAY = "-24h"


def configure(parser: Parser) -> None:
    """Of which time."""
    parser.add_argument("--from", dest="start", metavar="TIME", help=f"the start time; default: {DAY}")
    parser.add_argument("--to", dest="end", metavar="TIME", help="the end time; default: now")
    parser.set_defaults(body=None)


def run(arguments: Arguments) -> pd.DataFrame:
    """What the query in the cell gives, as a DataFrame."""
    if not (arguments.body or "").strip():
        hint = "%%mxgw sql, and below it: select tag, avg(value) from samples group by tag"
        raise ConfigurationError("The query belongs in the cell", hint=hint)
    return current().sql(arguments.body, start=arguments.start or DAY, end=arguments.end)


COMMAND = Command(
    name="sql",
    summary="Query with SQL: samples, alarms, gaps, writes, objects, attributes seen so far.",
    example="%%mxgw sql --from -1h\n  select tag, avg(value) from samples group by tag",
    run=run,
    configure=configure,
    takes_body=True,
    body_words=WORDS,
    dashed="start",
)
