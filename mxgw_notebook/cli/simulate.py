"""mxgw-py simulate"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import click
from click.core import ParameterSource

from mxgw_notebook.cli.starting import start_gateway
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.simulator import (
    LIMITS,
    START_SETTINGS,
    EmbeddedGateway,
    GatewayControlError,
    Say,
    flag_of,
    listing,
    parse,
)

OF_MONTH = {"tags", "days"}
PORT = 5000  # the one of a gateway
# Windows delivers signals between waits only, and nobody tells of a process that has ended.
LOOK_SECONDS = 0.2
EPILOG = (
    "\b\nWhile it runs, it takes these commands as lines on its standard input:\n"
    "  fault NAME:KEY=VALUE,...   clear [NAME ...]   deploy [BREAKS [TAG]]   status\n\n"
    f"\b\nLimits: {', '.join(LIMITS[:9])},\n  {', '.join(LIMITS[9:])}\n\n"
    "\b\nFaults, with their default settings:\n" + "\n".join(f"  {line}" for line in listing().splitlines())
)
CONSOLE_HELP = "Known: fault NAME:KEY=VALUE,... / clear [NAME ...] / deploy [BREAKS [TAG]] / status"


def settings_as_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command an option for each setting of an embedded gateway, in their order."""
    for name, say in reversed(list(START_SETTINGS.items())):
        command = click.option(flag_of(name), name, help=say.about, **manner(name, say))(command)
    return command


def manner(name: str, say: Say) -> dict[str, Any]:
    """How click takes a setting."""
    if isinstance(say.usual, bool):
        return {"is_flag": True}
    if say.flag:
        return {"multiple": True, "metavar": say.metavar}
    if say.choices:
        return {"type": click.Choice(list(say.choices)), "callback": lambda _, __, value: value or say.usual}
    usual = PORT if name == "port" else say.usual
    return {"default": usual, "metavar": say.metavar, "show_default": usual != "", "type": type(say.usual)}


@click.command(epilog=EPILOG)
@click.option("--api-key", envvar="MXGATEWAY_API_KEY", help="mxgw_<key-id>_<secret>; default: a random one.")
@settings_as_options
@click.option(
    "--record-month", "folder", type=click.Path(path_type=Path),
    help="Serve nothing: write a recorded month into this folder, by --seed, and end.",
)  # fmt: skip
@click.option(
    "--tags", type=click.IntRange(1, 100_000), default=1000, show_default=True, help="With --record-month."
)
@click.option(
    "--days", type=click.IntRange(1, 366), default=30, show_default=True, help="With --record-month."
)
@click.pass_context
def simulate(
    ctx: click.Context, /, api_key: str | None, folder: Path | None, tags: int, days: int, **settings: Any
) -> None:
    """Run the embedded gateway alone: a simulated plant, until Ctrl-C."""
    check_together(ctx, folder)
    if folder is not None:
        write_month(folder, tags, days, settings["seed"])
    else:
        serve(api_key, settings)


def serve(api_key: str | None, settings: Mapping[str, Any]) -> None:
    """Runs the gateway, and says how to reach it, until it is told to stop."""
    # What it cannot keep up with is told here, not lost.
    logging.getLogger("mxgw_notebook.simulator").addHandler(logging.StreamHandler())
    with start_gateway(api_key=api_key, **settings) as gateway:
        told_of = f"simulated plant, seed {settings['seed']}, process {gateway.pid}"
        click.echo(f"Embedded gateway: {gateway.endpoint} ({told_of})")
        click.echo(f"API key:          {'as given' if api_key else gateway.api_key}")
        transport = f"--ca-file {gateway.ca_file}" if gateway.ca_file else "--plaintext"
        click.echo(
            f"In a notebook:    %mxgw connect {gateway.endpoint} {transport} --key-env MXGATEWAY_API_KEY"
        )
        obey_terminal(gateway)
        wait_for_signal("Ctrl-C stops it.", lambda: ended(gateway))
    click.echo("Stopped.")


def check_together(ctx: click.Context, folder: Path | None) -> None:
    """Raises UsageError for options that nobody would heed: of a month alone, of a gateway beside one."""
    typed = {name for name in ctx.params if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    unheeded = typed & OF_MONTH if folder is None else typed - OF_MONTH - {"folder", "seed"}
    if unheeded:
        flags = ", ".join(option.opts[0] for option in ctx.command.params if option.name in unheeded)
        reason = "needs" if folder is None else "has no meaning with"
        raise click.UsageError(f"{flags} {reason} --record-month", ctx)


def write_month(folder: Path, tags: int, days: int, seed: int) -> None:
    """Writes the month, and says how far it is."""
    from mxgw_notebook.history import record_month  # Arrow, which a plant does without

    hours = record_month(folder, tags, 24 * days, seed=seed)
    label = f"{days} days of {tags:,} tags"
    with click.progressbar(hours, length=24 * days, label=label, file=sys.stderr) as told:
        *_, samples = told
    click.echo(f"Recorded: {samples:,} samples in {folder}")
    click.echo(f"In a notebook: mx.open_recording({str(folder)!r})")


def wait_for_signal(invitation: str, *watches: Callable[[], str]) -> None:
    """Says so, and returns at SIGINT (Ctrl-C), SIGTERM, or SIGHUP (the terminal was closed).

    Raises GatewayError as soon as one of the watches says what has ended by itself.
    """
    told = threading.Event()

    def tell(number: int, frame: FrameType | None) -> None:
        del number, frame
        told.set()

    before: dict[int, Any] = {number: signal.signal(number, tell) for number in ending_signals()}
    try:
        click.echo(invitation)  # not before the signals are caught: whoever reads it may send one at once
        while not told.wait(LOOK_SECONDS):
            for reason in filter(None, (watch() for watch in watches)):
                raise GatewayError(reason, hint="Start it again.")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ended(gateway: EmbeddedGateway) -> str:
    """What to say of a gateway whose process has ended by itself; empty while it runs."""
    if gateway.is_running():
        return ""
    return f"The embedded gateway, process {gateway.pid}, has ended by itself"


def ending_signals() -> list[int]:
    """The signals that end a command. Under nohup a closed terminal does not: SIGHUP stays ignored."""
    numbers: list[int] = [signal.SIGINT, signal.SIGTERM]
    hangup: int | None = getattr(signal, "SIGHUP", None)  # Windows has none
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:
        numbers.append(hangup)
    return numbers


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
            gateway.deploy(*rest.split(maxsplit=1))
            return f"Deployed, and broke: {rest}" if rest else "Deployed."
        if verb == "status":
            return ", ".join(f"{name} {value}" for name, value in gateway.status().items())
    except (GatewayControlError, ValueError) as error:
        return str(error)
    return CONSOLE_HELP


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
