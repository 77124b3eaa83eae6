"""The tags that a person means: names, lists and tables of them, globs, an attribute of a template."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.frames import TagIndex
from mxgw_notebook.gateway.model import GalaxyModel
from mxgw_notebook.globs import folded, is_glob

# From here on the number is said before they are asked for.
MANY = 100
# More that nobody has listed could only be a slip of the hand.
MOST = 10_000
OF_AN_OBJECT = "."  # what stands before the attribute


def tags_given(given: Sequence[Any]) -> list[str]:
    """One list of tags and globs from those, lists and columns of them, and tables of tags.

    A table has them in its column or index `tag`, or is a wide one with a column a tag.
    Raises ConfigurationError where there is none, GatewayError for what is not a tag.
    """
    wanted = [tag for entry in given for tag in entries_of(entry)]
    if not wanted:
        raise ConfigurationError("No tag given", hint="Name one or more, e.g. Pump001.Speed.")
    if not all(isinstance(tag, str) and tag.strip() for tag in wanted):
        raise GatewayError(f"{wanted!r:.200} are not all tags", hint="A tag is a text such as Pump001.Speed.")
    return wanted


def entries_of(entry: Any) -> Iterable[Any]:
    """What one argument lists."""
    columns: Iterable[Any] | None = getattr(entry, "columns", None)
    if columns is None:
        return [entry] if isinstance(entry, str) or not isinstance(entry, Iterable) else entry
    if "tag" in columns:
        return dict.fromkeys(entry["tag"])  # a table of samples has each tag many times
    if "tag_name" in columns:
        hint = 'Name an attribute as well: template="$Tank", attribute="Level"; or take a table of find.'
        raise ConfigurationError("A table of objects lists no tags", hint=hint)
    if getattr(entry.index, "name", None) == "tag":
        return dict.fromkeys(entry.index)
    # A wide table has a column a tag, and maybe others beside them: calculated pens.
    if not any(isinstance(name, str) and OF_AN_OBJECT in name for name in columns):
        hint = f"Give the column that has them: table[{next(iter(columns), 'tag')!r}]."
        raise ConfigurationError("The table has no column tag, and its columns are no tags", hint=hint)
    return columns


async def match_tags(model: GalaxyModel, names: Sequence[str]) -> list[str]:
    """The names, each glob replaced by the tags that it matches, in the galaxy's order.

    Raises ConfigurationError for a glob that matches none, or more than anybody means.
    """
    if not any(is_glob(name) for name in names):
        return list(names)
    index = (await model.load()).index
    found: dict[str, None] = {}
    for name in names:
        found |= dict.fromkeys(tags_matching(index, name) if is_glob(name) else [name])
    return list(found)


def tags_matching(index: TagIndex, pattern: str) -> list[str]:
    """The tags that a glob matches. Raises ConfigurationError for none, and for too many."""
    rows = index.rows(pattern)
    if not len(rows):
        raise ConfigurationError(f"No tag matches {pattern}", hint="Look names up: {find}.")
    check_meant(len(rows), pattern)
    return list(index.attributes["tag"].take(rows))


async def find_tags_of_template(model: GalaxyModel, template: str, attributes: Iterable[str]) -> list[str]:
    """The tags of these attributes, object by object.

    Raises ConfigurationError where no object of the template has one of the attributes.
    """
    wanted = [attributes] if isinstance(attributes, str) else list(attributes)
    table = await model.attributes(None, template=template)
    names = table["attribute"].astype("str")
    spelt = {name: folded(name) for name in names.unique()}
    known = {lowered: name for name, lowered in spelt.items()}
    if unknown := [one for one in wanted if folded(str(one)) not in known]:
        raise no_attribute(template, str(unknown[0]), known)
    # By each spelling that an object has it in: two of one template need not agree in capitals.
    found: list[str] = table.loc[names.map(spelt).isin({folded(one) for one in wanted}), "tag"].tolist()
    check_meant(len(found), template)
    return found


def no_attribute(template: str, attribute: str, known: Mapping[str, str]) -> ConfigurationError:
    """What to say of an attribute that a template lacks, and which of the known ones is spelt alike."""
    near = difflib.get_close_matches(folded(attribute), known, n=1)
    hint = f"Did you mean {known[near[0]]}?" if near else "Look names up: {find}."
    return ConfigurationError(f"No object of {template} has an attribute {attribute}", hint=hint)


def check_meant(count: int, asked: str) -> None:
    """Refuses a number of tags that nobody means to ask a plant for in a word."""
    if count > MOST:
        hint = "Narrow it, or give the list itself: gateway.find(...)."
        raise ConfigurationError(f"{asked} means {count:,} tags; at most {MOST:,} are taken", hint=hint)
