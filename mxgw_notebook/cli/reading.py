"""mxgw-py read-bulk"""

from __future__ import annotations

import click

from mxgw_notebook.cli.command import (
    CommandCall,
    gateway_command,
    items_option,
    server_option,
    session_option,
)
from mxgw_notebook.cli.output import moment
from mxgw_notebook.client import READ_MARGIN_SECONDS, check, readings

LOOK_UP = "galaxy-discover shows what there is."

read_timeout_option = click.option(
    "--read-timeout",
    type=click.FloatRange(min=0),
    default=5.0,
    show_default=True,
    help="Seconds that the gateway waits for a tag that is not advised.",
)


@gateway_command("read-bulk")
@session_option
@server_option
@items_option
@read_timeout_option
async def read_bulk(
    call: CommandCall, session_id: str, server_handle: int, items: list[str], read_timeout: float
) -> None:
    """Read the present values of tags; a bad one fails alone."""
    reply = await call.invoke(
        session_id,
        "read_bulk",
        seconds=read_timeout + max(READ_MARGIN_SECONDS, call.options.timeout),
        server_handle=server_handle,
        tag_addresses=items,
        timeout_ms=int(read_timeout * 1000),
    )
    results = readings(reply.read_bulk.results, call.clock)
    rows = [
        {
            "item": one.tag,
            "value": one.value,
            "quality": None if one.failure else one.quality,
            "time": moment(one.time_ns),
            "cached": one.cached,
            "failure": one.failure,
        }
        for one in results
    ]
    call.output.show_table(reply, rows)
    check(results, hint=LOOK_UP)
