"""The galaxy's hierarchy, from Arrow batches to two DataFrames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mxgw_notebook.frames.codes import CATEGORIES, DATA_TYPES, SECURITY, categories
from mxgw_notebook.frames.columns import (
    first_of,
    joined,
    lent,
    lent_texts,
    named,
    numbers,
    of_rows,
    repeated,
    texts,
)
from mxgw_notebook.frames.paths import paths
from mxgw_notebook.frames.tree import Tree, rows_of

OBJECT_COLUMNS = (
    "tag_name", "contained_name", "browse_name", "path", "parent", "area", "template", "template_chain",
    "category", "depth", "hosted_by", "attributes", "alarms", "historized",
)  # fmt: skip
ATTRIBUTE_COLUMNS = (
    "tag", "object", "attribute", "data_type", "is_array", "array_dimension", "security", "is_historized",
    "is_alarm", "area", "template", "path",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a hierarchy in little room: its objects, how many attributes each has, and these.

    Both batches have a column a field of the contract; names that repeat are dictionaries.
    """

    objects: Any
    counts: NDArray[Any]
    attributes: Any


def page_of(objects: Any) -> Page:
    """The objects of a batch that has them as rows, apart from their attributes."""
    place = objects.schema.get_field_index("attributes")
    lists = objects.column(place)
    attributes = pa.RecordBatch.from_struct_array(lists.flatten())
    name = attributes.schema.get_field_index("attribute_name")
    # At once, page by page: of a million attributes some hundred names differ, and all pages stay in memory
    # until the last has come.
    encoded = attributes.column(name).dictionary_encode()
    return Page(
        objects=objects.remove_column(place),
        counts=pc.list_value_length(lists).to_numpy(zero_copy_only=False),
        attributes=attributes.set_column(name, "attribute_name", encoded),
    )


def reply_page(batch: Any) -> Page:
    """The page of a DiscoverHierarchyReply, given as a batch of one row."""
    return page_of(reply_objects(batch))


def reply_objects(batch: Any) -> Any:
    """The objects of a DiscoverHierarchyReply as a batch, one row each."""
    return pa.RecordBatch.from_struct_array(batch.column("objects").flatten())


def galaxy_frames(pages: Sequence[Page]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The objects and the attributes of a hierarchy, both in the galaxy's own order.

    Objects, one row each: `tag_name`, `contained_name`, `browse_name` (contained name, else tag name), `path`
    (browse names from the root), `parent` and `hosted_by` (tag names, missing at the root), `area`,
    `template` (the nearest), `template_chain` (nearest first, joined by " < "), `category`, `depth` (0 at the
    root), and the counts `attributes`, `alarms`, `historized`.

    Attributes, one row each: `tag` (what read takes), `object`, `attribute`, `data_type`, `is_array`,
    `array_dimension` (0 where it is none), `security`, `is_historized`, `is_alarm`, and the object's `area`,
    `template` and `path`. Names that repeat are categoricals.
    """
    if not any(len(page.counts) for page in pages):
        return empty(OBJECT_COLUMNS, PLAIN_OBJECT), empty(ATTRIBUTE_COLUMNS, PLAIN_ATTRIBUTE)
    objects = objects_frame(pa.Table.from_batches([page.objects for page in pages]))
    counts = np.concatenate([page.counts for page in pages])
    # By row, not by name: 32 bits an attribute, by which everything that an object lends is taken.
    owner = np.repeat(np.arange(len(objects), dtype=np.int32), counts)
    values = pa.Table.from_batches([page.attributes for page in pages])
    attributes = attributes_frame(values, owner, objects)
    return with_counts(objects, attributes, owner), attributes


# The columns that are not categoricals.
PLAIN_OBJECT = {
    "tag_name": "str", "contained_name": "str", "browse_name": "str", "path": "str", "depth": "int32",
    "attributes": "int32", "alarms": "int32", "historized": "int32",
}  # fmt: skip
PLAIN_ATTRIBUTE = {
    "tag": "str", "is_array": "bool", "array_dimension": "int32", "is_historized": "bool", "is_alarm": "bool",
}  # fmt: skip


def empty(columns: Sequence[str], plain: Mapping[str, str]) -> pd.DataFrame:
    """No rows; columns and dtypes stay."""
    return pd.DataFrame(
        {name: pd.Series(dtype=plain[name]) if name in plain else categories([]) for name in columns}
    )


def objects_frame(rows: Any) -> pd.DataFrame:
    """One row an object; the counts come later."""
    ids, names = numbers(rows, "gobject_id"), joined(rows, "tag_name")
    tree = Tree(ids, numbers(rows, "parent_gobject_id"))
    shown = browse_names(rows)
    chains = joined(rows, "template_chain").cast(pa.list_(pa.string()))
    return pd.DataFrame(
        {
            "tag_name": texts(names),
            "contained_name": texts(joined(rows, "contained_name")),
            "browse_name": texts(shown),
            "path": texts(paths(tree, shown)),
            "parent": of_rows(rows_of(ids, numbers(rows, "parent_gobject_id")), names),
            "area": of_rows(tree.nearest(numbers(rows, "is_area")), names),
            "template": repeated(first_of(chains)),
            "template_chain": repeated(pc.binary_join(chains, " < ")),
            "category": named(numbers(rows, "category_id"), CATEGORIES),
            "depth": tree.depths(),
            "hosted_by": of_rows(rows_of(ids, numbers(rows, "hosted_by_gobject_id")), names),
        }
    )


def browse_names(rows: Any) -> Any:
    """The names that a tree shows; a gateway that sends none means the contained name, else the tag name."""
    shown = joined(rows, "browse_name")
    for name in ("contained_name", "tag_name"):
        shown = pc.if_else(pc.equal(shown, ""), joined(rows, name), shown)
    return shown


def attributes_frame(values: Any, owner: NDArray[Any], objects: pd.DataFrame) -> pd.DataFrame:
    """One row an attribute, with what its object, by row in `owner`, lends it."""
    return pd.DataFrame(
        {
            "tag": texts(joined(values, "full_tag_reference")),
            "object": lent(repeated(pa.array(objects["tag_name"])), owner),
            "attribute": repeated(joined(values, "attribute_name")),
            "data_type": named(numbers(values, "mx_data_type"), DATA_TYPES),
            "is_array": numbers(values, "is_array"),
            "array_dimension": numbers(values, "array_dimension"),
            "security": named(numbers(values, "security_classification"), SECURITY),
            "is_historized": numbers(values, "is_historized"),
            "is_alarm": numbers(values, "is_alarm"),
            "area": lent(objects["area"].array, owner),
            "template": lent(objects["template"].array, owner),
            "path": lent_texts(objects["path"], owner),
        },
        copy=False,
    )


def with_counts(objects: pd.DataFrame, attributes: pd.DataFrame, owner: NDArray[Any]) -> pd.DataFrame:
    """The objects with how many attributes, alarms and historized attributes each has."""
    rows = {
        "attributes": owner,
        "alarms": owner[attributes["is_alarm"].to_numpy()],
        "historized": owner[attributes["is_historized"].to_numpy()],
    }
    counts = {name: np.bincount(owners, minlength=len(objects)) for name, owners in rows.items()}
    return objects.assign(**{name: count.astype("int32") for name, count in counts.items()})
