"""The entry point: one group, and the only place where an error becomes an exit code."""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import json
import signal
import sys
import threading
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

import click

from mxgw_notebook.cli.failures import INTERRUPTED, MEANINGS, as_data, as_line, exit_code
from mxgw_notebook.cli.inherited import Inherited
from mxgw_notebook.cli.redaction import Redaction, keys_in
from mxgw_notebook.errors import GatewayError, MissingPackageError

# The commands by family, and the module of each: only that of the command that runs is imported, so that
# starting takes no longer than it must, and wrong protos do not keep `version` from answering.
FAMILIES = {
    "By tag": {
        **dict.fromkeys(("read", "find", "watch"), "tags"),
        "alarms": "alarm_lists",
        **dict.fromkeys(("snapshot", "diff"), "galaxy_files"),
    },
    "A simulated plant": {"demo": "demo", "simulate": "simulate"},
    "Sessions": dict.fromkeys(("open-session", "close-session", "session-state", "ping"), "sessions"),
    "Items": dict.fromkeys(("register", "add-item", "advise", "subscribe-bulk"), "items"),
    "Values": {
        "plan": "plan",
        "read-bulk": "reading",
        "stream-events": "events",
        **dict.fromkeys(("write", "write2", "write-bulk"), "writing"),
        **dict.fromkeys(("write-secured", "write-secured2"), "secured"),
        "authenticate-user": "secured",
    },
    "Alarms": dict.fromkeys(("stream-alarms", "query-active-alarms", "acknowledge-alarm"), "alarms"),
    "Recordings": {"record": "record"},
    "Galaxy": dict.fromkeys(
        ("galaxy-test-connection", "galaxy-last-deploy", "galaxy-discover", "galaxy-watch"), "galaxy"
    ),
    "Checks and help": {
        "doctor": "doctor",
        "smoke": "smoke",
        "bench-read-bulk": "bench",
        "batch": "batch",
        "contract": "contract",
        "version": "version",
        "docs": "docs",
    },
}
MODULES = {name: module for family in FAMILIES.values() for name, module in family.items()}


class Mxgw(click.Group):
    """The group: its commands are imported when they are asked for, and errors are told in one place."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, by family."""
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None where there is none."""
        if cmd_name not in MODULES:
            return None
        try:
            module = importlib.import_module(f"mxgw_notebook.cli.{MODULES[cmd_name]}")
        except (ModuleNotFoundError, MissingPackageError) as error:
            return NotInstalled(cmd_name, MissingPackageError.of(f"mxgw-py {cmd_name}", error))
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments begin with. Raises UsageError, with the name that is spelt alike."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = get_close_matches(args[0].lower(), MODULES, n=1)
            # Newer ones of click say so themselves.
            if near and "Did you mean" not in error.message:
                raise click.UsageError(f"{error.message} Did you mean {near[0]}?", ctx) from None
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the commands, a section a family, then what the exit codes mean."""
        width = max(map(len, MODULES))
        for family, names in FAMILIES.items():
            with formatter.section(family):
                shown = {name: self.get_command(ctx, name) for name in names}
                formatter.write_dl(
                    [(f"{name:<{width}}", one.get_short_help_str(100)) for name, one in shown.items() if one]
                )
        with formatter.section("Exit codes"):
            formatter.write_dl([(f"{code}", meaning) for code, meaning in MEANINGS.items()])

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> NoReturn:
        """Runs one command, and ends the process, or the line of a batch, with its exit code."""
        # Given on, also where they are ours: click would else expand globs on Windows.
        arguments = list(sys.argv[1:] if args is None else args)
        try:
            sys.exit(super().main(arguments, *rest, **{**extra, "standalone_mode": False}) or 0)
        except (
            ModuleNotFoundError,
            MissingPackageError,
        ) as error:  # of what a command imports where it needs it
            name = next((word for word in arguments if word in MODULES), "")
            missing = MissingPackageError.of(f"mxgw-py {name}".rstrip(), error)
            tell(missing, arguments, extra.get("obj"))
            sys.exit(exit_code(missing))
        except (click.ClickException, GatewayError) as error:
            tell(error, arguments, extra.get("obj"))
            sys.exit(exit_code(error))
        except click.Abort:
            sys.exit(INTERRUPTED)


class NotInstalled(click.Command):
    """Stands for a command that needs a package which is not installed; run, it says so."""

    def __init__(self, name: str, error: MissingPackageError) -> None:
        about = f"{error.message}."
        taking_all = {"ignore_unknown_options": True, "allow_extra_args": True}
        super().__init__(name, context_settings=taking_all, short_help=about, help=about)
        self._error = error

    def invoke(self, ctx: click.Context) -> None:
        """Raises MissingPackageError."""
        raise self._error


def tell(error: click.ClickException | GatewayError, arguments: Sequence[str], shared: object) -> None:
    """The error on standard error, or, for a line of a batch, as its answer; no key is in it."""
    in_batch = isinstance(shared, Inherited)
    inherited = str(shared.said.get("api_key", "")) if isinstance(shared, Inherited) else ""
    redaction = Redaction({*keys_in(arguments), inherited}, also_forms=True)
    if in_batch or "--json" in arguments:
        form = {"error": redaction.data(as_data(error))}
        click.echo(json.dumps(form, sort_keys=True), err=not in_batch)
    else:
        click.echo(redaction.text(as_line(error)), err=True)


@click.group(cls=Mxgw, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mxgw-notebook", prog_name="mxgw-py", message="%(prog)s %(version)s")
def mxgw() -> None:
    """Explore a plant on AVEVA System Platform through the MXAccess Gateway.

    With --json every answer is one line of JSON on standard output, and an error is one on standard error.
    """


def main() -> None:
    """Runs mxgw-py; `mxgw-py --help` lists the exit codes."""
    atexit.register(gc.freeze)  # a process that ends has no garbage to look for, which takes half a second
    for stream in (sys.stdout, sys.stderr):
        # A pipe of Windows has few letters: one that it has not is written out, and ends no command.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if threading.current_thread() is threading.main_thread():
        # A shell's background job inherits Ctrl-C as ignored, and could not be ended but by force.
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        # Told to terminate, a command leaves as at Ctrl-C: it closes its session first.
        signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    mxgw.main()
