"""%mxgw alarms"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from mxgw_notebook.analysis import AlarmReport, alarm_report, read_alarm_log
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import AlarmReview, current
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.settings import chosen
from mxgw_notebook.magics.words import as_it_stands

REPORT, SUPPRESSED = "report", "suppressed"
OF_THE_TABLE = ("--area", "--min-severity", "--state", "--text", "--operator", "--require-comment")


def configure(parser: Parser) -> None:
    """Which alarms, and who acknowledges."""
    parser.add_argument(
        "prefix",
        nargs="?",
        default="",
        help="only references that begin with this; or the word report or suppressed",
    )
    parser.add_argument(
        "--area", default="", help="a glob for the area, or a part of its name", meant=as_it_stands
    )
    parser.add_argument(
        "--min-severity", type=int, metavar="N", help="only severities 1 (most urgent) to N; at most 999"
    )
    parser.add_argument("--state", default="", help="unacknowledged, acknowledged, cleared or unknown")
    parser.add_argument("--text", default="", help="words in reference, description, operator or comment")
    parser.add_argument(
        "--operator", help="the name on acknowledgements; default: your own, or as %%config says"
    )
    parser.add_argument(
        "--require-comment", action="store_true", help="refuse to acknowledge without a comment"
    )
    parser.add_argument(
        "--from",
        dest="source",
        metavar="FILE",
        help="with report: a saved history, or the log of another system",
    )
    parser.add_argument(
        "--layout",
        metavar="NAME",
        help="with report: the kind of that log, e.g. a2almdb, historian or ignition",
    )
    parser.add_argument(
        "--tz",
        metavar="ZONE",
        help="with report: the zone of its days, and of times without one, e.g. Europe/Berlin",
    )
    parser.add_argument("--html", metavar="FILE", help="with report: write the page to this file")
    parser.add_argument(
        "--operators",
        type=float,
        default=1,
        metavar="N",
        help="with report: how many operators share the alarms",
    )


def run(arguments: Arguments) -> AlarmReview | AlarmReport | pd.DataFrame:
    """A live table, which goes on while other cells run; or the report, or what is out of service."""
    if arguments.prefix == REPORT:
        return report(arguments)
    # Without the word report they would be taken silently, and the person waits for a page.
    if arguments.source or arguments.html or arguments.layout or arguments.tz:
        message = "--from, --layout, --tz and --html belong to the report"
        raise ConfigurationError(message, hint="%mxgw alarms report ...")
    review = begin(arguments)
    return review.suppressed() if arguments.prefix == SUPPRESSED else review


def begin(arguments: Arguments) -> AlarmReview:
    """A review of the alarms that the line names."""
    return current().alarms(
        "" if arguments.prefix == SUPPRESSED else arguments.prefix,
        area=arguments.area,
        min_severity=arguments.min_severity,
        state=arguments.state,
        text=arguments.text,
        operator=arguments.operator or chosen().operator or None,
        comment_required=arguments.require_comment or chosen().require_comment,
    )


def report(arguments: Arguments) -> AlarmReport:
    """The report of the newest review, or of a file."""
    check_report(arguments)
    if not arguments.operators > 0:
        raise ConfigurationError("--operators has to be above 0")
    settings: dict[str, Any] = {"operators": arguments.operators, "tz": arguments.tz}
    if arguments.source:
        log = read_alarm_log(arguments.source, arguments.layout, tz=arguments.tz)
        made = alarm_report(log, title=Path(arguments.source).stem, **settings)
    else:
        made = current().alarm_report(**settings)
    if arguments.html:
        print(f"Written: {made.save(arguments.html)}")  # noqa: T201
    return made


def check_report(arguments: Arguments) -> None:
    """Refuses what a report does not heed: it would speak of other alarms than the person thinks."""
    live = [flag for flag in OF_THE_TABLE if getattr(arguments, flag.strip("-").replace("-", "_"))]
    if live:
        hint = (
            "The report is of the newest review: begin one with them, %mxgw alarms --area ..., then report."
        )
        raise ConfigurationError(f"{', '.join(live)} belong to a live table of alarms", hint=hint)
    if arguments.layout and not arguments.source:
        raise ConfigurationError("--layout needs a log", hint="Name the log: --from FILE.")


COMMAND = Command(
    name="alarms",
    summary="Show a live table of alarms in which you can acknowledge; or make an alarm report.",
    example="alarms = %mxgw alarms --area Utilities --min-severity 500\n"
    "  %mxgw alarms report --html review.html\n"
    "  %mxgw alarms suppressed --area Utilities",
    run=run,
    configure=configure,
    completes=("review", ""),
)
