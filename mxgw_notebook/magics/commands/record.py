"""%mxgw record"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import current
from mxgw_notebook.history import Recorder
from mxgw_notebook.magics.command import Arguments, Command, Parser
from mxgw_notebook.magics.commands import filters
from mxgw_notebook.magics.words import listed
from mxgw_notebook.tag_file import tags_in

WATCH_LISTS = (".toml", ".xml")


def configure(parser: Parser) -> None:
    """The tags and the folder."""
    filters.of_tags(parser)
    filters.of_query(parser, "what find takes; looked up again after each deploy")
    parser.add_argument(
        "--to", metavar="FOLDER", help="the folder, created if missing; or the URL of a store, s3://..."
    )
    parser.add_argument("--keep-hours", type=float, metavar="HOURS", help="default: for ever")
    parser.add_argument("--keep-megabytes", type=float, metavar="MB", help="default: no limit")
    parser.add_argument("--alarms", action="store_true", help="record alarms too; without tags, only alarms")


def run(arguments: Arguments) -> Recorder:
    """Records from now on, until its `stop()`; a tag @FILE is all of that file, a line each.

    `@feed` alone, where there is no such file, is the watch list in `feed.toml`.
    """
    gateway = current()
    if not arguments.to:
        raise ConfigurationError("No folder to record to", hint="Say where: --to recordings.")
    named = [tag for one in listed(arguments.tags) for tag in of_file(one)]
    others, query = filters.tags_given(arguments), filters.query_given(arguments)
    if not named and others["template"] is None and query is None:
        if not arguments.alarms:
            raise ConfigurationError(
                "Nothing to record", hint="Name tags, a template, a --query, or give --alarms."
            )
        return gateway.alarms().record(arguments.to)
    watch = gateway.watch(*named, **others, query=query)
    for tag, reason in watch.failures.items():
        print(f"Not recorded yet: {tag}: {reason}")  # noqa: T201  a command's answer
    if arguments.alarms:
        gateway.alarms().record(arguments.to)
    return watch.record(
        arguments.to, keep_hours=arguments.keep_hours, keep_megabytes=arguments.keep_megabytes
    )


def of_file(tag: Any) -> list[Any]:
    """The tag, or those of the file that it names; a watch list stays one."""
    if not (isinstance(tag, str) and tag.startswith("@")):
        return [tag]
    if Path(tag[1:]).suffix in WATCH_LISTS or Path(f"{tag[1:]}.toml").is_file():
        return [tag]
    return list(tags_in(Path(tag[1:])))


COMMAND = Command(
    name="record",
    summary="Record tags and alarms to a folder from now on; returns at once.",
    example="%mxgw record Tank001.Level Pump001.Speed --to recordings\n"
    "  %mxgw record --query level --historized --to recordings",
    run=run,
    configure=configure,
    completes=("tag",),
    takes_tags=True,
)
