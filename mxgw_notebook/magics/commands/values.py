"""%mxgw values"""

from __future__ import annotations

import pandas as pd

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Plan, current
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.commands import filters
from mxgw_notebook.magics.words import listed

UNSIGNED = "Leave out --user and --verifier."


def configure(parser: Parser) -> None:
    """What is done with which file."""
    parser.add_argument("deed", choices=("save", "compare", "restore"), help="what to do with the file")
    parser.add_argument("file", metavar="FILE.parquet", help="the file")
    filters.of_tags(parser)
    parser.add_argument("--replace", action="store_true", help="with save: replace an existing file")
    parser.add_argument(
        "--tolerance",
        type=float,
        default=0.0,
        metavar="NUMBER",
        help="with compare: how much numbers may differ",
    )
    parser.add_argument("--dry-run", action="store_true", help="with restore: only show the plan")
    parser.add_argument("--yes", action="store_true", help="with restore: apply the plan without asking")
    parser.add_argument(
        "--override",
        default="",
        metavar="REASON",
        help="with restore: the reason to go beyond limits, for every tag",
    )
    parser.add_argument(
        "--elsewhere", default="", metavar="REASON", help="with restore: the reason to write to another plant"
    )
    parser.add_argument(
        "--user", metavar="NAME", help="with restore: who signs secured writes; the password is asked for"
    )
    parser.add_argument(
        "--verifier", metavar="NAME", help="with restore: the second person, who verifies verified writes"
    )


def run(arguments: Arguments) -> pd.DataFrame | Plan | None:
    """Saves and says where, or the comparison, or the plan."""
    if arguments.deed != "restore" and (arguments.user or arguments.verifier):
        raise ConfigurationError(f"values {arguments.deed} writes nothing that is signed", hint=UNSIGNED)
    gateway = current()
    tags = listed(arguments.tags)
    if arguments.deed == "save":
        attribute = arguments.attribute and [*arguments.attribute]
        kept = gateway.values(*tags, template=arguments.template, attribute=attribute)
        print(f"{kept!r} are in {kept.save(arguments.file, replace=arguments.replace)}.")  # noqa: T201
        return None
    if tags or arguments.template or arguments.attribute:
        hint = "The file has its own."
        raise ConfigurationError(f"values {arguments.deed} takes no tags", hint=hint)
    kept = gateway.values(file=arguments.file)
    if arguments.deed == "compare":
        return kept.compare(arguments.tolerance)
    override = dict.fromkeys(kept.frame()["tag"], arguments.override) if arguments.override else None
    plan = kept.restore(
        override=override,
        elsewhere=arguments.elsewhere,
        dry_run=arguments.dry_run,
        user=arguments.user,
        verifier=arguments.verifier,
    )
    return plan.offer(yes=arguments.yes)


COMMAND = Command(
    name="values",
    summary="Save present values to a file, compare with them later, restore them with a plan.",
    example="%mxgw values save before.parquet --template $PID --attribute SP\n"
    "  %mxgw values compare before.parquet --tolerance 0.1\n  %mxgw values restore before.parquet",
    run=run,
    configure=configure,
    completes=("", "file", "tag"),
)
