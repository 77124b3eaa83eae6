"""Every table that a public method returns can be kept: by pandas' own methods, ours, polars and DuckDB."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars
import pytest

import mxgw_notebook
from mxgw_notebook.analysis import AlarmReport, Dossier
from mxgw_notebook.gateway import (
    AlarmReview,
    Deploys,
    EventWatch,
    Gateway,
    Instances,
    Plan,
    SavedGalaxy,
    connect,
    disconnect,
)
from mxgw_notebook.history import RecordedParts, Recording
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually
from tests.package.test_hostile import MADE

TAGS = ["Tank001.Level", "Pump001.Running", "FIC101.Mode"]
MAKERS: dict[type, Callable[[Gateway], Any]] = {**MADE, Deploys: lambda gateway: gateway.deploys()}
# What a method is given where it takes something.
GIVEN: dict[str, tuple[Any, ...]] = {
    "find": ("Tank*.Level",), "collect": (0.3,), "read": (TAGS,), "sql": ("select * from samples limit 3",),
    "write": ("FIC101.SP", 40), "samples": (1,), "acknowledge": ("*",), "diff": ("before.parquet",),
    "alarm_changes": ("before.parquet",), "impact": ("before.parquet",), "align": ("1s",),
    "resample": ("1s",), "between": ("2026-01-01", "2030-01-01"), "tune_alarm": (50.0,),
}  # fmt: skip
GIVEN_BY: dict[tuple[type, str], tuple[Any, ...]] = {
    (Gateway, "history"): (TAGS,),
    (Instances, "read"): ("Level",),
}
# They say no here, in a line of theirs: a file has no values, no deploy was recorded, nobody can be asked.
REFUSED = {
    (SavedGalaxy, "read"),
    (Recording, "impact"),
    *((Plan, name) for name in ("apply", "carry_out", "outcomes", "offer")),
}
# Their rows have values as they were read or sent, of any kind.
# Why: DECISIONS.md, "Values of several kinds are two columns".
OF_ANY_KIND = {"status"}


def returns_tables(function: Callable[..., Any]) -> bool:
    """Whether it says that it returns a table, or several by name."""
    return "pd.DataFrame" in str(inspect.signature(function).return_annotation)


def tables_of(held: type) -> Iterator[str]:
    """The public methods and properties of a class that return tables."""
    for name in dir(held):
        member = inspect.getattr_static(held, name)
        function = member.fget if isinstance(member, property) else member
        if not name.startswith("_") and inspect.isfunction(function) and returns_tables(function):
            yield name


def keep(table: pd.DataFrame, folder: Path) -> None:
    """Keeps it in each way that the manual names."""
    table.to_excel(folder / "t.xlsx")
    table.to_csv(folder / "t.csv")
    table.to_parquet(folder / "t.parquet")
    for ending in ("xlsx", "csv", "parquet"):
        table.mxgw.save(folder / f"saved.{ending}")


def hand_over(table: pd.DataFrame) -> None:
    """Hands it to those that take a column of one kind alone."""
    assert len(polars.from_pandas(table)) == len(table)
    with duckdb.connect() as database:
        database.register("given", table)
        assert len(database.sql("select * from given").fetchall()) == len(table)


@pytest.fixture
def gateway(
    embedded: EmbeddedGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, eventually: Eventually
) -> Iterator[Gateway]:
    """One with values of several kinds, alarms and a saved galaxy."""
    monkeypatch.chdir(tmp_path)
    made = connect(embedded.endpoint, api_key=KEY, plaintext=True, writable="tests")
    made.snapshot("before.parquet")
    watch = made.watch(TAGS)
    eventually(lambda: len(watch.frame()) > len(TAGS))
    yield made
    disconnect()


def tables_in(found: Any) -> list[pd.DataFrame]:
    """The tables of what was returned."""
    return list(found.values()) if isinstance(found, dict) else [found]


def kept(made: Any, folder: Path) -> Iterator[str]:
    """The methods of an object whose tables were kept. Raises AssertionError for one that was not."""
    for name in tables_of(type(made)):
        if (type(made), name) in REFUSED:
            continue
        member = getattr(made, name)
        given = GIVEN_BY.get((type(made), name), GIVEN.get(name, ()))
        try:
            for table in tables_in(member(*given) if inspect.ismethod(member) else member):
                keep(table, folder)
                if name not in OF_ANY_KIND:
                    hand_over(table)
        except Exception as error:
            raise AssertionError(f"{type(made).__name__}.{name}") from error
        yield name


@pytest.mark.parametrize("kind", [kind for kind in MAKERS if set(tables_of(kind))])
def test_what_a_method_returns_can_be_kept(
    gateway: Gateway, kind: type, tmp_path: Path, eventually: Eventually
) -> None:
    made = MAKERS[kind](gateway)
    if kind is EventWatch:
        eventually(lambda: made.events)
    if kind is AlarmReview:
        eventually(lambda: made.status == "live")
    assert set(kept(made, tmp_path))


def test_each_table_of_a_report_and_of_a_dossier_can_be_kept(gateway: Gateway, tmp_path: Path) -> None:
    report, dossier = MAKERS[AlarmReport](gateway), MAKERS[Dossier](gateway)
    standing = report.standing
    assert len(standing)
    assert len(standing.select_dtypes("datetimetz").columns)
    held = [*vars(report).values(), dossier.samples, *dossier.tables.values()]
    tables = [one for one in held if isinstance(one, pd.DataFrame)]
    assert len(tables) > 20
    for table in tables:
        keep(table, tmp_path)
        hand_over(table)


@pytest.mark.parametrize("name", ["connections", "flights"])
def test_what_a_function_returns_can_be_kept(gateway: Gateway, name: str, tmp_path: Path) -> None:
    assert gateway
    keep(getattr(mxgw_notebook, name)(), tmp_path)


def test_the_parts_of_a_recording_are_among_what_is_tried() -> None:
    assert {"episodes", "time_in_state", "tune_alarm"} <= set(tables_of(RecordedParts))
    assert {"frame", "history", "filtered"} <= set(tables_of(AlarmReview))
