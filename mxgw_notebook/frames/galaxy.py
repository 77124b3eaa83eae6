"""The galaxy's hierarchy, from Arrow batches to two DataFrames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mxgw_notebook.frames.codes import CATEGORIES, DATA_TYPES, SECURITY, categories
from mxgw_notebook.frames.columns import first_of, joined, lent, named, numbers, of_rows, repeated, texts
from mxgw_notebook.frames.tree import Tree, rows_of

Batches = Sequence[Any]
NONE = pa.table({})

OBJECT_COLUMNS = (
    "tag_name", "contained_name", "browse_name", "path", "parent", "area", "template", "template_chain", 
    "category", "depth", "hosted_by", "attributes", "alarms", "historized",
)  # fmt: skip
ATTRIBUTE_COLUMNS = (
    "tag", "object", "attribute", "data_type", "is_array", "array_dimension", "security", "is_historized",
    "is_alarm", "area", "template", "path",
)  # fmt: skip


def galaxy_frames(rows: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The objects and the attributes of a hierarchy, both in the galaxy's own order.

    Objects, one row each: `tag_name`, `contained_name`, `browse_name` (the contained name, else the tag name),
    `path` (browse names from the root), `parent` and `hosted_by` (tag names, missing at the root), `area`,
    `template` (the nearest), `template_chain` (nearest first, joined by " < "), `category`, `depth` (0 at the
    root), and the counts `attributes`, `alarms`, `historized`.

    Attributes, one row each: `tag` (what read takes), `object`, `attribute`, `data_type`, `is_array`,
    `array_dimension` (0 where it is none), `security`, `is_historized`, `is_alarm`, and the object's `area`,
    `template` and `path`. Names that repeat are categoricals.
    """
    if not rows.num_rows:
        return empty(OBJECT_COLUMNS, PLAIN_OBJECT), empty(ATTRIBUTE_COLUMNS, PLAIN_ATTRIBUTE)
    objects = objects_frame(rows)
    lists = rows.column("attributes")
    counts = pc.list_value_length(lists).to_numpy()
    values = pa.Table.from_batches(
        [pa.RecordBatch.from_struct_array(part.flatten()) for part in lists.chunks]
    )
    attributes = attributes_frame(values, np.repeat(np.arange(len(objects), dtype=np.int32), counts), objects)
    return with_counts(objects, attributes, counts), attributes


# The columns that are not categoricals.
PLAIN_OBJECT = {
    "tag_name": "str", "contained_name": "str", "browse_name": "str", "path": "str", "depth": "int32", "attributes": "int32",
    "alarms": "int32", "historized": "int32",
}  # fmt: skip
PLAIN_ATTRIBUTE = {
    "tag": "str", "is_array": "bool", "array_dimension": "int32", "is_historized": "bool", "is_alarm": "bool",
}  # fmt: skip


def empty(columns: Sequence[str], plain: Mapping[str, str]) -> pd.DataFrame:
    """No rows; columns and dtypes stay."""
    return pd.DataFrame(
        {name: pd.Series(dtype=plain[name]) if name in plain else categories([]) for name in columns}
    )


def hierarchy_table(batches: Batches) -> Any:
    """The objects of all pages, one row each: a column a field of the contract, a chunk a page."""
    pages = [batch.column("objects").flatten() for batch in batches]
    return (
        pa.Table.from_batches([pa.RecordBatch.from_struct_array(page) for page in pages]) if pages else NONE
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
            "path": texts(tree.paths(shown)),
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
            "path": lent(repeated(pa.array(objects["path"])), owner),
        },
        copy=False,
    )


def with_counts(objects: pd.DataFrame, attributes: pd.DataFrame, counts: NDArray[Any]) -> pd.DataFrame:
    """The objects with how many attributes, alarms and historized attributes each has."""
    objects["attributes"] = counts.astype("int32")
    ends = np.cumsum(counts)
    for name, chosen in (("alarms", "is_alarm"), ("historized", "is_historized")):
        total = np.concatenate(([0], np.cumsum(attributes[chosen].to_numpy(), dtype=np.int32)))
        objects[name] = (total[ends] - total[ends - counts]).astype("int32")
    return objects
