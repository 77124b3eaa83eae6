"""A recording as tables of DuckDB."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.fs

from mxgw_notebook.analysis import Snapshot
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.history.facts import TABLES, fact_table
from mxgw_notebook.history.files import Look
from mxgw_notebook.history.recorded import RecordedSource
from mxgw_notebook.words import GOOD_FROM, UNCERTAIN_FROM

if TYPE_CHECKING:
    import duckdb

TABLES_HINT = "There are samples, alarms, gaps, writes, acknowledges, notes, runs, objects, attributes."
COLUMNS = (
    "tag, timestamp, value, "
    f"case when quality >= {GOOD_FROM} then 'good' when quality >= {UNCERTAIN_FROM} then 'uncertain' "
    "else 'bad' end as quality, quality as quality_code, kind, integer, text, flags & 1 = 1 as replayed, "
    "sequence"
)
# What was told of one event by several recorders is one row: the n-th of each stands for the same one.
EACH_ONCE = """
select * exclude (run, nth) from (
  select *, row_number() over (partition by tag, timestamp, value, quality, kind, integer, text, run) as nth
  from {rows}
) qualify row_number() over (
  partition by tag, timestamp, value, quality, kind, integer, text, nth order by run) = 1
"""


def needed(module: str, package: str, purpose: str) -> Any:
    """A module that not everybody has. Raises ConfigurationError with what to install."""
    try:
        return importlib.import_module(module)
    except ImportError:
        hint = 'python -m pip install "mxgw-notebook[history]"'
        raise ConfigurationError(
            f"{purpose} {package} is needed, which is not installed", hint=hint
        ) from None


def connect_views(source: RecordedSource, galaxy: Snapshot | None) -> duckdb.DuckDBPyConnection:
    """A connection in memory with the recording's tables as views."""
    made: duckdb.DuckDBPyConnection = needed("duckdb", "duckdb", "For SQL").connect()
    made.execute("set timezone = 'UTC'")
    source.looking(lambda look: add_samples(made, source, look))
    for table in TABLES:
        made.register(table, fact_table(table, source.facts(table)))
    for name in ("objects", "attributes") if galaxy is not None else ():
        frame: pd.DataFrame = getattr(galaxy, name)
        texts = {column: "str" for column in frame.columns if frame[column].dtype == "category"}
        # As Arrow has it: older versions of DuckDB know nothing of pandas' own texts.
        made.register(name, pa.Table.from_pandas(frame.astype(texts), preserve_index=False))
    return made


def add_samples(made: Any, source: RecordedSource, look: Look) -> None:
    """The view of samples: Parquet is read by DuckDB itself, journals from memory."""
    files = [path for hour in sorted(look.samples) for path in look.samples[hour]]
    parts = []
    if files and isinstance(source.filesystem, pyarrow.fs.LocalFileSystem):
        listed = ", ".join("'" + path.replace("'", "''") + "'" for path in files)
        run = "regexp_extract(filename, '([^/\\\\]*)\\.[0-9]+\\.parquet$', 1) as run"
        parts.append(
            f"select * exclude (filename), {run} from read_parquet([{listed}], filename = true, "
            "hive_partitioning = false)"
        )
    elif files:
        made.register("parquet_samples", source.parquet_of(files))
        parts.append("select *, '' as run from parquet_samples")
    made.register("journal_samples", source.journaled_with_run(look))
    parts.append("select * from journal_samples")
    made.register("present_samples", source.present_with_run(look))
    made.execute("create view every_sample as " + " union all ".join(parts))
    rows = (
        EACH_ONCE.format(rows="every_sample")
        if source.is_shared(look)
        else ("select * exclude (run) from every_sample")
    )
    # What tags read as a recording began counts where nobody had recorded it before.
    new = (
        "select distinct on (p.tag, p.timestamp, p.quality) p.* exclude (run) from present_samples p "
        "anti join every_sample s on p.tag = s.tag and p.timestamp = s.timestamp and p.quality = s.quality "
        "and p.value is not distinct from s.value and p.text is not distinct from s.text "
        "and p.integer is not distinct from s.integer"
    )
    made.execute(f"create view samples as select {COLUMNS} from ({rows} union all by name {new})")


def run_query(made: Any, query: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
    """What a query gives. Raises ConfigurationError, one line, for one that DuckDB refuses."""
    if not query.strip():
        raise ConfigurationError("No query given", hint="e.g. select tag, count(*) from samples group by tag")
    try:
        frame: pd.DataFrame = made.execute(query, dict(parameters) or None).df()
    except Exception as error:  # DuckDB's own, of which there are many kinds
        if type(error).__module__.partition(".")[0] not in ("duckdb", "_duckdb"):
            raise
        reason = " ".join(str(error).split("\n\n")[0].split())
        raise ConfigurationError(f"The query was refused: {reason}", hint=TABLES_HINT) from None
    finally:
        made.close()
    # What DuckDB counts in nanoseconds has no zone there.
    naive = frame.select_dtypes("datetime").columns
    return frame.assign(**{name: frame[name].dt.tz_localize("UTC") for name in naive})
