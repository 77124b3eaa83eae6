"""mxgw-py alarms: what stands now, and the report of a time."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mxgw_notebook.cli.command import CommandCall, gateway_command
from mxgw_notebook.cli.facade import facade, show_frame
from mxgw_notebook.cli.tags import length

if TYPE_CHECKING:
    from mxgw_notebook.analysis import AlarmReport

REPORT = "report"
SHOWN = (
    "severity",
    "state",
    "raised",
    "tag",
    "description",
    "value",
    "value_text",
    "limit",
    "area",
    "operator",
)
MEASURES = ("measure", "value", "benchmark", "met", "note")


@gateway_command("alarms")
@click.argument("prefix", metavar="[PREFIX | report]", default="")
@click.option("--area", default="", help="A glob for the area, or a part of its name.")
@click.option("--min-severity", type=int, help="Only severities 1 (most urgent) to N; at most 999.")
@click.option("--state", default="", help="unacknowledged, acknowledged, cleared or unknown.")
@click.option("--text", default="", help="Words in reference, description, operator or comment.")
@click.option("--for", "span", type=length, help="report: collect alarms for this time, e.g. 8h.")
@click.option("--from", "source", type=click.Path(path_type=Path), help="report: a saved log, or another's.")
@click.option("--layout", help="report: the kind of that log, e.g. a2almdb, historian or ignition.")
@click.option("--tz", help="report: the zone of its days, and of times without one, e.g. Europe/Berlin.")
@click.option("--to", "target", type=click.Path(path_type=Path), help="report: the file, .html or .xlsx.")
@click.option("--operators", type=float, default=1, help="report: how many operators share the alarms.")
async def alarms(
    call: CommandCall,
    prefix: str,
    span: float | None,
    source: Path | None,
    layout: str | None,
    tz: str | None,
    target: Path | None,
    operators: float,
    **filters: Any,
) -> None:
    """Show alarms that stand or wait for acknowledgement, the most urgent first; or make a report."""
    if prefix == REPORT:
        if source is not None:
            show_report(call, report_of(source, layout, tz, operators), target)
            return
        if span is None:
            raise click.UsageError("Of which time? --for 1h listens so long, --from FILE takes a log.")
        async with facade(call) as gateway:
            review = await asyncio.to_thread(gateway.alarms, **filters)
            await asyncio.sleep(span)
            show_report(call, await asyncio.to_thread(review.report, operators=operators, tz=tz), target)
        return
    if span or source or layout or tz or target:
        raise click.UsageError("--for, --from, --layout, --tz and --to belong to the report.")
    async with facade(call) as gateway:
        review = await asyncio.to_thread(gateway.alarms, prefix, **filters)
        show_frame(call, "alarms", review.frame(), SHOWN, "No alarm is active.")


def report_of(source: Path, layout: str | None, tz: str | None, operators: float) -> AlarmReport:
    """The report of a log in a file."""
    from mxgw_notebook.analysis import alarm_report, read_alarm_log

    log = read_alarm_log(source, layout, tz=tz)
    return alarm_report(log, operators=operators, title=source.stem, tz=tz)


def show_report(call: CommandCall, report: AlarmReport, target: Path | None) -> None:
    """The measures; and where the whole of it was written."""
    if target is not None:
        with contextlib.redirect_stdout(sys.stderr):  # that a file is replaced is no part of the answer
            click.echo(f"Written: {report.save(target)}")
    show_frame(call, "report", report.summary, MEASURES)
