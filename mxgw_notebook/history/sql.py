"""A recording as tables of DuckDB."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.fs

from mxgw_notebook.analysis import Snapshot
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import Samples, quality_words
from mxgw_notebook.history.facts import TABLES, alarm_fact, fact_table, value_text
from mxgw_notebook.history.feeds import gap_fact
from mxgw_notebook.history.files import Look, in_hours
from mxgw_notebook.history.past import Past
from mxgw_notebook.history.recorded import RecordedSource
from mxgw_notebook.history.rows import told
from mxgw_notebook.words import GOOD_FROM, UNCERTAIN_FROM

if TYPE_CHECKING:
    import duckdb

KNOWN: Final = ("samples", *TABLES, "objects", "attributes")
# What is registered is a view, too.
VIEWS: Final = "select view_name from duckdb_views() where not internal"
EMPTY: Final = Samples(np.empty(0, np.int64), np.empty(0), np.empty(0, np.uint8))
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


# What one asks of a connection: the views, and the columns of each that a query is likely to name.
WORDS: Final = tuple(
    dict.fromkeys(
        [
            *("samples", "objects", "attributes", *(table for table in TABLES if table != "runs")),
            *(
                "tag",
                "timestamp",
                "value",
                "quality",
                "quality_code",
                "integer",
                "text",
                "replayed",
                "origin",
            ),
            *(column for table, columns in TABLES.items() if table != "runs" for column in columns),
            *("tag_name", "object", "attribute", "template", "path", "data_type"),
        ]
    )
)


def query_past(
    past: Past,
    span: tuple[int, int],
    others: Mapping[str, pd.DataFrame],
    query: str,
    parameters: Mapping[str, Any],
) -> pd.DataFrame:
    """What a query gives over all that is known of a stretch of time, and other tables.

    Raises:
        ConfigurationError: The query is wrong; or DuckDB is not installed.
    """
    made = needed("duckdb", "duckdb", "For SQL").connect()
    made.execute("set timezone = 'UTC'")
    tags = past.tags()
    made.register("samples", seen_samples(past, tags, span))
    made.register("alarms", without_run("alarms", [alarm_fact(one) for one in past.alarms(*span)]))
    gaps = [gap_fact(gap, number) for number, gap in enumerate(past.gaps(tags, *span), 1)]
    made.register("gaps", without_run("gaps", gaps))
    for name, frame in others.items():
        made.register(name, plain_table(frame))
    return run_query(made, query, parameters)


def without_run(table: str, facts: Sequence[Mapping[str, Any]]) -> Any:
    """Facts of which nobody knows by which recorder they are."""
    return fact_table(table, facts).drop_columns(["run"])


def seen_samples(past: Past, tags: Sequence[str], span: tuple[int, int]) -> Any:
    """Samples of all origins as one table, from the first of these times on."""
    parts = [
        samples_table(tag, origin, part.rows(part.time_ns >= span[0]))
        for tag, pieces in past.pieces(tags, *span).items()
        for origin, part in pieces
    ]
    empty = samples_table("", "", EMPTY)
    return pa.concat_tables([empty, *parts])


def samples_table(tag: str, origin: str, part: Samples) -> Any:
    """One tag's samples of one origin."""
    count = len(part)
    others: list[tuple[str | None, int | None, str | None]] = [(None, None, None)] * count
    if part.objects is not None:
        others = [(None, None, None) if one is None else told(one) for one in part.objects.tolist()]
    is_other = np.array([kind is not None and integer is None for kind, integer, _ in others], bool)
    replayed = np.zeros(count, bool) if part.replayed is None else part.replayed
    columns = {
        "tag": pa.array([tag] * count, pa.string()),
        "timestamp": pa.array(part.time_ns, pa.timestamp("ns", tz="UTC")),
        "value": pa.array(part.number, pa.float64(), mask=is_other | np.isnan(part.number)),
        "quality": pa.array(quality_words(part.quality).astype(str), pa.string()),
        "quality_code": pa.array(part.quality, pa.uint8()),
        "integer": pa.array([integer for _, integer, _ in others], pa.int64()),
        "text": pa.array([text for _, _, text in others], pa.string()),
        "replayed": pa.array(replayed, pa.bool_()),
        "origin": pa.array([origin] * count, pa.string()),
    }
    return pa.table(columns)


def plain_table(frame: pd.DataFrame) -> Any:
    """As Arrow has it: older versions of DuckDB know nothing of pandas' own texts."""
    plain = frame.astype(dict.fromkeys(frame.select_dtypes("category"), "str"))
    if "value" in plain:  # of any kind, and then JSON, as a recording has it
        plain["value"] = pd.Series([value_text(value) for value in frame["value"]], frame.index, object)
    return pa.Table.from_pandas(plain, preserve_index=False)


def needed(module: str, package: str, purpose: str, extra: str = "history") -> Any:
    """A module that not everybody has. Raises ConfigurationError with what to install."""
    try:
        return importlib.import_module(module)
    except ImportError:
        hint = f'python -m pip install "mxgw-notebook[{extra}]"'
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
        made.register(name, plain_table(getattr(galaxy, name)))
    return made


def add_samples(made: Any, source: RecordedSource, look: Look) -> None:
    """The view of samples: Parquet is read by DuckDB itself, journals from memory."""
    files = in_hours(look.samples, sorted(look.samples))
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
    try:
        views = {name for name, *_ in made.execute(VIEWS).fetchall()}
        # Of a comment, or of a semicolon alone, there is no answer.
        answer = made.execute(query, dict(parameters) or None) if query.strip() else None
        frame: pd.DataFrame | None = None if answer is None else answer.df()
    except Exception as error:  # DuckDB's own, of which there are many kinds
        if type(error).__module__.partition(".")[0] not in ("duckdb", "_duckdb"):
            raise
        reason = " ".join(str(error).split("\n\n")[0].split())
        hint = f"There are {', '.join(name for name in KNOWN if name in views)}."
        raise ConfigurationError(f"The query was refused: {reason}", hint=hint) from None
    finally:
        made.close()
    if frame is None:
        raise ConfigurationError("No query given", hint="e.g. select tag, count(*) from samples group by tag")
    # What DuckDB counts in nanoseconds has no zone there.
    naive = frame.select_dtypes("datetime").columns
    return frame.assign(**{name: frame[name].dt.tz_localize("UTC") for name in naive})
