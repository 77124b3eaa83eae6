"""Lines that are typed into a running `mxgw-py simulate`: faults are set and cleared while it runs."""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

import click

from mxgw_notebook.simulator import EmbeddedGateway, GatewayControlError, parse

HELP = "Known: fault NAME:KEY=VALUE,... / clear [NAME ...] / deploy / status"


def obey(gateway: EmbeddedGateway, line: str) -> str:
    """Does what a line says. Answers in a line what was done, or why nothing was."""
    verb, *words = line.split(maxsplit=1)
    rest = words[0] if words else ""
    try:
        if verb == "fault" and rest:
            name, settings = parse(rest)
            gateway.fault(name, **dict[str, Any](settings))
            return f"Fault: {name}"
        if verb == "clear":
            gateway.clear_faults(*rest.split())
            return f"Cleared: {rest or 'all faults'}"
        if verb == "deploy":
            gateway.deploy()
            return "Deployed."
        if verb == "status":
            return ", ".join(f"{name} {value}" for name, value in gateway.status().items())
    except (GatewayControlError, ValueError) as error:
        return str(error)
    return HELP


def obey_terminal(gateway: EmbeddedGateway) -> None:
    """Obeys each line of standard input from now on, on a thread of its own; its end changes nothing."""
    if not _is_ours():
        return

    def read() -> None:
        rest = b""
        while data := os.read(0, 4096):
            *whole, rest = (rest + data).split(b"\n")
            for line in whole:
                if line.strip():
                    click.echo(obey(gateway, line.decode(errors="replace")))

    threading.Thread(target=read, name="mxgw console", daemon=True).start()


def _is_ours() -> bool:
    """Whether reading would not stop us: a terminal belongs to the job in its foreground."""
    try:
        if not os.isatty(0) or sys.platform == "win32":
            return True
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False
