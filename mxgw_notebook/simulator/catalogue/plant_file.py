"""Reads a galaxy from a plant file: Parquet, one file with both tables in it or a folder with two.

The columns are those of the toolkit's DataFrames of a galaxy, in their words. Others are ignored; text may
be plain or dictionary-encoded (a categorical).

Objects, one row each: `tag_name`, `contained_name`, `parent` and `hosted_by` (tag names, null at the root),
`template_chain` (nearest first, joined by " < "), `category` ("Area", "ApplicationObject", ...).

Attributes, one row each: `object` (a tag name), `attribute`, `data_type` ("Double", ...), `is_array`,
`array_dimension` (0 where it is none), `security` ("Operate", ...), `is_historized`, `is_alarm`.

- A folder holds `objects.parquet` and `attributes.parquet`.
- One file holds the objects, and in a column `attributes` the rows of each: a list of structs with these
  columns, without `object`.

Values are not in it: they are simulated by type.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mxgw_notebook.simulator.plant.attribute import Traits
from mxgw_notebook.simulator.plant.codes import DATA_TYPE_NAMES, Category, Classification, DataType
from mxgw_notebook.simulator.plant.galaxy_object import GalaxyObject, Listing

from .catalogue import Catalogue, CatalogueObject
from .generate import FIRST_NUMBER
from .shape import EMPTY, Shape, Span, shared

OBJECT_COLUMNS = ("tag_name", "contained_name", "parent", "hosted_by", "template_chain", "category")
ATTRIBUTE_COLUMNS = (
    "attribute", "data_type", "is_array", "array_dimension", "security", "is_historized", "is_alarm",
)  # fmt: skip
_LISTED = "attributes"
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


class PlantFileError(ValueError):
    """The plant file cannot be read; the text says why."""


def read_plant_file(path: str, catalogue: Catalogue) -> None:
    """Fills a catalogue from a plant file. Raises PlantFileError."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    place = Path(path)
    try:
        if place.is_dir():
            objects = pq.read_table(place / "objects.parquet")
            attributes = _by_object(_rows(pq.read_table(place / "attributes.parquet"), "object"))
        else:
            objects = pq.read_table(place)
            attributes = _nested(objects)
        rows = {row[0]: row for row in _rows(objects)}
    except (OSError, pa.ArrowException, KeyError) as error:
        raise PlantFileError(f"{path} is no plant file: {_reason(error)}") from error
    _fill(catalogue, rows, attributes)


def _reason(error: Exception) -> str:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return f"it lacks {text}" if isinstance(error, KeyError) else text


def _rows(table: Any, *first: str) -> Iterator[Row]:
    """The rows of a table in the columns that are asked for."""
    wanted = (*first, *ATTRIBUTE_COLUMNS) if first else OBJECT_COLUMNS
    return zip(*(table.column(name).to_pylist() for name in wanted), strict=True)


def _by_object(rows: Iterator[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for owner, *row in rows:
        found.setdefault(owner, []).append(tuple(row))
    return found


def _nested(objects: Any) -> dict[str, list[Row]]:
    names, lists = objects.column("tag_name").to_pylist(), objects.column(_LISTED).to_pylist()
    return {
        name: [tuple(one[key] for key in ATTRIBUTE_COLUMNS) for one in listed or ()]
        for name, listed in zip(names, lists, strict=True)
    }


def _fill(catalogue: Catalogue, rows: dict[str, Row], attributes: dict[str, list[Row]]) -> None:
    """Makes every object after its parent, in the file's order otherwise."""
    shapes: dict[tuple[Row, ...], Shape] = {}
    made: dict[str, CatalogueObject] = {}
    for tag_name in rows:
        for name in reversed(_lineage(tag_name, rows, made)):
            listed = tuple(attributes.get(name, ()))
            shape = shapes.setdefault(listed, _shape(listed) if listed not in shapes else EMPTY)
            made[name] = catalogue.add(_object(len(made), rows[name], shape, made))
    for name, row in rows.items():
        host: GalaxyObject | None = made.get(row[3]) if row[3] else None
        made[name].host = host


def _lineage(tag_name: str, rows: dict[str, Row], made: dict[str, CatalogueObject]) -> list[str]:
    """An object and those above it that are not made yet, from below."""
    line: list[str] = []
    name: str | None = tag_name
    while name and name in rows and name not in made:
        if name in line:
            raise PlantFileError(f"{name} stands within itself.")
        line.append(name)
        name = rows[name][2]
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


def _shape(rows: tuple[Row, ...]) -> Shape:
    listings = [_listing(*row) for row in rows]
    return Shape(listings, [_SPANS.get(one.traits.data_type, Span()) for one in listings])


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
