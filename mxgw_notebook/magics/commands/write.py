"""%mxgw write, %%mxgw write"""

from __future__ import annotations

import argparse
from typing import Any

import pandas as pd

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Plan, current
from mxgw_notebook.magics.command import Arguments, Command
from mxgw_notebook.magics.settings import chosen
from mxgw_notebook.magics.words import Names, marked_words


def configure_line(parser: argparse.ArgumentParser) -> None:
    """A tag, its new value, and why it may be beyond what is usual."""
    parser.add_argument("tag", metavar="TAG", help="a tag such as FIC101.SP")
    parser.add_argument("value", metavar="VALUE", help="converted to the tag's type; may begin with -")
    parser.add_argument(
        "--override", default="", metavar="REASON", help="with a plan: the reason to go beyond a limit"
    )


def configure_plan(parser: argparse.ArgumentParser) -> None:
    """What becomes of a plan."""
    parser.add_argument("--dry-run", action="store_true", help="only show the plan")
    parser.add_argument("--user", metavar="NAME", help="who signs a secured write; the password is asked for")
    parser.add_argument("--verifier", metavar="NAME", help="the second person, who verifies a verified write")
    parser.add_argument("--yes", action="store_true", help="apply the plan without asking")
    parser.add_argument(
        "--rehearse", action="store_true", help="apply the plan at an embedded gateway made of this galaxy"
    )


def configure_cell(parser: argparse.ArgumentParser) -> None:
    """A cell is a plan in any case."""
    parser.add_argument("--plan", action="store_true", help="a cell always shows its plan first")
    configure_plan(parser)


def configure(parser: argparse.ArgumentParser) -> None:
    """One write, at once or as a plan."""
    configure_line(parser)
    seconds = chosen().confirm_timeout
    parser.add_argument(
        "--timeout", type=float, default=seconds, metavar="SECONDS", help=f"default: {seconds:g}"
    )
    parser.add_argument(
        "--type", metavar="TYPE", help="the tag's type, e.g. Double, if the tag itself does not tell it"
    )
    parser.add_argument("--allow-nonfinite", action="store_true", help="allow inf and nan")
    parser.add_argument("--allow-empty", action="store_true", help="allow an array without elements, []")
    parser.add_argument("--plan", action="store_true", help="show the present and the new value, and ask")
    configure_plan(parser)


def run(arguments: Arguments) -> pd.DataFrame | Plan | None:
    """The outcome, once the plant has taken the value; or the plan."""
    if arguments.plan or arguments.dry_run or arguments.override or arguments.rehearse:
        if arguments.type or arguments.allow_nonfinite or arguments.allow_empty:
            hint = "A plan asks the tag, and sends no such values."
            raise ConfigurationError("A plan takes no --type, --allow-nonfinite or --allow-empty", hint=hint)
        return planned([arguments], arguments)
    return current().write(
        arguments.tag,
        arguments.value,
        timeout=arguments.timeout,
        data_type=arguments.type,
        allow_nonfinite=arguments.allow_nonfinite,
        allow_empty=arguments.allow_empty,
        user=arguments.user,
        verifier=arguments.verifier,
    )


def run_cell(arguments: Arguments) -> pd.DataFrame | Plan | None:
    """A plan of the lines of a cell: a tag and its value, with or without = between them."""
    lines = [line for line in arguments.body.splitlines() if marked_words(line)]
    return planned([parsed_line(line, arguments.names) for line in lines], arguments)


def parsed_line(line: str, names: Names) -> Arguments:
    """One line of a cell. Raises ConfigurationError, which says the line."""
    words = without_sign(marked_words(line))
    try:
        return LINE.parsed(words, names)
    except ConfigurationError as error:
        raise ConfigurationError(f"{error.message}. In: {line.strip()}", hint=error.hint) from None


def without_sign(words: list[str]) -> list[str]:
    """The words of TAG = VALUE, or of TAG=VALUE, as those of TAG VALUE."""
    if words[1:2] == ["="]:
        return [words[0], *words[2:]]
    tag, _, value = words[0].partition("=") if words else ("", "", "")
    return [tag, value, *words[1:]] if tag and value else words


def planned(lines: list[Arguments], arguments: Arguments) -> pd.DataFrame | Plan | None:
    """The plan of some lines, offered."""
    values: list[tuple[str, Any]] = [(line.tag, line.value) for line in lines]
    override = {line.tag: line.override for line in lines if line.override}
    signers = {"user": arguments.user, "verifier": arguments.verifier}
    plan = current().plan(values, override=override, dry_run=arguments.dry_run, **signers)
    return plan.rehearse() if arguments.rehearse else plan.offer(yes=arguments.yes)


LINE = Command(
    name="write",
    summary="One line of a cell of %%mxgw write.",
    example="FIC101.SP = 42",
    run=run,
    configure=configure_line,
    dashed="value",
)
CELL = Command(
    name="write",
    summary="Plan the writes of the cell, one tag and value on each line, and ask before writing.",
    example='%%mxgw write\n  FIC101.SP = 42\n  TIC103.SP = 61 --override "trial 7"',
    run=run_cell,
    configure=configure_cell,
    takes_body=True,
)
COMMAND = Command(
    name="write",
    summary="Write one value and wait until the plant has taken it.",
    example="%mxgw write FIC101.SP 55.5\n  %mxgw write --plan FIC101.SP 55.5",
    run=run,
    configure=configure,
    completes=("tag",),
    dashed="value",
    with_cell=CELL,
)
