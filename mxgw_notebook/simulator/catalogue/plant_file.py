"""Reads a galaxy from a plant file: what the toolkit's `snapshot` writes, or a folder with both its tables.

The columns are those of the toolkit's DataFrames of a galaxy, in their words. Others are ignored; text may
be plain or dictionary-encoded (a categorical).

Objects, one row each: `tag_name`, `contained_name`, `parent` and `hosted_by` (tag names, null at the root),
`template_chain` (nearest first, joined by " < "), `category` ("Area", "ApplicationObject", ...).

Attributes, one row each: `object` (a tag name), `attribute`, `data_type` ("Double", ...), `is_array`,
`array_dimension` (0 where it is none), `security` ("Operate", ...), `is_historized`, `is_alarm`.

- A file (Parquet) holds the objects, and in a column `attributes` those of each: a list of structs with these
  columns, without `object`.
- A folder holds `objects.parquet` and `attributes.parquet`.

Values are not in it: they are simulated by type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.simulator.catalogue.catalogue import Catalogue, CatalogueObject
from mxgw_notebook.simulator.catalogue.generate import FIRST_NUMBER
from mxgw_notebook.simulator.catalogue.shape import Shape, Span, shared
from mxgw_notebook.simulator.plant import DATA_TYPE_NAMES, Category, Classification, DataType, Listing, Traits

OBJECT_COLUMNS = ("tag_name", "contained_name", "parent", "hosted_by", "template_chain", "category")
ATTRIBUTE_COLUMNS = (
    "attribute", "data_type", "is_array", "array_dimension", "security", "is_historized", "is_alarm",
)  # fmt: skip
_SEPARATOR = " < "
_TYPES = {name: kind for kind, name in DATA_TYPE_NAMES.items()}
_SECURITIES = {one.name.title().replace("_", ""): one for one in Classification}
# The words for the categories, in which abbreviations stay upper case.
_CATEGORIES = {one.name.title().replace("_", ""): one for one in Category} | {
    "PlatformEngine": Category.PLATFORM,
    "ApplicationEngine": Category.APP_ENGINE,
    "IONetwork": Category.IO_NETWORK,
    "IODevice": Category.IO_DEVICE,
    "IDEMacro": Category.IDE_MACRO,
}
_SPANS = {DataType.FLOAT: Span(0.0, 100.0), DataType.INTEGER: Span(0.0, 1000.0)}
Row = tuple[Any, ...]
Codes = NDArray[np.int32]


class PlantFileError(ValueError):
    """The plant file cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """All attributes in codes: a row each with a place in `words` for every column, by object.

    `ends` are where each object's rows end. Most objects of a template have the same rows: one shape for all.
    """

    codes: Codes
    words: Sequence[Sequence[Any]]
    ends: NDArray[np.int64]

    def of(self, place: int) -> Codes:
        """The rows of the object at a place."""
        return self.codes[self.ends[place - 1] if place else 0 : self.ends[place]]

    def shape(self, rows: Codes) -> Shape:
        """What the codes mean."""
        listings = [
            _listing(*(words[code] for words, code in zip(self.words, row, strict=True))) for row in rows
        ]
        return Shape(listings, [_SPANS.get(one.traits.data_type, Span()) for one in listings])


def read_plant_file(path: str, catalogue: Catalogue) -> None:
    """Fills a catalogue from a plant file. Raises PlantFileError."""
    import pyarrow as pa

    try:
        objects, attributes = _tables(Path(path))
        rows = list(zip(*(objects.column(name).to_pylist() for name in OBJECT_COLUMNS), strict=True))
    except (OSError, pa.ArrowException, KeyError) as error:
        raise PlantFileError(f"{path} is not a plant file: {_reason(error)}") from error
    _fill(catalogue, rows, attributes)


def _tables(place: Path) -> tuple[Any, Attributes]:
    """The objects and their attributes: a folder's two files, or one file with lists in it."""
    import pyarrow.parquet as pq

    if place.is_dir():
        objects = pq.read_table(place / "objects.parquet")
        return objects, _from_table(objects, pq.read_table(place / "attributes.parquet"))
    objects = pq.read_table(place)
    return objects, _from_lists(objects)


def _reason(error: Exception) -> str:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return f"it lacks {text}" if isinstance(error, KeyError) else text


def _from_lists(objects: Any) -> Attributes:
    import pyarrow.compute as pc

    lists = objects.column("attributes").combine_chunks()
    counts = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    flat = lists.flatten()
    columns = [_coded(flat.field(name)) for name in ATTRIBUTE_COLUMNS]
    codes = np.stack([codes for codes, _ in columns], axis=1)
    return Attributes(codes, [words for _, words in columns], np.cumsum(counts, dtype=np.int64))


def _from_table(objects: Any, attributes: Any) -> Attributes:
    places = {name: place for place, name in enumerate(objects.column("tag_name").to_pylist())}
    codes, names = _coded(attributes.column("object").combine_chunks())
    owners = np.array([places.get(name, len(places)) for name in names])[codes]
    order = np.argsort(owners, kind="stable")
    columns = [_coded(attributes.column(name).combine_chunks()) for name in ATTRIBUTE_COLUMNS]
    rows = np.stack([codes for codes, _ in columns], axis=1)[order]
    ends = np.searchsorted(owners[order], np.arange(len(places)), side="right")
    return Attributes(rows, [words for _, words in columns], ends)


def _coded(column: Any) -> tuple[Codes, list[Any]]:
    """A column as places in the list of its words; None is the last of these."""
    import pyarrow as pa

    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    words = [*encoded.dictionary.to_pylist(), None]
    codes = encoded.indices.cast(pa.int32()).fill_null(len(words) - 1)
    return codes.to_numpy(zero_copy_only=False), words


def _fill(catalogue: Catalogue, rows: list[Row], attributes: Attributes) -> None:
    """Makes every object after its parent, in the file's order otherwise."""
    shapes: dict[bytes, Shape] = {}
    made: dict[str, CatalogueObject] = {}
    places = {row[0]: place for place, row in enumerate(rows)}
    for row in rows:
        for name in reversed(_lineage(row[0], rows, places, made)):
            codes = attributes.of(places[name])
            key = codes.tobytes()
            if key not in shapes:
                shapes[key] = attributes.shape(codes)
            made[name] = catalogue.add(_object(len(made), rows[places[name]], shapes[key], made))
    for name, place in places.items():
        made[name].host = made.get(rows[place][3])


def _lineage(
    tag_name: str, rows: list[Row], places: dict[str, int], made: dict[str, CatalogueObject]
) -> list[str]:
    """An object and those above it that are not made yet, from below."""
    line: list[str] = []
    name: str | None = tag_name
    while name and name in places and name not in made:
        if name in line:
            raise PlantFileError(f"{name} stands within itself.")
        line.append(name)
        name = rows[places[name]][2]
    return line


def _object(number: int, row: Row, shape: Shape, made: dict[str, CatalogueObject]) -> CatalogueObject:
    tag_name, contained_name, parent, _, chain, category = row
    return CatalogueObject(
        FIRST_NUMBER + number,
        tag_name,
        tuple(chain.split(_SEPARATOR)) if chain else (),
        shape,
        parent=made.get(parent) if parent else None,
        contained_name=contained_name or "",
        category=_CATEGORIES.get(category, Category.UNDEFINED),
    )


def _listing(
    name: str, kind: str, is_array: bool, dimension: int, security: str, historized: bool, is_alarm: bool
) -> Listing:
    traits = Traits(
        _TYPES.get(kind, DataType.UNKNOWN),
        _SECURITIES.get(security, Classification.VIEW_ONLY),
        historized=bool(historized),
        is_alarm=bool(is_alarm),
        is_array=bool(is_array),
    )
    return Listing(name, shared(traits), int(dimension or 0))
