"""A dossier's tables as one piece of bytes, which go into a notebook or beside it: Parquet files in a zip.

`dossier.json` in it tells what it is: `format`, `title`, `start`, `end`, `provenance`, and of each table its
heading, its file (none where nobody recorded it) and its `attrs`.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Hashable, Mapping
from typing import Any, Final, NamedTuple

import pandas as pd

from mxgw_notebook.analysis.kept_tables import portable
from mxgw_notebook.errors import ConfigurationError

FORMAT, TOLD, SAMPLES = "dossier 1", "dossier.json", "samples.parquet"
HINT: Final = "A dossier's notebook has it, or the file beside that."


class Parts(NamedTuple):
    """What a dossier is made of."""

    title: str
    start: pd.Timestamp
    end: pd.Timestamp
    samples: pd.DataFrame
    tables: Mapping[str, pd.DataFrame | None]
    provenance: Mapping[str, str]


def packed(parts: Parts) -> bytes:
    """All of it as a zip of Parquet files; values of several kinds are in two columns, as in every file."""
    files = {name: f"{place}.parquet" for place, name in enumerate(parts.tables)}
    told: dict[str, Any] = {
        "format": FORMAT,
        "title": parts.title,
        "start": parts.start.isoformat(),
        "end": parts.end.isoformat(),
        "provenance": {name: str(value) for name, value in parts.provenance.items()},
        "attrs": plain_attrs(parts.samples),
        "tables": [
            {"name": name, "file": files[name], "attrs": plain_attrs(table)}
            if table is not None
            else {"name": name, "file": None, "attrs": {}}
            for name, table in parts.tables.items()
        ],
    }
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:  # Parquet is compressed already
        archive.writestr(TOLD, json.dumps(told))
        archive.writestr(SAMPLES, as_parquet(parts.samples))
        for name, table in parts.tables.items():
            if table is not None:
                archive.writestr(files[name], as_parquet(table))
    return whole.getvalue()


def unpacked(data: bytes) -> Parts:
    """What was packed. Raises ConfigurationError for other bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            told = json.loads(archive.read(TOLD))
            if told.get("format") != FORMAT:
                raise ValueError(f"it is {told.get('format')!r}, not {FORMAT!r}")
            return Parts(
                title=told["title"],
                start=pd.Timestamp(told["start"]),
                end=pd.Timestamp(told["end"]),
                samples=from_parquet(archive.read(SAMPLES), told["attrs"]),
                tables={
                    one["name"]: from_parquet(archive.read(one["file"]), one["attrs"])
                    if one["file"]
                    else None
                    for one in told["tables"]
                },
                provenance=told["provenance"],
            )
    except (zipfile.BadZipFile, KeyError, TypeError, AttributeError, OSError, ValueError) as error:
        raise ConfigurationError(f"These are not the data of a dossier: {error}", hint=HINT) from None


def as_parquet(table: pd.DataFrame) -> bytes:
    """A table as a Parquet file."""
    plain = portable(table)
    plain.attrs = {}  # they are told beside it
    written: bytes = plain.to_parquet(None, index=False, compression="zstd")
    return written


def from_parquet(data: bytes, attrs: Mapping[Hashable, Any]) -> pd.DataFrame:
    """The table again, and what it told beside."""
    found = pd.read_parquet(io.BytesIO(data))
    found.attrs = dict(attrs)
    return found


def plain_attrs(table: pd.DataFrame) -> dict[str, Any]:
    """What a table tells beside its rows, as far as JSON can hold it."""
    kept = {}
    for name, value in table.attrs.items():
        try:
            kept[str(name)] = json.loads(json.dumps(value))
        except (TypeError, ValueError):
            continue
    return kept
