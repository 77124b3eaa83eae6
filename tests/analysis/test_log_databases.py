"""Logs of other systems in databases, and what keeps one from being read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.analysis import read_alarm_log
from mxgw_notebook.errors import ConfigurationError
from tests.analysis.foreign_logs import CAPTURED, EVENTS, JOURNAL, view
from tests.analysis.logs import at, log


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A SQLite database with the same views and tables."""
    sqlalchemy = pytest.importorskip("sqlalchemy")
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'plant.db'}")
    states = view("UNACK_ALM", "UNACK_RTN", "ACK_RTN")
    with engine.begin() as connection:
        states.to_sql("AlarmRows", connection, index=False)
        connection.exec_driver_sql("CREATE VIEW v_AlarmHistory AS SELECT * FROM AlarmRows")
        EVENTS.to_sql("Events", connection, index=False)
        JOURNAL.to_sql("alarm_events", connection, index=False)
        CAPTURED.to_sql("alarm_event_data", connection, index=False)
        log((0, "A", "raise"), (60, "A", "clear")).to_sql("other", connection, index=False)
    engine.dispose()
    return f"sqlite:///{tmp_path / 'plant.db'}"


def test_a_database_has_the_same_views(database: str) -> None:
    assert read_alarm_log(database)["transition"].astype("str").tolist() == ["raise", "clear", "acknowledge"]
    pd.testing.assert_frame_equal(
        read_alarm_log(database, layout="wwalmdb"), read_alarm_log(view("UNACK_ALM", "UNACK_RTN", "ACK_RTN"))
    )
    pd.testing.assert_frame_equal(read_alarm_log(database, layout="historian"), read_alarm_log(EVENTS))
    journal = read_alarm_log(database, layout="ignition", tz="Europe/Berlin")
    assert (journal["value"].iloc[0], journal["limit"].iloc[0]) == (52.5, 50)
    assert (journal["operator"].iloc[1], journal["comment"].iloc[1]) == ("admin", "pump stopped")
    assert len(read_alarm_log(database, layout="plain", table="other")) == 2


def test_a_span_of_a_database_alone_is_read_and_counts_as_what_the_log_covers(database: str) -> None:
    found = read_alarm_log(database, layout="a2almdb", start=at(30), end=at(100))
    assert found["transition"].astype("str").tolist() == ["clear"]
    assert found.attrs["reviewed"] == [at(30).isoformat(), at(100).isoformat()]


def test_a_database_whose_times_are_none_is_told_in_one_line(tmp_path: Path) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'plant.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE alarm_events (id INT, eventid TEXT, source TEXT, eventtype INT, eventtime DATETIME)"
        )
        connection.exec_driver_sql("INSERT INTO alarm_events VALUES (1, 'u', 'A', 0, 1777874400000)")
    engine.dispose()
    with pytest.raises(ConfigurationError, match=r"plant\.db"):
        read_alarm_log(f"sqlite:///{tmp_path / 'plant.db'}")


@pytest.mark.parametrize(
    ("address", "options", "words"),
    [
        ("sqlite:///{folder}/none/none.db", {}, "cannot be read"),
        ("sqlite:///{folder}/empty.db", {}, "has no table"),
        ("nothing://user:secret@host/db", {}, "driver|not an address"),
        ("mssql+pyodbc://sa:secret@host/A2ALMDB", {}, "driver"),
    ],
)
def test_what_keeps_a_database_from_being_read_is_one_line_without_a_password(
    address: str, options: dict[str, Any], words: str, tmp_path: Path
) -> None:
    pytest.importorskip("sqlalchemy")
    with pytest.raises(ConfigurationError, match=words) as refused:
        read_alarm_log(address.format(folder=tmp_path), **options)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)
