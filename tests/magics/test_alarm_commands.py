"""%mxgw alarms with its filters, and its report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mxgw_notebook.analysis import AlarmReport
from mxgw_notebook.gateway import current
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually
from tests.magics.conftest import Notebook


@pytest.fixture
def busy(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Notebook]:
    """A shell connected to a plant in which two minutes pass in a second."""
    monkeypatch.setenv("MXGATEWAY_API_KEY", KEY)
    with EmbeddedGateway.start(seed=1, api_key=KEY, speed=120.0) as fast:
        notebook.run(f"%mxgw connect {fast.endpoint} --plaintext")
        notebook.run("%mxgw arm --reason tests")
        yield notebook
        notebook.run("%mxgw disconnect")


def test_alarms_are_narrowed_by_options(busy: Notebook, eventually: Eventually) -> None:
    options = "--area Steam --min-severity 500 --state unacknowledged --text boiler"
    assert busy.run(f"steam = %mxgw alarms {options}").err == ""
    busy.run("everything = %mxgw alarms")
    eventually(lambda: len(busy["everything"].history()) > 20)
    frame = busy["steam"].frame()
    assert set(frame["area"]) <= {"Steam"}
    assert set(frame["state"]) <= {"unacknowledged"}
    assert (frame["severity"] <= 500).all()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("--state sleeping", "not a state of an alarm"),
        ("--min-severity 5000", "not a severity"),
        ("--html review.html", "belong to the report"),
        ("report --from nowhere.parquet", "no file"),
        ("report --operators 0", "above 0"),
        ("report", "No alarms were followed"),
        ("report --area Utilities --state cleared", "--area, --state belong to a live table of alarms"),
        ("report --layout ignition", "--layout needs a log. Name the log: --from FILE."),
    ],
)
def test_what_cannot_be_is_one_line(connected: Notebook, line: str, told: str) -> None:
    said = connected.run(f"%mxgw alarms {line}").err
    assert told in said
    assert len(said.strip().splitlines()) == 1


def test_a_report_on_a_saved_galaxy_says_that_it_is_no_plant(notebook: Notebook, tmp_path: Path) -> None:
    file = tmp_path / "plant.parquet"
    notebook.run("%mxgw connect demo")
    notebook.run(f"%mxgw snapshot {file}")
    notebook.run(f"%mxgw connect {file}")
    said = notebook.run("%mxgw alarms report").err
    assert "a saved galaxy, not a plant" in said
    assert len(said.strip().splitlines()) == 1
    notebook.run("%mxgw disconnect")


def test_a_report_of_the_live_review_and_of_a_file(
    busy: Notebook, eventually: Eventually, tmp_path: Path
) -> None:
    busy.run("alarms = %mxgw alarms")
    eventually(lambda: len(busy["alarms"].history()) > 20)
    page = tmp_path / "review.html"
    cell = busy.run(f'%mxgw alarms report --html "{page}" --operators 2 --tz Europe/Berlin')
    assert isinstance(cell.value, AlarmReport)
    assert str(cell.value.by_shift["start"].dt.tz) == "Europe/Berlin"
    assert cell.out.startswith(f"Written: {page}\n")
    assert "<svg" in page.read_text(encoding="utf-8")
    busy["alarms"].save(tmp_path / "log.csv")
    saved = busy.run(f'%mxgw alarms report --from "{tmp_path / "log.csv"}"').value
    assert saved.title == "log"
    assert len(saved.rate) > 0


def test_an_acknowledge_by_magic_is_on_record(busy: Notebook, eventually: Eventually) -> None:
    busy.run("alarms = %mxgw alarms")
    eventually(lambda: len(busy["alarms"].frame()))
    reference = busy["alarms"].frame()["reference"].iloc[0]
    busy.run(f'%mxgw acknowledge "{reference}" --comment "by magic" --operator tester')
    audit = current().audit()
    assert audit[["reference", "operator", "comment"]].iloc[-1].tolist() == [reference, "tester", "by magic"]
