"""The loaded galaxy as a tree: by area, or by template."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mxgw_notebook.frames import ROOT, Below, Pattern, Rows, chosen, lower
from mxgw_notebook.gateway.galaxy.templates import Templates
from mxgw_notebook.gateway.model import Galaxy
from mxgw_notebook.globs import folded
from mxgw_notebook.widgets import AREA, ATTRIBUTE, OBJECT, TEMPLATE, TreeRows

AREAS, TEMPLATES = "areas", "templates"
MOST_FILTERS = 4
# Keys of nodes: a letter for what it is, and its row.
OBJECT_KEY, ATTRIBUTE_KEY, TEMPLATE_KEY = "o", "a", "t"


class FrameTree:
    """A TreeSource over the two tables of a galaxy; `root` is a tag name to begin at."""

    def __init__(self, galaxy: Galaxy, root: str = "") -> None:
        self.galaxy = galaxy
        self.views: Sequence[str] = (AREAS,) if root else (AREAS, TEMPLATES)
        objects = galaxy.objects
        self._names = objects["browse_name"].to_numpy(object)
        self._is_area = (objects["category"] == "Area").to_numpy()
        self._above = above_of(objects)
        self._below = Below(self._above)
        self._rank = ranks(objects["browse_name"], self._is_area)
        self._root = root
        self._found = lru_cache(MOST_FILTERS)(self._find)
        self._parents = lru_cache(64)(self._parents_of)

    async def children(self, view: str, key: str, text: str) -> TreeRows:
        """The children of a node; see TreeSource."""
        found = self._found(text) if text.strip() else None
        kind, row = key[:1], int(key[1:] or 0)
        if kind == OBJECT_KEY:
            below = self._object_rows(self._below.of(np.array([row])), found) if view == AREAS else TreeRows()
            return below + self._attribute_rows(row, ROOT, found)
        if kind == ATTRIBUTE_KEY:
            owner = int(np.searchsorted(self.galaxy.index.starts, row, side="right")) - 1
            return self._attribute_rows(owner, row, found)
        if view == TEMPLATES:
            return self._template_rows(row if kind else ROOT, found)
        return self._object_rows(self._roots(), found)

    async def tables(self, keys: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The selected objects, and the attributes that are selected or theirs, as the galaxy's tables."""
        objects, single = self._chosen(keys)
        starts = self.galaxy.index.starts
        inside = [np.flatnonzero(self._parents(row) == ROOT) + starts[row] for row in objects]
        attributes = np.unique(np.concatenate([single, *inside]))
        return chosen(self.galaxy.objects, objects), chosen(self.galaxy.attributes, attributes)

    def _chosen(self, keys: Sequence[str]) -> tuple[Rows, Rows]:
        """The rows of objects and of attributes that keys stand for; a template stands for its objects."""
        objects = [int(key[1:]) for key in keys if key[:1] == OBJECT_KEY]
        for key in keys:
            if key[:1] == TEMPLATE_KEY:
                objects += self._templates.below(int(key[1:])).tolist()
        attributes = [int(key[1:]) for key in keys if key[:1] == ATTRIBUTE_KEY]
        return np.unique(np.array(objects, np.int64)), np.unique(np.array(attributes, np.int64))

    def _roots(self) -> Rows:
        if not self._root:
            return np.flatnonzero(self._above == ROOT)
        return np.flatnonzero(lower(self.galaxy.objects["tag_name"]).to_numpy(False) == folded(self._root))

    @cached_property
    def _templates(self) -> Templates:
        return Templates(self.galaxy.objects)

    # ------------------------------------------------------------ rows

    def _object_rows(self, rows: Rows, found: Found | None) -> TreeRows:
        if found is not None:
            rows = rows[found.objects[rows]]
        rows = rows[np.argsort(self._rank[rows])]
        table = self.galaxy.objects.take(rows)
        tags, labels = table["tag_name"].tolist(), self._names[rows].tolist()
        marked = zip((table["alarms"] > 0).tolist(), (table["historized"] > 0).tolist(), strict=True)
        children = (self._below.counts[rows] > 0) | (table["attributes"] > 0).to_numpy()
        return TreeRows(
            key=[f"{OBJECT_KEY}{row}" for row in rows.tolist()],
            label=labels,
            kind=[AREA if area else OBJECT for area in self._is_area[rows].tolist()],
            more=children.tolist(),
            tag=["" if tag == label else tag for tag, label in zip(tags, labels, strict=True)],
            about=table["template"].astype(object).fillna("").tolist(),
            marks=[("A" if alarm else "") + ("H" if history else "") for alarm, history in marked],
            security=[""] * len(rows),
        )

    def _attribute_rows(self, owner: int, above: int, found: Found | None) -> TreeRows:
        """The attributes of an object that stand below another of its attributes, or below none."""
        start, end = self.galaxy.index.starts[owner : owner + 2].tolist()
        parents = self._parents(owner)
        inside = np.flatnonzero(parents == (above - start if above >= 0 else ROOT))
        if found is not None:
            inside = inside[found.shown(start, end, parents)[inside]]
        table = self.galaxy.attributes.iloc[start + inside]
        names = table["attribute"].astype(object).tolist()
        cut = len(str(self.galaxy.attributes["attribute"].iloc[above])) + 1 if above >= 0 else 0
        types, arrays = table["data_type"].astype(object).tolist(), table["is_array"].tolist()
        sizes = table["array_dimension"].tolist()
        marked = zip(table["is_alarm"].tolist(), table["is_historized"].tolist(), strict=True)
        opened = np.isin(inside, parents)
        return TreeRows(
            key=[f"{ATTRIBUTE_KEY}{start + place}" for place in inside.tolist()],
            label=[name[cut:] for name in names],
            kind=[ATTRIBUTE] * len(names),
            more=opened.tolist(),
            tag=table["tag"].tolist(),
            about=[
                f"{kind}[{size}]" if array else kind
                for kind, array, size in zip(types, arrays, sizes, strict=True)
            ],
            marks=[("A" if alarm else "") + ("H" if history else "") for alarm, history in marked],
            security=table["security"].astype(object).tolist(),
        )

    def _template_rows(self, row: int, found: Found | None) -> TreeRows:
        """The templates derived from one, then its objects."""
        templates = self._templates
        inside = templates.derived(row)
        if found is not None:
            inside = [one for one in inside if found.objects[templates.below(one)].any()]
        listed = TreeRows(
            key=[f"{TEMPLATE_KEY}{one}" for one in inside],
            label=[templates.names[one] for one in inside],
            kind=[TEMPLATE] * len(inside),
            more=[True] * len(inside),
            tag=[""] * len(inside),
            about=[counted(len(templates.below(one))) for one in inside],
            marks=[""] * len(inside),
            security=[""] * len(inside),
        )
        return listed + self._object_rows(templates.own(row), found)

    def _parents_of(self, owner: int) -> NDArray[np.int64]:
        """Of each attribute of an object the one it is a sub-attribute of, as a place among them."""
        start, end = self.galaxy.index.starts[owner : owner + 2].tolist()
        names = self.galaxy.attributes["attribute"].iloc[start:end].astype(object).tolist()
        place = {name: number for number, name in enumerate(names)}
        return np.array([nearest(name, place) for name in names], np.int64)

    # ------------------------------------------------------------ filter

    def _find(self, text: str) -> Found:
        """What a filter's text finds: attributes, objects, and the objects above them."""
        index = self.galaxy.index
        attributes = np.zeros(len(index.attributes), bool)
        attributes[index.rows(text)] = True
        total = np.concatenate(([0], np.cumsum(attributes)))
        objects = total[index.starts[1:]] > total[index.starts[:-1]]
        objects |= Pattern.of(text).mask(index.names)
        for depth in range(int(self.galaxy.objects["depth"].max() or 0), 0, -1):
            rows = np.flatnonzero(objects & (self.galaxy.objects["depth"].to_numpy() == depth))
            objects[self._above[rows]] = True
        return Found(objects, attributes)


class Found:
    """Which objects and attributes a filter leaves."""

    def __init__(self, objects: NDArray[np.bool_], attributes: NDArray[np.bool_]) -> None:
        self.objects, self.attributes = objects, attributes

    def shown(self, start: int, end: int, parents: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which attributes of one object are shown: those found, and those above them."""
        shown = self.attributes[start:end].copy()
        # A sub-attribute comes with what it belongs to; extensions go a few dots deep.
        for _ in range(4):
            above = parents[shown]
            shown[above[above >= 0]] = True
        return shown


def above_of(objects: pd.DataFrame) -> Rows:
    """Each object's parent row, ROOT at the root; in a ring of parents one object stands at the root."""
    names = pd.Series(np.arange(len(objects)), index=objects["tag_name"].to_numpy(object))
    names = names[~names.index.duplicated()]
    above = names.reindex(objects["parent"].astype(object)).fillna(ROOT).to_numpy(np.int64, copy=True)
    above[objects["depth"].to_numpy() == 0] = ROOT
    return above


def ranks(names: pd.Series[Any], is_area: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The place of each object in a tree's order: areas first, then by name without case."""
    table = pa.table({"other": ~is_area, "name": lower(names)})
    order = pc.sort_indices(table, sort_keys=[("other", "ascending"), ("name", "ascending")])
    rank = np.empty(len(names), np.int64)
    rank[order.to_numpy()] = np.arange(len(names))
    return rank


def nearest(name: str, place: dict[str, int]) -> int:
    """The attribute that a sub-attribute belongs to; ROOT for one that is none."""
    while "." in name:
        name = name.rpartition(".")[0]
        if name in place:
            return place[name]
    return ROOT


def counted(objects: int) -> str:
    """How many, in words."""
    return f"{objects:,} object{'' if objects == 1 else 's'}"
