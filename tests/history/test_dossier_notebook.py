"""A dossier as a notebook is read without being run, runs without a plant, and then shows the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

from mxgw_notebook.analysis import Dossier
from mxgw_notebook.cli.demo.report import execute
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway
from mxgw_notebook.history import open_recording
from tests.analysis.quality_frames import after, frame_of
from tests.conftest import Eventually
from tests.history.conftest import LEVEL, SPEED
from tests.history.test_dossier import INERT, made

pytestmark = pytest.mark.kernel

HEADINGS = ["Gaps", "Alarms", "Episodes", "Writes", "Acknowledges", "Deploys", "Notes"]


def read(path: Path) -> Any:
    document = nbformat.read(path, as_version=4)
    nbformat.validate(document)
    return document


def shown(document: Any) -> list[tuple[str, list[str]]]:
    """What each cell that is run shows, by its source."""
    cells = [cell for cell in document.cells if cell.cell_type == "code"]
    return [(cell.source, [output["data"]["text/html"] for output in cell.outputs]) for cell in cells]


def texts(document: Any) -> str:
    return "\n".join(cell.source for cell in document.cells if cell.cell_type == "markdown")


def check_run(path: Path) -> Any:
    """Runs a notebook in a new kernel, in its own folder; what it shows is what it had shown before."""
    document = read(path)
    before = shown(document)
    assert execute(document, path.parent, {}, lambda line: None) == ""
    assert shown(document) == before
    return document


def test_a_recordings_dossier_runs_in_a_new_kernel_and_shows_what_it_showed_before(
    gateway: Gateway, folder: Path, tmp_path: Path, eventually: Eventually
) -> None:
    watch, review = gateway.watch(LEVEL, SPEED), gateway.alarms()
    recorder = watch.record(folder)
    review.record(folder)
    eventually(lambda: recorder.acknowledged > 10)
    gateway.note("valve stuck")
    eventually(lambda: len(open_recording(folder).notes()))
    watch.stop()
    review.stop()
    dossier = open_recording(folder).dossier(title="Feed lost")
    path = dossier.save(tmp_path / "incident.ipynb")
    document = check_run(path)
    assert [re.findall(rf"^## {name}$", texts(document), re.MULTILINE) for name in HEADINGS] == [
        [f"## {name}"] for name in HEADINGS
    ]
    outputs = dict(shown(document))
    assert "valve stuck" in outputs["dossier.tables['Notes']"][0]
    assert outputs["dossier.trend()"][0].count("data:image/svg+xml;base64,") == 2
    assert str(folder) in outputs[next(source for source in outputs if "from_bytes" in source)][0]


def test_a_plants_dossier_is_written_by_the_same_call(gateway: Gateway, tmp_path: Path) -> None:
    gateway.watch(LEVEL).collect(3)
    document = read(gateway.dossier("-1min").save(tmp_path / "now.ipynb"))
    assert "Unknown: nobody recorded it." in texts(document)  # nobody has listened to alarms
    assert LEVEL in str(dict(shown(document))["dossier.samples"])


def test_texts_of_the_plant_are_inert_and_no_other_machine_is_asked(tmp_path: Path) -> None:
    path = made().save(tmp_path / "odd.ipynb")
    document = check_run(path)
    for _, outputs in shown(document):
        for output in outputs:
            assert "<script" not in output
            assert all(one.startswith("data:") for one in re.findall(r'<img[^>]*src="([^"]*)"', output))
    assert "<" not in texts(document)
    assert "](" not in texts(document)
    assert "http:" not in texts(document)


@pytest.mark.parametrize("title", ["![x](http://elsewhere/x.png)", "$\\href{javascript:a}{b}$", "a\n# b `c`"])
def test_no_title_is_taken_for_markdown(tmp_path: Path, title: str) -> None:
    empty = Dossier(title, after(0), after(9), frame_of(("A.Level", 0, 1.0, "good")), {})
    head = read(empty.save(tmp_path / "odd.ipynb")).cells[0].source.splitlines()
    assert head[1] == ""
    assert not set("![](){}$\\`:<>") & set(head[0])


def test_its_data_come_back_as_they_were() -> None:
    dossier = made(gaps=((50, 70, "outage"),))
    again = Dossier.from_bytes(dossier.to_bytes())
    pd.testing.assert_frame_equal(again.samples, dossier.samples)
    pd.testing.assert_frame_equal(again.uncovered(), dossier.uncovered())
    assert (again.title, again.start, again.end) == (dossier.title, dossier.start, dossier.end)
    assert again.tables["Deploys"] is None
    notes = again.tables["Notes"]
    assert notes is not None
    assert notes["text"].tolist() == [INERT]
    assert again.sources().equals(Dossier.from_bytes(again.to_bytes()).sources())
    with pytest.raises(ConfigurationError, match="not the data of a dossier"):
        Dossier.from_bytes(b"something else")


def test_many_data_are_in_a_file_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mxgw_notebook.analysis.dossier_notebook.MOST_INSIDE", 100)
    path = made().save(tmp_path / "large.ipynb")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["large.data.zip", "large.ipynb"]
    assert len(path.read_bytes()) < 100_000
    check_run(path)
    assert Dossier.from_bytes((tmp_path / "large.data.zip").read_bytes()).title == INERT


def test_no_table_has_names_of_templates_taken_for_mathematics(tmp_path: Path) -> None:
    samples = frame_of(("$Tank.$Level", 0, 1.0, "good"))
    document = read(Dossier("x", after(0), after(9), samples, {}).save(tmp_path / "x.ipynb"))
    for source, outputs in shown(document):
        assert all("mathjax_ignore" in output for output in outputs), source


def test_one_tag_is_drawn_by_its_name_or_a_glob() -> None:
    dossier = made()
    assert list(dossier.trend("A.*").svgs) == ["A.Level"]
    assert len(dossier.trend().svgs) == 2
    with pytest.raises(ConfigurationError, match=r"no tag B\.Level"):
        dossier.trend("B.Level")
