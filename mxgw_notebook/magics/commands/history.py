"""%mxgw history"""

from __future__ import annotations

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.commands import filters
from mxgw_notebook.magics.words import listed


def configure(parser: Parser) -> None:
    """The tags, the time, and in which form."""
    filters.of_tags(parser)
    filters.of_query(parser, "what find takes; of that, the tags that were seen")
    parser.add_argument("--from", dest="start", metavar="TIME", help='"2026-05-04 06:00" (UTC), or -2h')
    parser.add_argument("--to", dest="end", metavar="TIME", help="as --from; default: now")
    parser.add_argument(
        "--every", metavar="STEP", help="one value for each step, e.g. 1min; default: every value"
    )
    parser.add_argument(
        "--how",
        help="with --every: held, mean (default), min, max, first, last, count or percent_good",
    )


def run(arguments: Arguments) -> pd.DataFrame:
    """What was seen of tags, from memory and recordings."""
    return current().history(
        *listed(arguments.tags),
        **filters.tags_given(arguments),
        query=filters.query_given(arguments),
        start=arguments.start,
        end=arguments.end,
        every=arguments.every,
        how=arguments.how or ("mean" if arguments.every else "raw"),
    )


COMMAND = Command(
    name="history",
    summary="Past values of tags, from memory and from recordings.",
    example="%mxgw history Tank001.Level --from -10min --every 1min",
    run=run,
    configure=configure,
    completes=("tag",),
    takes_tags=True,
    dashed="start",
)
