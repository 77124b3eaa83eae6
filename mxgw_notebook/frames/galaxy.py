"""The galaxy's hierarchy, from Arrow batches to two DataFrames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mxgw_notebook.frames.codes import CATEGORIES, DATA_TYPES, SECURITY, categories, named
from mxgw_notebook.frames.tree import areas, depths, paths

Batches = Sequence[Any]

OBJECT_COLUMNS = (
    "tag_name", "contained_name", "path", "parent", "area", "template", "template_chain", "category",
    "depth", "hosted_by", "attributes", "alarms", "historized",
)  # fmt: skip
ATTRIBUTE_COLUMNS = (
    "tag", "object", "attribute", "data_type", "is_array", "array_dimension", "security", "is_historized",
    "is_alarm", "area", "template", "path",
)  # fmt: skip


def galaxy_frames(batches: Batches) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The objects and the attributes of a hierarchy, both in the galaxy's own order.

    Objects, one row each: `tag_name`, `contained_name`, `path` (contained names from the root), `parent` and
    `hosted_by` (tag names, missing at the root), `area`, `template` (the nearest), `template_chain`
    (nearest first, joined by " < "), `category`, `depth` (0 at the root), and the counts `attributes`,
    `alarms`, `historized`.

    Attributes, one row each: `tag` (what read takes), `object`, `attribute`, `data_type`, `is_array`,
    `array_dimension` (0 where it is none), `security`, `is_historized`, `is_alarm`, and the object's `area`,
    `template` and `path`. Names that repeat are categoricals.
    """
    rows = pa.concat_tables([objects_table(batch) for batch in batches]) if batches else pa.table({})
    if not rows.num_rows:
        return empty(OBJECT_COLUMNS, PLAIN_OBJECT), empty(ATTRIBUTE_COLUMNS, PLAIN_ATTRIBUTE)
    rows = rows.combine_chunks()
    objects = objects_frame(rows)
    lists = rows.column("attributes").combine_chunks()
    owner = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)
    attributes = attributes_frame(pa.Table.from_struct_array(lists.flatten()), owner, objects)
    return with_counts(objects, attributes, owner), attributes


# The columns that are not categoricals.
PLAIN_OBJECT = {
    "tag_name": "str", "contained_name": "str", "path": "str", "depth": "int32", "attributes": "int32",
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


def objects_table(batch: Any) -> Any:
    """The objects of one page, a column a field."""
    return pa.Table.from_struct_array(batch.column("objects").flatten())


def objects_frame(rows: Any) -> pd.DataFrame:
    """One row an object; the counts come later."""
    ids = column(rows, "gobject_id")
    parents = column(rows, "parent_gobject_id")
    names = column(rows, "tag_name")
    browse_names = column(rows, "browse_name")
    chains = rows.column("template_chain").to_pylist()
    tag_of = dict(zip(ids.tolist(), names.tolist(), strict=True))
    hosts = rows.column("hosted_by_gobject_id").to_pylist()
    is_area = column(rows, "is_area")
    return pd.DataFrame(
        {
            "tag_name": pd.Series(names, dtype="str"),
            "contained_name": pd.Series(column(rows, "contained_name"), dtype="str"),
            "path": pd.Series(paths(ids, parents, browse_names), dtype="str"),
            "parent": categories([tag_of.get(parent) for parent in parents.tolist()]),
            "area": categories(areas(ids, parents, names, is_area)),
            "template": categories([chain[0] if chain else None for chain in chains]),
            "template_chain": categories([" < ".join(chain) for chain in chains]),
            "category": named(column(rows, "category_id"), CATEGORIES),
            "depth": depths(ids, parents).astype("int32"),
            "hosted_by": categories([tag_of.get(host) for host in hosts]),
        }
    )


def attributes_frame(values: Any, owner: NDArray[Any], objects: pd.DataFrame) -> pd.DataFrame:
    """One row an attribute, with what its object, by row in `owner`, lends it."""
    frame = pd.DataFrame(
        {
            "tag": pd.Series(column(values, "full_tag_reference"), dtype="str"),
            "object": lent(objects["tag_name"], owner),
            "attribute": repeated(values, "attribute_name"),
            "data_type": named(column(values, "mx_data_type"), DATA_TYPES),
            "is_array": column(values, "is_array"),
            "array_dimension": column(values, "array_dimension"),
            "security": named(column(values, "security_classification"), SECURITY),
            "is_historized": column(values, "is_historized"),
            "is_alarm": column(values, "is_alarm"),
        }
    )
    for name in ("area", "template", "path"):
        frame[name] = lent(objects[name], owner)
    return frame


def lent(names: pd.Series[Any], owner: NDArray[Any]) -> pd.Categorical[Any]:
    """What each attribute's object lends it, as a categorical."""
    values: Any = names.astype("category").array
    return pd.Categorical.from_codes(values.codes[owner], values.categories)


def with_counts(objects: pd.DataFrame, attributes: pd.DataFrame, owner: NDArray[Any]) -> pd.DataFrame:
    """The objects with how many attributes, alarms and historized attributes each has."""
    for name, chosen in (("attributes", None), ("alarms", "is_alarm"), ("historized", "is_historized")):
        rows = owner if chosen is None else owner[attributes[chosen].to_numpy()]
        objects[name] = np.bincount(rows, minlength=len(objects)).astype("int32")
    return objects


def column(table: Any, name: str) -> NDArray[Any]:
    """A column as numpy, strings as objects."""
    values: NDArray[Any] = table.column(name).to_numpy(zero_copy_only=False)
    return values


def repeated(table: Any, name: str) -> pd.Categorical[Any]:
    """A column of names that repeat, as a categorical."""
    encoded = table.column(name).combine_chunks().dictionary_encode()
    return pd.Categorical.from_codes(
        encoded.indices.to_numpy(), pd.Index(encoded.dictionary.to_pylist(), dtype="str")
    )
