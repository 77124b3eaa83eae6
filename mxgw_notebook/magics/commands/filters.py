"""The filters that commands over the galaxy share; all given ones have to fit."""

from __future__ import annotations

from typing import Any

from mxgw_notebook.magics.command import Arguments, Parser
from mxgw_notebook.magics.words import as_it_stands, tags

PATTERN = "glob (* and ?), words in any order, or /regular expression/; case does not matter"


def add_object_filters(parser: Parser) -> None:
    """What an object is chosen by."""
    parser.add_argument(
        "--template", help="a template's name or a pattern; includes derived templates", meant=as_it_stands
    )
    parser.add_argument("--area", help="the area's name or a pattern", meant=as_it_stands)
    parser.add_argument("--path", help="a pattern for the path, e.g. Utilities/*", meant=as_it_stands)


def add_attribute_filters(parser: Parser) -> None:
    """What an attribute is chosen by."""
    add_object_filters(parser)
    parser.add_argument(
        "--type", dest="data_type", metavar="TYPE", help="data type, e.g. Double", meant=as_it_stands
    )
    parser.add_argument("--security", help="security classification, e.g. Operate", meant=as_it_stands)
    parser.add_argument("--historized", action="store_true", default=None, help="historized ones only")
    parser.add_argument("--alarm", action="store_true", default=None, help="alarms only")
    parser.add_argument("--array", action="store_true", default=None, help="arrays only")


def of_tags(parser: Parser) -> None:
    """Tags by name, and by what they are."""
    parser.add_argument("tags", nargs="*", metavar="TAG", help="tags, or globs for tags", meant=tags)
    parser.add_argument(
        "--template", help="with --attribute: all objects of this template", meant=as_it_stands
    )
    parser.add_argument(
        "--attribute", help="with --template: one attribute, or several with commas", meant=tags
    )


def tags_given(arguments: Arguments) -> dict[str, Any]:
    """What was said of tags beside their names."""
    return {"template": arguments.template, "attribute": arguments.attribute}


def of_query(parser: Parser, meaning: str) -> None:
    """Tags that the galaxy is asked for."""
    parser.add_argument("--query", nargs="+", metavar="WORD", help=meaning, meant=as_it_stands)
    parser.add_argument("--area", help="with or without --query: only of this area", meant=as_it_stands)
    parser.add_argument(
        "--historized", action="store_true", help="with or without --query: only historized attributes"
    )


def query_given(arguments: Arguments) -> dict[str, Any] | None:
    """What the galaxy is asked for tags; None where it is not."""
    said = {
        "find": " ".join(arguments.query or ()),
        "area": arguments.area,
        "historized": arguments.historized,
    }
    return {name: value for name, value in said.items() if value} or None


def given(arguments: Arguments, *others: str) -> dict[str, Any]:
    """The filters among the parsed arguments, everything but `others`."""
    return {name: value for name, value in vars(arguments).items() if name not in others}
