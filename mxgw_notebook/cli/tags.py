"""mxgw-py read, find, watch: tags as people ask for them, without sessions and handles."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import re
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from mxgw_notebook.cli.command import CommandCall, gateway_command
from mxgw_notebook.cli.facade import LOOK_UP, Wanted, facade, parted, show_frame
from mxgw_notebook.cli.output import moment
from mxgw_notebook.client import Value, check
from mxgw_notebook.errors import TagError
from mxgw_notebook.words import quality_word, safe_cell

if TYPE_CHECKING:
    from mxgw_notebook.live import Gap, Plant, Sample, Update

NAME = "mxgw-py"
FOUND = ("tag", "data_type", "security", "template", "area")
NOTHING = "Nothing is found. Patterns have * and ?, or are /regular expressions/."
COLUMNS = ("timestamp", "tag", "value", "quality")
WIDTHS = {"timestamp": 24, "tag": 32, "value": 14}
# A last look may take so long: the gateway may be away.
ENDING_SECONDS = 2.0
UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
LENGTH = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(ms|s|min|m|h|d)?")


def length(text: str) -> float:
    """A length of time in seconds, of 500ms, 90s, 10m, 1h or 2d; a number is of seconds."""
    found = LENGTH.fullmatch(str(text).strip())
    seconds = float(found[1]) * UNITS[found[2] or "s"] if found else 0.0
    if seconds <= 0:
        raise click.BadParameter(f"{text!r} is not a length of time; write 90s, 10m or 1h.")
    return seconds


tags_argument = click.argument("tags", metavar="TAG...", nargs=-1)
template_option = click.option("--template", help="The objects of this template; with --attribute.")
attribute_option = click.option("--attribute", help="With --template: this attribute of the objects.")
area_option = click.option("--area", help="The area's name or a pattern.")


@gateway_command("read")
@tags_argument
@template_option
@attribute_option
@area_option
@click.option("--read-timeout", type=length, default="5s", show_default=True, help="The wait for slow tags.")
async def read(call: CommandCall, tags: tuple[str, ...], read_timeout: float, **filters: str | None) -> None:
    """Show the present values of tags; * and ? match many."""
    wanted = await Wanted(parted(tags), **filters).names(call)
    async with await plant_of(call) as plant:
        readings = list((await plant.read(wanted, timeout=read_timeout)).values())
    rows = [
        {
            "tag": one.tag,
            "value": one.value,
            "quality": "" if one.failure else quality_word(one.quality),
            "timestamp": moment(one.time_ns),
            "failure": one.failure,
        }
        for one in readings
    ]
    answer = [{**row, "value": plain(row["value"]), "timestamp": row["timestamp"] or None} for row in rows]
    call.output.show_table({"readings": answer}, rows)
    check(readings, hint=LOOK_UP)


@gateway_command("find")
@click.argument("pattern", nargs=-1)
@click.option("--template", help="A template's name or a pattern; includes derived templates.")
@area_option
@click.option("--type", "data_type", help="The data type, e.g. Double.")
@click.option("--historized", is_flag=True, default=None, help="Historized ones only.")
@click.option("--alarm", is_flag=True, default=None, help="Alarms only.")
async def find(call: CommandCall, pattern: tuple[str, ...], **filters: Any) -> None:
    """Find tags by a glob, by words in any order, or by a /regular expression/."""
    chosen = {name: value for name, value in filters.items() if value is not None}
    if not pattern and not chosen:
        raise click.UsageError("Give a pattern, or a filter such as --area.")
    async with facade(call) as gateway:
        found = await asyncio.to_thread(gateway.find, " ".join(pattern) or None, **chosen)
    show_frame(call, "tags", found, FOUND, NOTHING)


@gateway_command("watch")
@tags_argument
@template_option
@attribute_option
@area_option
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated, with the columns' names first.")
@click.option("--for", "span", type=length, help="End after this time, e.g. 1h. Default: at Ctrl-C.")
@click.option("--every", type=length, default="1s", show_default=True, help="The time between two outputs.")
async def watch(
    call: CommandCall,
    tags: tuple[str, ...],
    as_csv: bool,
    span: float | None,
    every: float,
    **filters: str | None,
) -> None:
    """Show every value of tags as it comes, the present ones first.

    After an outage it reconnects. While values are missing, a line on standard error says so. With --json
    it is an object "gap" in the output.
    """
    wanted = await Wanted(parted(tags), **filters).names(call)
    told = Told(call, as_csv=as_csv)
    failures: dict[str, str] = {}
    async with await plant_of(call) as plant:
        following = plant.follow(wanted, every=every)
        if span is not None:  # what came by then is still told, by a last look
            asyncio.get_running_loop().call_later(span, following.end)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(None if span is None else span + ENDING_SECONDS):
                async for update in following:
                    told.update(update)
                    failures.update({state.tag: state.failure for state in update.tags})
                    if all(failures.get(tag) for tag in wanted):
                        break
    if failed := {tag: failure for tag, failure in failures.items() if failure}:
        raise TagError(failed, hint=LOOK_UP)


class Told:
    """What came of watched tags, in the form that was asked for."""

    def __init__(self, call: CommandCall, *, as_csv: bool) -> None:
        self._output, self._as_csv = call.output, as_csv
        if as_csv and call.output.as_json:
            raise click.UsageError("--csv and --json exclude each other.")
        if as_csv:
            self._output.show_line(line_of(COLUMNS))

    def update(self, update: Update) -> None:
        """An update's samples and gaps."""
        for gap in update.gaps:
            self._gap(gap)
        for sample in update.samples:
            self._sample(sample)

    def _sample(self, sample: Sample) -> None:
        row = {
            "timestamp": moment(sample.time_ns),
            "tag": sample.tag,
            "value": sample.value,
            "quality": sample.quality_word,
        }
        if self._as_csv:
            self._output.show_line(line_of([*list(row.values())[:2], plain(sample.value), row["quality"]]))
            return
        answer = {**row, "value": plain(sample.value), "timestamp": row["timestamp"] or None}
        self._output.show_item({**answer, "replayed": sample.replayed}, row, WIDTHS)

    def _gap(self, gap: Gap) -> None:
        begin, end = moment(gap.start_ns), moment(gap.end_ns or 0)
        if self._output.as_json:
            told = {"start": begin, "end": end or None, "cause": gap.cause, "events": gap.events}
            self._output.show_item({"gap": told}, {})
        else:
            until = f"to {end}" if end else "on"
            click.echo(f"Values are missing from {begin} {until}: {gap.cause}", err=True)


async def plant_of(call: CommandCall) -> Plant:
    """The gateway that the options name, as a plant."""
    from mxgw_notebook.live import Plant

    return await Plant.connect(options=call.options, name=NAME)


def plain(value: Value) -> Any:
    """A value as JSON has it; NaN and infinity, which JSON has not, as texts."""
    if isinstance(value, np.ndarray):
        return [plain(one) for one in value.tolist()]
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else f"{value}Z"
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value


def line_of(cells: Any) -> str:
    """Cells as a line of CSV; no text is one that a spreadsheet takes for a formula."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()
