"""Finding tags among a million: a cached index of the attributes, filters, the order of what is found.

Why: DECISIONS.md, "The search uses Arrow, not an inverted index".
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mxgw_notebook.client import text_given
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames.codes import CATEGORIES, DATA_TYPES, SECURITY
from mxgw_notebook.frames.columns import chosen
from mxgw_notebook.frames.pattern import Pattern, Rows, at, kept, lower, matches
from mxgw_notebook.globs import folded

# Beyond this nobody reads the order; the galaxy's own stays.
MOST_RANKED = 100_000
# Comparing spellings is slow: so many candidates take some 50 ms.
MOST_NEAR = 2_000
# Filters whose values are names, by column, and those names that every galaxy has.
KINDS = {
    "area": "area",
    "category": "category",
    "data_type": "data type",
    "security": "security classification",
}
FIXED_NAMES = {
    "category": list(CATEGORIES.values()),
    "data_type": list(DATA_TYPES.values()),
    "security": list(SECURITY.values()),
}


class TagIndex:
    """The attributes of a galaxy, ready to be searched. The lower-case names are made on first use."""

    def __init__(self, objects: pd.DataFrame, attributes: pd.DataFrame) -> None:
        self.objects, self.attributes = objects, attributes

    @cached_property
    def tags(self) -> Any:
        """The tags in lower case, as Arrow strings."""
        return lower(self.attributes["tag"])

    @cached_property
    def names(self) -> Any:
        """The objects' tag names in lower case, as Arrow strings."""
        return lower(self.objects["tag_name"])

    @cached_property
    def paths(self) -> Any:
        """The paths in lower case, by category of the attributes' column."""
        return lower(self.attributes["path"].array.categories)

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where each object's attributes begin; one entry more than there are objects."""
        return np.concatenate(([0], np.cumsum(self.objects["attributes"].to_numpy(np.int64))))

    def row(self, tag: str) -> int | None:
        """The row of a tag, without case; None for one that is not there."""
        found = pc.index(self.tags, folded(tag)).as_py()
        return None if found < 0 else int(found)

    def near(self, tag: str) -> list[str]:
        """The tags among which one spelt alike is to be sought: those with its object, else its attribute."""
        owner, _, attribute = folded(tag).partition(".")
        lengths = pc.utf8_length(self.tags).to_numpy(zero_copy_only=False)
        # First by length, which costs next to nothing: a spelling that differs by more than a third is
        # another name.
        rows = np.flatnonzero(np.abs(lengths - len(tag)) <= len(tag) // 3)
        for test, text in ((pc.starts_with, f"{owner}."), (pc.ends_with, f".{attribute}")):
            if len(found := kept(rows, test(at(self.tags, rows), text))):
                rows = found
                break
        return [str(name) for name in self.attributes["tag"].take(rows[:MOST_NEAR])]

    def find(self, text: str | None, filters: dict[str, Any]) -> pd.DataFrame:
        """The attributes that fit the text and every filter that is not None, the likeliest first."""
        rows = np.arange(len(self.attributes))
        pattern = Pattern.of(text) if text else None
        if pattern is not None:
            rows = self._rows(pattern)
        for column, wanted in filters.items():
            if wanted is not None:
                rows = rows[self._fits(column, wanted)[rows]]
        # Filters before ranking: what is left is often a hundredth.
        if pattern is not None and len(rows) <= MOST_RANKED:
            rows = rows[self._order(pattern, rows)]
        elif len(rows) == len(self.attributes):
            return self.attributes.copy()
        return chosen(self.attributes, rows)

    def rows(self, text: str) -> Rows:
        """The rows of the attributes that a text finds, in the galaxy's order."""
        return self._rows(Pattern.of(text))

    def _rows(self, pattern: Pattern) -> Rows:
        """The rows whose tag fits; a word may stand in the object's path instead."""
        if not pattern.words:
            return pattern.rows(self.tags)
        paths = self.attributes["path"].array
        rows = np.arange(len(self.attributes))
        for word in pattern.words:
            fits = pc.match_substring(at(self.tags, rows), word).to_numpy(zero_copy_only=False)
            # Among the paths' categories, one an object; an attribute takes its object's answer by code.
            above = pc.match_substring(self.paths, word).to_numpy(zero_copy_only=False)
            if above.any():
                fits = fits | above[paths.codes[rows]]
            rows = rows[fits]
        return rows[Pattern(globs=pattern.globs).mask(at(self.tags, rows))] if pattern.globs else rows

    def _fits(self, column: str, wanted: Any) -> NDArray[np.bool_]:
        """Which attributes pass one filter."""
        if column == "template":
            counts = self.objects["attributes"].to_numpy()
            return np.repeat(derived(self.objects["template_chain"], str(wanted)), counts)
        if isinstance(wanted, bool):
            return np.asarray(self.attributes[column].to_numpy() == wanted)
        return named_in(self.attributes[column], str(wanted))

    def _order(self, pattern: Pattern, rows: Rows) -> Rows:
        """The places of the rows by how well they fit, then as the galaxy has them.

        A whole name is better than the beginning of one, that better than a part, and a part of the tag
        better than one of the path; an attribute comes before its sub-attributes.
        """
        tags = at(self.tags, rows)
        score = np.zeros(len(rows), np.int32)
        empty, dot = (pa.scalar(text, tags.type) for text in ("", "."))
        # With dots around it, a whole name is found by one plain search, at the tag's ends too.
        framed = pc.binary_join_element_wise(empty, tags, empty, dot)
        for word in pattern.words:
            inside = f".{word}."
            for test in (word, inside[:-1], inside):
                score += pc.match_substring(framed, test).to_numpy(zero_copy_only=False)
        dots = pc.count_substring(tags, ".").to_numpy(zero_copy_only=False)
        # Stable, as lexsort is: among equals the galaxy's own order stays.
        return np.lexsort((dots, -score))


def derived(chains: pd.Series[Any], wanted: str) -> NDArray[np.bool_]:
    """Which template chains hold a template: by its whole name if there is one, else by glob or words."""
    text_given(wanted, "A template", "Give its name or a glob, e.g. $Tank.")
    encoded = chains.astype("category").array
    listed = pc.split_pattern(lower(encoded.categories), " < ")
    names = pc.list_flatten(listed)
    owners = pc.list_parent_indices(listed).to_numpy(zero_copy_only=False)
    fits = pc.equal(names, folded(wanted)).to_numpy(zero_copy_only=False)
    if not fits.any():
        fits = Pattern.of(wanted).mask(names)
    if len(names) and not fits.any():
        known = [name for chain in encoded.categories for name in str(chain).split(" < ")]
        raise not_there(f"No object is derived from {wanted}", wanted, known)
    # One more than there are: a missing chain has the code -1 and takes the last, which stays False.
    found = np.zeros(len(encoded.categories) + 1, bool)
    found[owners[fits]] = True
    accepted: NDArray[np.bool_] = found[encoded.codes]
    return accepted


def named_in(names: pd.Series[Any], wanted: str) -> NDArray[np.bool_]:
    """Which names of a column a filter takes.

    Raises ConfigurationError, with the name spelt most alike, where the galaxy has no such area, category,
    data type or security classification: an empty table would look like an answer.
    """
    fits = matches(names, wanted)
    column = str(names.name)
    if column not in KINDS or fits.any() or not len(names):
        return fits
    known = [str(name) for name in names.astype("category").array.categories]
    others = FIXED_NAMES.get(column, [])
    if others and Pattern.of(wanted).mask(lower(others)).any():
        return fits
    raise not_there(f"The galaxy has no {KINDS[column]} {wanted}", wanted, [*known, *others])


def not_there(message: str, wanted: str, known: Sequence[str]) -> ConfigurationError:
    """What to say of a name that nothing has."""
    folded = {name.lower(): name for name in known if name}
    near = difflib.get_close_matches(wanted.lower(), folded, n=1)
    some = sorted(folded.values(), key=str.lower)[:5]
    hint = f"Did you mean {folded[near[0]]}?" if near else f"There are {', '.join(some)} ..." if some else ""
    return ConfigurationError(message, hint=hint)


def narrowed(objects: pd.DataFrame, text: str | None, filters: dict[str, Any]) -> pd.DataFrame:
    """The objects whose tag name fits the text, and that pass every filter that is not None."""
    fits = matches(objects["tag_name"], text) if text else np.ones(len(objects), bool)
    for column, wanted in filters.items():
        if wanted is None:
            continue
        test = derived if column == "template" else named_in
        fits &= test(objects["template_chain" if column == "template" else column], str(wanted))
    return chosen(objects, np.flatnonzero(fits))
