"""A plant's historian, which mxgw.toml names: a recording of somebody else's, or what a package reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.gateway import Gateway, connect, disconnect
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually
from tests.installed import put_package

SPEED = "Pump001.Speed"
Named = Callable[[str], Path]
PACKAGE = """
from mxgw_notebook.history import open_recording


def archive(url):
    if url.endswith("shut"):
        raise TimeoutError("nobody answers")
    return open_recording(url.removeprefix("archive://")).source


def three(url):
    return 3
"""


@pytest.fixture
def named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedded: EmbeddedGateway) -> Named:
    """Writes mxgw.toml with the plant `works` and its historian."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("KEY_OF_WORKS", KEY)

    def write(historian: str) -> Path:
        lines = [
            "[plants.works]", f'endpoint = "{embedded.endpoint}"', "plaintext = true",
            'key = { env = "KEY_OF_WORKS" }', f'historian = "{historian}"',
        ]  # fmt: skip
        file = tmp_path / "mxgw.toml"
        file.write_text("\n".join(lines), encoding="utf-8")
        return file

    return write


@pytest.fixture
def recorded(named: Named, tmp_path: Path, eventually: Eventually) -> int:
    """What a service has recorded in the folder `kept` beside the file; how many samples."""
    named("kept")
    watch = connect("works").watch(SPEED)
    recorder = watch.record(tmp_path / "kept")
    eventually(lambda: recorder.acknowledged > 3)
    disconnect()
    return recorder.acknowledged


def standing(gateway: Gateway) -> str:
    return str(gateway.status().loc["historian", "value"])


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What pip leaves of a package that reads archive:// and three://."""
    points = {name: f"works_archive:{name}" for name in ("archive", "three")} | {"gone": "works_gone:archive"}
    put_package(tmp_path, "works_archive", PACKAGE, "mxgw_notebook.historians", points)
    monkeypatch.syspath_prepend(tmp_path)


def test_a_new_kernel_has_the_past_that_a_service_recorded(recorded: int) -> None:
    gateway = connect("works")
    assert standing(gateway) == "kept: not asked so far"
    known = gateway.history(SPEED)
    assert len(known) >= recorded
    assert set(known["origin"]) == {"kept"}
    assert standing(gateway) == "kept: read"


def test_a_frame_and_a_trend_reach_back_into_it(recorded: int, eventually: Eventually) -> None:
    watch = connect("works").watch(SPEED)
    eventually(lambda: len(watch.frame()) > 1)
    frame = watch.frame(start="-1h")
    assert {"kept", "memory"} <= set(frame["origin"])
    drawn = watch.views.lines.between(0.0, 1e15)[0]
    assert len(drawn.time_ms) >= recorded


def test_the_notes_of_its_recording_are_known_once_it_was_read(recorded: int, tmp_path: Path) -> None:
    gateway = connect("works")
    watch = gateway.watch(SPEED)
    recorder = watch.record(tmp_path / "kept")
    gateway.note("valve stuck")
    recorder.stop()
    disconnect()
    again = connect("works")
    again.history(SPEED)
    assert again.notes()["text"].tolist() == ["valve stuck"]


def test_one_that_is_away_says_so_and_does_not_hide_the_present(
    named: Named, eventually: Eventually, tmp_path: Path
) -> None:
    file = named("nowhere")
    gateway = connect("works")
    watch = gateway.watch(SPEED)
    eventually(lambda: len(watch.frame()) > 2)
    with pytest.raises(GatewayError) as told:
        watch.frame(start="-1h")
    line = str(told.value)
    assert line.startswith("The historian of works, nowhere, could not be read:"), line
    assert str(file) in line
    assert "could not be read" in standing(gateway)
    # What memory has wholly is asked of memory alone.
    second = watch.frame()["timestamp"].iloc[1]
    assert set(watch.frame(start=second)) == set(watch.frame())
    assert len(watch.between(second)) == 1


def test_one_that_comes_back_is_read_at_the_next_question(recorded: int, tmp_path: Path) -> None:
    (tmp_path / "kept").rename(tmp_path / "moved")
    gateway = connect("works")
    with pytest.raises(GatewayError, match="could not be read"):
        gateway.history(SPEED)
    (tmp_path / "moved").rename(tmp_path / "kept")
    assert len(gateway.history(SPEED)) >= recorded
    assert standing(gateway) == "kept: read"


@pytest.mark.usefixtures("package")
def test_a_package_reads_what_it_has_a_scheme_for(recorded: int, named: Named, tmp_path: Path) -> None:
    named(f"archive://{(tmp_path / 'kept').as_posix()}")
    assert len(connect("works").history(SPEED)) >= recorded


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("archive://shut", "TimeoutError: nobody answers"),
        ("three://x", "works_archive:three gave a value of type int, and no HistorySource"),
        ("gone://x", "ModuleNotFoundError: No module named 'works_gone'"),
        ("unheard://x", "could not be read: "),
    ],
)
def test_what_a_package_does_wrong_is_told_in_a_line(named: Named, where: str, said: str) -> None:
    named(where)
    with pytest.raises(GatewayError) as told:
        connect("works").history(SPEED)
    assert said in told.value.message
    assert "\n" not in told.value.message


def test_a_demo_has_none(gateway: Gateway) -> None:
    assert standing(gateway) == "none"
