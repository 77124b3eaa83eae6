"""mxgw-py batch: many commands, one process."""

from __future__ import annotations

import shlex
import sys
from typing import Any

import click
from click.core import ParameterSource

from mxgw_notebook.cli.connecting import connection_parameters, said
from mxgw_notebook.cli.failures import INTERRUPTED, SOME_FAILED, exit_code
from mxgw_notebook.cli.inherited import Inherited
from mxgw_notebook.cli.main import Mxgw, tell

SENTINEL = "--- exit"


@click.command("batch", params=connection_parameters())
@click.pass_context
def batch(context: click.Context, /, **connection: Any) -> None:
    """Run the commands of standard input, one per line, without `mxgw-py` in front.

    The answer to each line is its JSON or the JSON of its error, and then the line "--- exit CODE". After a
    line that fails the batch continues; its exit code is then 8. Empty lines and lines that begin with # are
    skipped. Put a text with blanks into single or double quotes, and a text with quotes into the other kind.
    A backslash is a normal character: alarm references contain it. The options below apply to every line
    without its own.
    """
    del connection  # meant for the lines: what was said of it is taken from the context
    shared = Inherited(said(context, ParameterSource.COMMANDLINE))
    group = context.find_root().command
    assert isinstance(group, Mxgw)
    failed = False
    for line in sys.stdin:
        if line.strip() and not line.lstrip().startswith("#"):
            code = run_line(group, context, line, shared)
            click.echo(f"{SENTINEL} {code}")
            # Ctrl-C is meant for the batch, not for the line that it happens to meet.
            if code == INTERRUPTED:
                raise click.Abort
            failed = failed or code != 0
    context.exit(SOME_FAILED if failed else 0)


def run_line(group: Mxgw, context: click.Context, line: str, shared: Inherited) -> int:
    """Runs one line; its exit code."""
    try:
        group.main(words_of(group, context, line), obj=shared)
    except click.UsageError as error:
        tell(error, line.split(), shared)
        return exit_code(error)
    # Of one line, not of the batch: click ends every command by it.
    except SystemExit as ended:
        return int(ended.code or 0)


def words_of(group: Mxgw, context: click.Context, line: str) -> list[str]:
    """The line's words, with --json. Raises UsageError for a line that is none, or cannot run here."""
    try:
        words = list(words_in(line))
    except ValueError as error:
        raise click.UsageError(f"{line.strip()}: {error}") from None
    known = group.get_command(context, words[0])
    if known is None or "--json" in words:
        return words
    if not any(parameter.name == "as_json" for parameter in known.params):
        raise click.UsageError(f"{words[0]} cannot run in a batch.")
    return [*words, "--json"]


def words_in(line: str) -> shlex.shlex:
    """The words of a line, quotes off. Raises ValueError, once taken, for a quote that is not closed."""
    words = shlex.shlex(line, posix=True, punctuation_chars=False)
    words.whitespace_split, words.commenters = True, ""
    # Nothing is escaped: a shell's double quotes would take one of the two backslashes that every alarm
    # reference begins with.
    words.escape = ""
    return words
