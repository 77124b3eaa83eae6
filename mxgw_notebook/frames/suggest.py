"""What a name that is only begun could become: tags, objects, templates, areas, attributes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames.codes import DATA_TYPES, SECURITY
from mxgw_notebook.frames.pattern import Rows, kept, lower
from mxgw_notebook.frames.search import TagIndex
from mxgw_notebook.globs import folded

MOST = 200


def suggestions(index: TagIndex, kind: str, begun: str) -> list[str]:
    """The names of a kind that begin so, else those that hold it; at most 200, never by case.

    A tag is completed in two steps: the object with its dot, then the object's attributes.
    Raises ConfigurationError for what is no kind of names.
    """
    if kind == "tag":
        return tags(index, begun)
    if kind == "object":
        return named(index.objects["tag_name"], index.names, begun)
    if kind not in SOURCES:
        kinds = ", ".join(["tag", "object", *SOURCES, *FIXED])
        raise ConfigurationError(f"{kind!r:.80} is not a kind of names", hint=f"Kinds are {kinds}.")
    names = SOURCES[kind](index)
    return named(names, lower(names), begun)


def tags(index: TagIndex, begun: str) -> list[str]:
    """Tags, or objects whose attributes come next."""
    owner, dot, _ = folded(begun).partition(".")
    if not dot:
        found = [f"{name}." for name in named(index.objects["tag_name"], index.names, begun)]
        return found or of_attribute(index, begun)
    row = pc.index(index.names, owner).as_py()
    if row < 0:
        return []
    mine = index.attributes["tag"].iloc[slice(*index.starts[row : row + 2])]
    return named(mine, lower(mine), begun)


def of_attribute(index: TagIndex, begun: str) -> list[str]:
    """The tags of attributes that begin so, for one who remembers only what is measured."""
    names: Any = index.attributes["attribute"].array
    accepted = np.append(pc.starts_with(lower(names.categories), folded(begun)).to_numpy(False), False)
    rows = np.flatnonzero(accepted[names.codes])[:MOST]
    return [str(tag) for tag in index.attributes["tag"].take(rows)]


def named(names: Any, lowered: Any, begun: str) -> list[str]:
    """Those that begin with a text, else those that hold it."""
    text = folded(begun)
    rows = starting(lowered, text) if text else np.arange(min(len(lowered), MOST))
    if not len(rows):
        rows = kept(np.arange(len(lowered)), pc.match_substring(lowered, text))[:MOST]
    return [str(name) for name in pd.Series(names).take(rows)]


def starting(lowered: Any, text: str) -> Rows:
    """The first rows whose name begins with the text."""
    return kept(np.arange(len(lowered)), pc.starts_with(lowered, text))[:MOST]


def templates(index: TagIndex) -> pd.Index[Any]:
    """Every template, also those that are only derived from."""
    chains: Any = index.objects["template_chain"].array.categories
    return pd.Index(
        sorted({name for chain in chains for name in str(chain).split(" < ") if name}), dtype="str"
    )


SOURCES: dict[str, Callable[[TagIndex], Any]] = {
    "template": templates,
    "area": lambda index: index.objects["area"].array.categories,
    "attribute": lambda index: index.attributes["attribute"].array.categories,
    "category": lambda index: index.objects["category"].array.categories,
}
# The same in every galaxy.
FIXED: dict[str, list[str]] = {"type": list(DATA_TYPES.values()), "security": list(SECURITY.values())}
