"""A table out of a SQL database, by SQLAlchemy: AVEVA's views of alarms, an Ignition journal, any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from mxgw_notebook.analysis.other_logs.ignition import JOURNAL, with_data
from mxgw_notebook.analysis.other_logs.layout import Names, Theirs, plain
from mxgw_notebook.analysis.other_logs.tables import Origin
from mxgw_notebook.analysis.other_logs.text_times import Zone, zone_of
from mxgw_notebook.errors import ConfigurationError, reason_of

if TYPE_CHECKING:
    from sqlalchemy import Column, ColumnElement, Connection, Table

CAPTURED = "alarm_event_data"
EXTRA = 'Install it: pip install "mxgw-notebook[sql]", and the driver that the address names.'


def is_address(source: Any) -> bool:
    """Whether this is the address of a database, as sqlite:///plant.db."""
    return isinstance(source, str) and "://" in source


def read_database(
    address: str, tables: Names, times: Names, in_utc: Names, span: tuple[Any, Any], tz: Zone
) -> tuple[pd.DataFrame, Origin]:
    """The rows of a table or view between two moments (ns or None), by time, and where they came from.

    The first of the tables that is there. `times` are what its column of times may be called, `in_utc` those
    that are of UTC. Passwords are shown nowhere.

    Raises ConfigurationError without SQLAlchemy or the driver, without an answer, and without such a table.
    """
    with open_database(address) as (connection, shown):
        found = reflect(connection, shown, tables)
        rows = select(connection, found, times, in_utc, span, tz)
        if JOURNAL.fits(Theirs(rows)) and CAPTURED in tables_of(connection):
            rows = with_data(rows, select(connection, reflect(connection, shown, (CAPTURED,))))
        return rows, Origin(f"{shown} {found.name}")


@contextmanager
def open_database(address: str) -> Iterator[tuple[Connection, str]]:
    """A connection that is closed in any case, and the address without its password."""
    try:
        from sqlalchemy import create_engine, exc, make_url
    except ImportError:
        raise ConfigurationError(
            "Databases are read by SQLAlchemy, which is not installed", hint=EXTRA
        ) from None
    shown = "The database"
    try:
        url = make_url(address)
        shown = url.render_as_string(hide_password=True)
        engine = create_engine(url)
    except ImportError as error:
        raise ConfigurationError(f"{shown} needs a driver: {reason_of(error)}", hint=EXTRA) from None
    except (exc.ArgumentError, ValueError):
        hint = "One is sqlite:///plant.db or mssql+pyodbc://server/A2ALMDB?driver=..."
        raise ConfigurationError(f"{shown} is not an address of a database", hint=hint) from None
    try:
        with engine.connect() as connection:
            yield connection, shown
    except (exc.SQLAlchemyError, ValueError, TypeError) as error:
        # The latter two of a driver whose table has other things in a column than its type says.
        reason = reason_of(getattr(error, "orig", None) or error)
        raise ConfigurationError(f"{shown} cannot be read: {reason}") from None
    finally:
        engine.dispose()


def tables_of(connection: Connection) -> list[str]:
    """The tables and views of a database."""
    from sqlalchemy import inspect

    inspector = inspect(connection)
    return [*inspector.get_view_names(), *inspector.get_table_names()]


def reflect(connection: Connection, shown: str, tables: Names) -> Table:
    """The first of the tables that is there; one may be named with its schema."""
    from sqlalchemy import MetaData, Table

    there = {name.lower(): name for name in tables_of(connection)}
    for table in tables:
        schema, _, name = table.rpartition(".")
        if schema or name.lower() in there:
            known = name if schema else there[name.lower()]
            return Table(known, MetaData(), autoload_with=connection, schema=schema or None)
    message = f"{shown} has no table {' or '.join(tables) or 'that was named'}"
    listed = ", ".join(sorted(there.values())[:20]) or "none"
    raise ConfigurationError(message, hint=f"It has {listed}; name one, as table=... with its layout=...")


def bounds(column: Column[Any], span: tuple[Any, Any], zone: Zone) -> list[ColumnElement[bool]]:
    """What confines a column of times to a span, as far as that has a begin and an end."""
    compared = zip(span, (column.__ge__, column.__lt__), strict=True)
    return [compare(as_stored(moment, column, zone)) for moment, compare in compared if moment is not None]


def select(
    connection: Connection, table: Table, times: Names = (), in_utc: Names = (),
    span: tuple[Any, Any] = (None, None), tz: Zone = None,
) -> pd.DataFrame:  # fmt: skip
    """Its rows, by time where a column of times is known; those of a span alone where one is asked for."""
    from sqlalchemy import select as query

    by_name = {plain(column.name): column for column in table.columns}
    asked = query(table)
    time = next((name for name in times if plain(name) in by_name), None)
    if time is not None:
        column, zone = by_name[plain(time)], "UTC" if time in in_utc else tz
        asked = asked.where(*bounds(column, span, zone))
        asked = asked.order_by(column, *([by_name["id"]] if "id" in by_name else []))
    rows = connection.execute(asked).fetchall()
    return pd.DataFrame(rows, columns=[column.name for column in table.columns], dtype=object)


def as_stored(moment_ns: int, column: Any, tz: Zone) -> Any:
    """A moment as a column without zones has it: as a date where it is one of dates, else as text."""
    from sqlalchemy import DateTime

    aware = datetime.fromtimestamp(moment_ns / 1e9, UTC)
    local = aware.astimezone(zone_of(tz or "UTC")).replace(tzinfo=None)
    if isinstance(column.type, DateTime):
        return aware if column.type.timezone else local
    return local.isoformat(sep=" ", timespec="milliseconds")
