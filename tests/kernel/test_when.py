"""%%mxgw when in a real kernel: without a page to show it, and when its body goes wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from mxgw_notebook.cli.demo.report import execute
from tests.conftest import Eventually
from tests.kernel.kernel import LOAD, SECONDS, Kernel

pytestmark = pytest.mark.kernel

READY = f"{LOAD}\nimport time\n%mxgw write FIC101.SP 20"
WHEN = "%%mxgw when FIC101.SP > 30 --as high\n"
RAISED = "%mxgw write FIC101.SP 40\nwhile not high.events: time.sleep(0.02)"


def test_without_a_page_the_bodys_output_is_below_its_cell_and_below_the_table(tmp_path: Path) -> None:
    body = "print('event', event.number, '<b>')\ndisplay(events.frame())"
    cells = [READY, WHEN + body, RAISED, "print('goes on')", "high"]
    document: Any = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    assert execute(document, tmp_path, {}, lambda line: None) == ""
    first = document.cells[1].outputs[0]["data"]
    assert first["text/plain"] == "event 1 <b>\n"
    assert "event 1 &lt;b&gt;" in first["text/html"]
    assert "<th>highest</th>" in first["text/html"]
    assert document.cells[3].outputs[0]["text"] == "goes on\n"
    table = document.cells[4].outputs[0]["data"]["text/html"]
    assert "<pre>event 1 &lt;b&gt;\n</pre>" in table


@pytest.mark.parametrize("body", ["1 / 0", "import sys; sys.exit(3)", "raise KeyboardInterrupt"])
def test_a_body_that_fails_is_told_and_ends_nothing(kernel: Kernel, body: str) -> None:
    kernel.run(READY)
    kernel.run(WHEN + body)
    kernel.run(RAISED)
    until(kernel, "high.errors")
    printed = kernel.text("print(high.errors[0], len(high.outputs))")
    assert re.search(r"(ZeroDivisionError|SystemExit|KeyboardInterrupt).*0\n$", printed, re.DOTALL)
    kernel.run("high.stop()")


def test_a_body_that_does_not_end_is_interrupted(
    kernel: Kernel, tmp_path: Path, eventually: Eventually
) -> None:
    kernel.run(READY)
    kernel.run(WHEN + "open('begun', 'w').close()\nwhile True: pass")
    kernel.run(RAISED)
    eventually((tmp_path / "begun").exists)
    message = kernel.send("print(high.errors[0])")
    kernel.manager.interrupt_kernel()
    assert kernel.reply(message)["status"] == "ok"
    assert any("KeyboardInterrupt" in str(one.get("text")) for one in kernel.outputs(message))
    kernel.run("high.stop()")


@pytest.mark.parametrize("body", ["print(1", "await x"])
def test_a_body_that_is_no_python_is_one_line_and_nothing_is_watched(kernel: Kernel, body: str) -> None:
    kernel.run(READY)
    message = kernel.send(WHEN + body)
    assert kernel.reply(message)["status"] == "error"
    streams = [one for one in kernel.outputs(message) if one["type"] in ("stream", "error")]
    (line,) = "".join(one.get("text", "") for one in streams).splitlines()
    assert "The cell's body is not valid Python" in line
    kernel.run("status = %mxgw status\nassert status.loc['tags watched', 'value'] == 0")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Tank001.Level >", "stands where a tag or a value should"),
        ("Tank001.Level >> 5", "stands where a tag or a value should"),
        ("Nope.X > 5", "invalid reference"),
        ("Tank001.Level > 5 --as 1st", "1st cannot name a variable"),
    ],
)
def test_a_condition_that_is_none_shows_no_place_for_events(kernel: Kernel, line: str, told: str) -> None:
    kernel.run(READY)
    message = kernel.send(f"%%mxgw when {line}\nprint(event)")
    assert kernel.reply(message)["status"] == "error"
    outputs = kernel.outputs(message)
    assert [one for one in outputs if one["type"] == "display_data"] == []
    assert told in str(outputs)


def until(kernel: Kernel, condition: str) -> None:
    """Returns once a condition holds between cells."""
    for _ in range(200):
        if kernel.text(f"print(bool({condition}))").strip() == "True":
            return
    raise AssertionError(condition)


def test_the_table_below_a_body_follows_the_events(kernel: Kernel) -> None:
    kernel.run(LOAD)
    kernel.run("%mxgw write FIC101.SP 40")
    shown = kernel.run("%%mxgw when FIC101.SP > 50 --as high\nprint('event', event.number)")
    assert "0 events" in shown[-1]["data"]["text/plain"]
    kernel.send("%mxgw write FIC101.SP 55")
    while True:
        message = kernel.client.get_iopub_msg(timeout=SECONDS)
        if message["msg_type"] == "update_display_data":
            told = message["content"]["data"]["text/plain"]
            if "1 event, " in told:
                break
    kernel.run("high.stop()\n%mxgw disconnect")
