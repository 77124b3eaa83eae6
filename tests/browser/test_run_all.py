"""Run All in real JupyterLab with many live widgets: nothing is dropped on the way to the page."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from playwright.sync_api import Browser, expect

from mxgw_notebook.cli.demo.demo import shipped, variables
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.browser.kernel_traffic import KernelTraffic
from tests.browser.lab_bench import (
    NEWEST,
    LabBench,
    dropped_nothing,
    holes_seen,
    shows_exactly_what_the_kernel_has,
    shows_what_the_kernel_has,
    statuses,
)
from tests.browser.lab_page import lab_page, notebook_of

pytestmark = pytest.mark.browser
in_the_long_form = pytest.mark.skipif(
    not os.environ.get("MXGW_RUN_ALL"), reason="takes two minutes: MXGW_RUN_ALL=1"
)
ROUNDS = 3 if os.environ.get("MXGW_RUN_ALL") else 2

TRENDS, TAGS_A_TREND, TAGS_IN_TABLE = 10, 8, 120
CELLS = [
    "%load_ext mxgw_notebook\n%mxgw connect demo",
    f"""
import time
import mxgw_notebook as mx
from IPython.display import display
gateway = mx.current()
tags = [tag for name in ("*.Level", "*.PV", "*.Speed", "*.Temperature") for tag in gateway.find(name)["tag"]]
trends = [gateway.watch(tags[k::{TRENDS}][:{TAGS_A_TREND}]) for k in range({TRENDS})]
for trend in trends:
    display(trend)
""",
    f"tables = [gateway.watch(tags[:{TAGS_IN_TABLE}])]\ndisplay(tables[0].table())",
    "alarms = gateway.alarms()\nalarms",
    "tree = %mxgw browse\ntree",
    "for number in range(300):\n    print(number, flush=True)",
    "end = time.monotonic() + 4\nwhile time.monotonic() < end:\n    sum(range(1000))",
    "%mxgw status",
    NEWEST,
]
LATEST_SECONDS = 2.0
FLOOD = "for number in range(12_000):\n    print(number, flush=True)"
Opened = Callable[..., AbstractContextManager[LabBench]]


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Opens a notebook; the server's log is where temporary files go."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))

    @contextmanager
    def open_(notebook: Path, plant: EmbeddedGateway) -> Iterator[LabBench]:
        traffic: list[KernelTraffic] = []
        with lab_page(
            chromium, notebook, variables(plant), before=lambda page: traffic.append(KernelTraffic(page))
        ) as lab:
            (log,) = scratch.glob("*/jupyterlab.log")
            yield LabBench(lab, traffic[0], log)

    return open_


def test_run_all_with_many_live_widgets_drops_nothing(
    opened: Opened, plant: EmbeddedGateway, tmp_path: Path, screenshots: Path
) -> None:
    with opened(notebook_of(CELLS, tmp_path / "many.ipynb"), plant) as bench:
        for _ in range(ROUNDS):
            bench.lab.run_all()
            shows_what_the_kernel_has(bench)
        # The plant stands still from here on, so that what is shown and what is kept can be the same.
        plant.stop()
        for status in statuses(bench.lab):
            expect(status).to_contain_text("reconnecting", timeout=30_000)
        shows_exactly_what_the_kernel_has(bench)
        bench.lab.picture(bench.lab.widget("trend").first, screenshots / "run-all.png")
        dropped_nothing(bench)


@in_the_long_form
def test_what_a_cell_that_prints_too_much_costs_the_widgets_is_noticed_and_sent_again(
    opened: Opened, plant: EmbeddedGateway, tmp_path: Path
) -> None:
    with opened(notebook_of([*CELLS[:-1], FLOOD, NEWEST], tmp_path / "flood.ipynb"), plant) as bench:
        bench.lab.run_all()
        assert bench.complaints() != []
        assert bench.traffic.holes() > 0
        bench.lab.until(lambda: holes_seen(bench.lab) > 0)
        shows_what_the_kernel_has(bench)
        plant.stop()
        shows_exactly_what_the_kernel_has(bench)


@pytest.mark.parametrize(
    ("name", "views"),
    [
        ("03_live.ipynb", "trends, tables, alarms = [watched], [everything], None"),
        pytest.param("04_alarm_review.ipynb", "trends, tables = [trend], []", marks=in_the_long_form),
    ],
)
def test_run_all_of_a_notebook_that_comes_along_drops_nothing(
    opened: Opened, plant: EmbeddedGateway, tmp_path: Path, name: str, views: str
) -> None:
    notebook = nbformat.read(shipped() / name, as_version=4)
    assert "stop()" in notebook.cells[-1].source
    notebook.cells[-1] = new_code_cell(f"{views}\n{NEWEST}")
    nbformat.write(notebook, tmp_path / name)
    with opened(tmp_path / name, plant) as bench:
        for _ in range(ROUNDS - 1):
            bench.lab.run_all()
            shows_what_the_kernel_has(bench)
        dropped_nothing(bench)


@in_the_long_form
@pytest.mark.parametrize(("name", "widgets"), [("01_quickstart.ipynb", 2), ("02_galaxy.ipynb", 0)])
def test_run_all_of_a_notebook_that_ends_its_widgets_drops_nothing(
    opened: Opened, plant: EmbeddedGateway, tmp_path: Path, name: str, widgets: int
) -> None:
    shutil.copyfile(shipped() / name, tmp_path / name)
    with opened(tmp_path / name, plant) as bench:
        for _ in range(2):
            bench.lab.run_all()
        dropped_nothing(bench, widgets)


def test_a_cell_that_is_run_again_shows_the_same_widget_and_no_other_is_sent_anything(
    opened: Opened, plant: EmbeddedGateway, tmp_path: Path
) -> None:
    cells = [CELLS[0], "%mxgw watch Tank001.Level"]
    with opened(notebook_of(cells, tmp_path / "again.ipynb"), plant) as bench:
        bench.lab.run_all()
        trend = bench.lab.widget("trend")
        expect(trend).to_have_count(1)
        bench.lab.until(lambda: len(bench.traffic.numbered()) == 1)
        (only,) = bench.traffic.numbered()
        bench.lab.run_cell(1)
        expect(trend).to_have_count(1)
        before = str(trend.first.get_attribute("data-last-ms"))
        expect(trend.first).not_to_have_attribute("data-last-ms", before, timeout=30_000)
        assert senders(bench.traffic) == {only}


def senders(traffic: KernelTraffic) -> set[str]:
    """The live widgets behind the latest messages."""
    live = [message for message in traffic.messages if message.number is not None]
    return {message.comm for message in live if message.sent > live[-1].sent - LATEST_SECONDS}
