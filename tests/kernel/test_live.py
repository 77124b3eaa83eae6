"""Live values in a real kernel: while a cell computes, and cell bodies on events."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from tests.kernel.kernel import LOAD, Kernel

pytestmark = pytest.mark.kernel


def test_values_are_collected_while_a_cell_computes(kernel: Kernel) -> None:
    kernel.run(LOAD)
    kernel.run("levels = %mxgw watch Tank001.Level Pump001.Speed\nimport time")
    kernel.run("end = time.monotonic() + 2\nwhile time.monotonic() < end: sum(range(1000))")
    printed = kernel.text("print(len(levels.frame()), levels.frame().attrs['gaps'], len(levels.failures))")
    count, rest = printed.split(maxsplit=1)
    assert int(count) > 6
    assert rest.strip() == "[] 0"


def test_a_saved_watch_list_is_watched_by_its_name(kernel: Kernel, tmp_path: Path) -> None:
    kernel.run(LOAD)
    kernel.run(f"%cd -q {tmp_path}")
    kernel.run("levels = %mxgw watch Tank001.Level Pump001.Speed\nlevels.save('feed.toml')\nlevels.stop()")
    kernel.run("again = %mxgw watch @feed")
    assert kernel.text("print(*again.tags)").split() == ["Tank001.Level", "Pump001.Speed"]


def test_a_cells_body_runs_on_events_between_cells(kernel: Kernel) -> None:
    kernel.run(LOAD)
    kernel.run("%mxgw write FIC101.SP 20")
    kernel.run("%%mxgw when FIC101.SP > 30 --as high\nseen = event.number\nprint('run', event.number)")
    kernel.run("%mxgw write FIC101.SP 40")
    for _ in range(100):
        kernel.run("import time; time.sleep(0.05)")
        if "1" in kernel.text("print(globals().get('seen', 'none'))"):
            break
    assert kernel.text("print(seen, len(high.events), high.errors)").strip() == "1 1 []"
    kernel.run("high.stop()")


def test_the_reading_process_ends_with_its_kernel(kernel: Kernel) -> None:
    kernel.run(LOAD)
    kernel.run("import mxgw_notebook as mx\nfrom mxgw_notebook.live import watchdog")
    kernel.run("watchdog.PROCESS_RATE = 0.0\nw = %mxgw watch Tank001.Level Pump001.Speed")
    for _ in range(100):
        if "process" in kernel.text("print(mx.current().status().loc['read by', 'value'])"):
            break
        kernel.run("import time; time.sleep(0.1)")
    readers = [
        child
        for child in psutil.Process(kernel.pid).children(recursive=True)
        if "mxgw_notebook.client.fast_events.reader_child" in child.cmdline()
    ]
    assert len(readers) == 1
    assert not any("mxgw_" in part and "secret" in part for part in readers[0].cmdline())
    psutil.Process(kernel.pid).kill()
    _, alive = psutil.wait_procs(readers, timeout=120)
    assert alive == []
