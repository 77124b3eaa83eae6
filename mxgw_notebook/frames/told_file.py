"""A table in a Parquet file that tells what it is: written whole or not at all.

The metadata has one entry, `mxgw_notebook`: JSON with `format`, `saved`, and what the format has beside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from mxgw_notebook.frames.whole_file import being_written, whole_file

KEY = b"mxgw_notebook"


def write_told(target: Path, table: Any, facts: Mapping[str, str]) -> Path:
    """Saves an Arrow table with its facts, and when that was; answers the path.

    Raises ConfigurationError when the file cannot be written.
    """
    told = {**facts, "saved": datetime.now(UTC).isoformat(timespec="seconds")}
    with being_written(target, is_named=False), whole_file(target) as part:
        pq.write_table(table.replace_schema_metadata({KEY: json.dumps(told)}), part, compression="zstd")
    return target


def told_facts(table: Any) -> dict[str, Any]:
    """The facts of a table that was read; none where it was not written here."""
    try:
        facts = json.loads((table.schema.metadata or {}).get(KEY, b"{}"))
    except (ValueError, RecursionError):  # what stands there is somebody else's
        return {}
    return facts if isinstance(facts, dict) else {}
