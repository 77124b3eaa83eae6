"""mxgw-py demo, as a person starts it: a process, its words, its end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import psutil
import pytest

from mxgw_notebook.cli.demo.demo import QUICKSTART, shipped
from tests.conftest import Eventually
from tests.printed import printed

pytestmark = [pytest.mark.patient, pytest.mark.xdist_group("demo")]

FETCHED = re.compile(r"""(?:src|href)\s*=\s*["'](https?:)?//|@import|url\(\s*["']?(https?:)?//""")
DEMO = [sys.executable, "-u", "-m", "mxgw_notebook", "demo"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """What a headless run said, and the report it left."""
    folder = tmp_path_factory.mktemp("headless")
    done = subprocess.run(
        [*DEMO, "--headless", "--folder", str(folder)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, (folder / "01_quickstart.html").read_text(encoding="utf-8")


def test_a_headless_run_says_what_it_started_and_where_the_report_is(report: tuple[str, str]) -> None:
    said, _ = report
    assert re.search(r"Embedded gateway: 127\.0\.0\.1:\d+ \(simulated plant, process \d+\)", said)
    assert "01_quickstart.html" in said


def test_the_report_has_the_tables_and_the_plots(report: tuple[str, str]) -> None:
    _, html = report
    assert html.count("<table") >= 10
    for tag in ("Tank001.Level", "FIC101.PV"):
        assert re.search(rf"<svg(?:(?!</svg>).)*{re.escape(tag)}", html, re.DOTALL), tag
    assert "Error" not in re.sub(r"<style.*?</style>|<script.*?</script>", "", html, flags=re.DOTALL)


def test_the_report_asks_nothing_of_any_other_machine(report: tuple[str, str]) -> None:
    _, html = report
    assert not FETCHED.search(html)


def test_a_headless_run_never_writes_over_the_users_own_copy(tmp_path: Path) -> None:
    own = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    (tmp_path / QUICKSTART).write_text(own)
    subprocess.run(
        [*DEMO, "--headless", "--folder", str(tmp_path)], check=True, timeout=120, capture_output=True
    )
    assert (tmp_path / QUICKSTART).read_text() == own


def test_a_cell_that_fails_makes_the_run_fail_and_stands_in_the_report(tmp_path: Path) -> None:
    broken = notebook_of("%load_ext mxgw_notebook\n%mxgw connect demo\n%mxgw read Nope.Nope")
    (tmp_path / QUICKSTART).write_text(json.dumps(broken))
    done = subprocess.run(
        [*DEMO, "--headless", "--folder", str(tmp_path)],
        check=False,
        timeout=120,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Error: A cell failed" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Nope.Nope: invalid reference" in (tmp_path / "01_quickstart.html").read_text(encoding="utf-8")


DIES_AT_FIRST = """
import os, pathlib, sys
died = pathlib.Path(sys.argv[1], "died")
if not died.exists():
    died.touch()
    sys.exit("Address already in use")
os.execv(sys.executable, [sys.executable, "-m", "ipykernel_launcher", "-f", sys.argv[2]])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a kernel there is not replaced by another program")
def test_a_kernel_that_dies_before_it_answers_is_started_again(tmp_path: Path) -> None:
    spec = tmp_path / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    (tmp_path / "kernel.py").write_text(DIES_AT_FIRST)
    command = [sys.executable, str(tmp_path / "kernel.py"), str(tmp_path), "{connection_file}"]
    (spec / "kernel.json").write_text(
        json.dumps({"argv": command, "display_name": "Python 3", "language": "python"})
    )
    (tmp_path / QUICKSTART).write_text(json.dumps(notebook_of("print(6 * 7)")))
    done = subprocess.run(
        [*DEMO, "--headless", "--folder", str(tmp_path)],
        env={**os.environ, "JUPYTER_PATH": str(tmp_path / "jupyter")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "died").exists()
    assert "<pre>42" in (tmp_path / "01_quickstart.html").read_text(encoding="utf-8")


def notebook_of(source: str) -> dict[str, object]:
    """A notebook of one cell."""
    cell: dict[str, object] = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
    }
    return {"cells": [{**cell, "source": source}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def started_demo(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """A demo whose JupyterLab answers, and the address that it gave."""
    demo = subprocess.Popen(
        [*DEMO, "--no-browser", "--folder", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    said = ""
    for line in printed(demo):
        said += line
        if "Ctrl-C" in line:
            break
    url = re.search(r"http://127\.0\.0\.1:\d+/lab\S*", said)
    assert url, said
    return demo, url[0]


def is_at_work(process: psutil.Process) -> bool:
    """Whether it runs; what has ended may wait for a new parent to take note of it."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kernel_of(url: str) -> None:
    """Starts a kernel in the JupyterLab of this address."""
    address = urllib.parse.urlsplit(url)
    token = urllib.parse.parse_qs(address.query)["token"][0]
    request = urllib.request.Request(
        f"http://{address.netloc}/api/kernels",
        method="POST",
        data=b"{}",
        headers={"Authorization": f"token {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        assert answer.status == 201


def test_a_killed_demo_leaves_no_jupyterlab_no_kernel_and_no_gateway(
    tmp_path: Path, eventually: Eventually
) -> None:
    demo, url = started_demo(tmp_path)
    kernel_of(url)
    below = psutil.Process(demo.pid).children(recursive=True)
    assert len(below) >= 3
    demo.kill()
    demo.communicate(timeout=120)
    eventually(lambda: not any(is_at_work(child) for child in below))
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(url, timeout=120)


@pytest.mark.parametrize("died", ["gateway", "lab"])
def test_a_demo_whose_plant_or_jupyterlab_has_died_says_so_and_ends(
    tmp_path: Path, eventually: Eventually, died: str
) -> None:
    demo, _ = started_demo(tmp_path)
    below = psutil.Process(demo.pid).children()
    one = next(child for child in below if ("lab_child" in " ".join(child.cmdline())) is (died == "lab"))
    one.kill()
    _, errors = demo.communicate(timeout=120)
    assert (demo.returncode, errors.count("\n")) == (1, 1)
    assert f"process {one.pid}, has ended by itself" in errors
    eventually(lambda: not any(is_at_work(child) for child in below))


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process on Windows")
@pytest.mark.parametrize("ending", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_ctrl_c_and_a_closed_terminal_take_jupyterlab_and_the_gateway_down(
    tmp_path: Path, eventually: Eventually, ending: str
) -> None:
    demo, url = started_demo(tmp_path)
    with urllib.request.urlopen(url, timeout=120) as answer:
        assert answer.status == 200
    below = psutil.Process(demo.pid).children(recursive=True)
    assert len(below) >= 2
    demo.send_signal(getattr(signal, ending))
    rest, errors = demo.communicate(timeout=120)
    assert (demo.returncode, errors) == (0, "")
    assert "Stopped" in rest
    eventually(lambda: not any(child.is_running() for child in below))


def test_the_stored_notebook_has_no_outputs() -> None:
    cells = json.loads((shipped() / QUICKSTART).read_text(encoding="utf-8"))["cells"]
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in cells)
