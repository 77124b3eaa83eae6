"""%mxgw dossier"""

from __future__ import annotations

from mxgw_notebook.analysis import Dossier
from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.words import listed, tags


def configure(parser: Parser) -> None:
    """The time, the tags, and where to."""
    parser.add_argument(
        "--from", dest="start", metavar="TIME", help='"2026-05-04 03:05" or 03:05 (UTC), or -2h; default: -1h'
    )
    parser.add_argument("--to", dest="end", metavar="TIME", help="as --from; default: now")
    parser.add_argument(
        "--tags", nargs="+", default=[], metavar="TAG", help="tags, globs, or @list; default: all", meant=tags
    )
    parser.add_argument(
        "--save", metavar="FILE", help="also write it to a file: .html, or .ipynb for a notebook"
    )


def run(arguments: Arguments) -> Dossier:
    """All that is known of a time, as a page."""
    made = current().dossier(arguments.start or "-1h", arguments.end, tags=listed(arguments.tags) or None)
    if arguments.save:
        made.save(arguments.save)
    return made


COMMAND = Command(
    name="dossier",
    summary="An incident on one page: trend, alarms, writes, deploys, gaps, notes.",
    example="%mxgw dossier --from -10min --save dossier.html",
    run=run,
    configure=configure,
    completes=("tag",),
    dashed="start",
)
