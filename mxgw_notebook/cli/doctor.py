"""mxgw-py doctor"""

from __future__ import annotations

import asyncio
from dataclasses import fields
from typing import Any

import click

from mxgw_notebook.cli.command import CommandCall, gateway_command
from mxgw_notebook.errors import GatewayError


@gateway_command("doctor")
@click.option("--report", is_flag=True, help="Print a text for a bug report, without keys and names.")
async def doctor(call: CommandCall, report: bool) -> None:
    """Check this computer, the way to the gateway and the key, and say what to do. Changes nothing.

    Exit code 1 if something is bad.
    """
    from mxgw_notebook.gateway import doctor as examine  # pandas, which other commands do without

    settings: dict[str, Any] = {
        field.name: getattr(call.options, field.name) for field in fields(call.options)
    }
    findings = await asyncio.to_thread(examine, settings.pop("endpoint"), **settings)
    rows: list[dict[str, Any]] = [dict(row) for row in findings.to_dict("records")]  # type: ignore[arg-type]
    if report:
        text = str(findings.attrs["report"])
        call.output.show_text({"report": text}, text)
    else:
        call.output.show_table({"findings": rows}, rows)
    if bad := [str(row["check"]) for row in rows if row["verdict"] == "bad"]:
        raise GatewayError(f"Something is bad: {', '.join(bad)}", hint="")
