"""Arming: for a reason, for a time, for some tags; it ends by itself, and a cell that runs again asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import copy_context
from types import SimpleNamespace
from typing import Any

import pytest

from mxgw_notebook.client import Gate
from mxgw_notebook.client import arming as arming_module
from mxgw_notebook.errors import ConfigurationError, NotArmedError, SessionClosedError
from mxgw_notebook.gateway import Gateway, connect, current
from mxgw_notebook.gateway.cells import CELLS
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY

SETPOINT, OTHER = "FIC101.SP", "TIC103.SP"


@pytest.fixture
def plant(embedded: EmbeddedGateway) -> Iterator[Gateway]:
    """Connected as to any plant, unarmed."""
    gateway = connect(embedded.endpoint, api_key=KEY, plaintext=True)
    before = gateway.read(SETPOINT, OTHER)
    yield gateway
    with connect(embedded.endpoint, api_key=KEY, plaintext=True).armed("as it was"):
        current().write(before)


class Clock:
    """Both clocks of arming, moved by hand."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.monotonic, self.wall = 1000.0, 10**18
        clocks = SimpleNamespace(monotonic=lambda: self.monotonic, time_ns=lambda: self.wall)
        patch.setattr(arming_module, "time", clocks)


# ------------------------------------------------------------------ the gate


def test_an_arming_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, gate = Clock(monkeypatch), Gate("plant:5000")
    gate.arm("tuning", minutes=10)
    clock.monotonic += 599
    gate.check([SETPOINT], "written")
    clock.monotonic += 1
    with pytest.raises(NotArmedError, match=r"plant:5000 is not armed: the time of 'tuning' is over"):
        gate.check([SETPOINT], "written")


def test_a_laptop_that_slept_is_not_armed_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, gate = Clock(monkeypatch), Gate("plant:5000")
    gate.arm("tuning", minutes=10)
    clock.wall += 3600 * 10**9  # while the other clock stood still
    assert gate.arming is None


@pytest.mark.parametrize(
    ("tags", "name", "covered"),
    [
        ((), SETPOINT, True),
        (("FIC*.SP",), SETPOINT, True),
        (("fic101.sp",), SETPOINT, True),
        (("FIC*.SP",), OTHER, False),
        (("FIC*.SP",), "FIC101.SP.HiLimit", False),
        (("SP*",), SETPOINT, False),
        (("SP",), SETPOINT, False),
        (("PV*",), "Galaxy!Production1.FIC101.PV.Hi", True),
        (("FIC101*",), "Galaxy!Production1.FIC101.PV.Hi", True),
        (("FIC101*",), "Galaxy!Production1.XFIC101.PV.Hi", False),
        (("Recipe_101.Charges[[]]",), "Recipe_101.Charges[]", False),
        (("Recipe_101.Charges[]",), "Recipe_101.Charges[]", True),
    ],
)
def test_some_tags_alone_may_be_armed(tags: tuple[str, ...], name: str, covered: bool) -> None:
    gate = Gate("plant:5000")
    assert gate.arm("tuning", tags=tags).covers(name) is covered


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "},
        {"reason": 5},
        {"reason": "x", "minutes": 0},
        {"reason": "x", "minutes": float("nan")},
        {"reason": "x", "minutes": 1441},
        {"reason": "x", "minutes": "10"},
        {"reason": "x", "tags": 5},
    ],
)
def test_arming_takes_a_reason_and_a_time(wrong: dict[str, Any]) -> None:
    gate = Gate("plant:5000")
    with pytest.raises(ConfigurationError):
        gate.arm(**wrong)
    assert gate.arming is None


def test_disarming_within_a_block_is_the_last_word() -> None:
    gate = Gate("plant:5000")
    gate.arm("before")
    with gate.armed("within"):
        gate.disarm()
    assert gate.arming is None
    gate.arm("before")
    with gate.armed("within"):
        pass
    assert gate.arming is not None
    assert gate.arming.reason == "before"


def test_of_blocks_that_overlap_none_that_has_ended_comes_back() -> None:
    gate = Gate("plant:5000")
    contexts = [copy_context(), copy_context()]  # as two threads have them
    first, second = gate.armed("first"), gate.armed("second")
    contexts[0].run(first.__enter__)
    contexts[1].run(second.__enter__)
    contexts[0].run(first.__exit__, None, None, None)
    assert reason_of(gate) == "second"  # which has not ended
    gate.arm("by hand")
    contexts[1].run(second.__exit__, None, None, None)
    assert reason_of(gate) == "by hand"
    gate.disarm()
    assert gate.arming is None


def test_what_is_armed_within_a_block_ends_with_that_block_alone() -> None:
    gate, other = Gate("plant:5000"), Gate("other:5000")
    gate.arm("before")
    other.arm("before")
    with gate.armed("outer"), other.armed("outer"):
        gate.arm("again")
        with gate.armed("inner"):
            other.arm("again")
            assert (reason_of(gate), reason_of(other)) == ("inner", "again")
        assert reason_of(gate) == "again"
    assert (reason_of(gate), reason_of(other)) == ("before", "before")


def reason_of(gate: Gate) -> str:
    assert gate.arming is not None
    return gate.arming.reason


def test_a_block_that_fails_is_on_record_as_ended(plant: Gateway) -> None:
    with pytest.raises(ZeroDivisionError), plant.armed("a test"):
        raise ZeroDivisionError
    last = plant.audit_trail().iloc[-1]
    assert (last["deed"], last["why"], plant.arming) == ("disarm", "a test", None)


# ------------------------------------------------------------------ a connection


def test_a_block_is_armed_and_what_follows_is_not(plant: Gateway) -> None:
    with plant.armed("a test", minutes=1, tags="FIC*.SP"):
        assert "armed" in repr(plant)
        assert plant.status().loc["armed", "value"] == "a test (1 min left, FIC*.SP alone)"
        plant.write(SETPOINT, 41)
        with pytest.raises(NotArmedError, match=r"TIC103.SP was not written.*armed for FIC\*.SP alone"):
            plant.write({SETPOINT: 42, OTHER: 12})
        assert plant.read(SETPOINT)["value"].tolist() == [41.0]
    with pytest.raises(NotArmedError):
        plant.write(SETPOINT, 42)
    assert plant.status().loc["armed", "value"] == "no: read-only"


def test_connecting_elsewhere_disarms(plant: Gateway, embedded: EmbeddedGateway) -> None:
    plant.arm("a test")
    connect(embedded.endpoint, api_key=KEY, plaintext=True)
    assert plant.arming is None
    assert current().arming is None
    with pytest.raises(SessionClosedError):
        plant.arm("a test")


def test_a_script_says_so_when_it_connects(embedded: EmbeddedGateway) -> None:
    gateway = connect(embedded.endpoint, api_key=KEY, plaintext=True, writable="nightly recipe")
    assert gateway.arming is not None
    assert str(gateway.arming) == "nightly recipe (while it is connected)"
    for wrong in ("", 5):
        with pytest.raises(ConfigurationError):
            connect(embedded.endpoint, api_key=KEY, plaintext=True, writable=wrong)  # type: ignore[arg-type]


def test_the_demo_plant_is_armed_from_the_start() -> None:
    gateway = connect("demo")
    assert gateway.arming is not None
    assert gateway.arming.reason == "a simulated plant"
    gateway.write(SETPOINT, 41)


# ------------------------------------------------------------------ cells


class Page:
    """Runs cells as a page with cell ids does, and answers what they ask."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.says: bool | None = None
        self.asked: list[str] = []
        patch.setattr("mxgw_notebook.gateway.changing.answer", self.answer)

    def answer(self, question: str) -> bool | None:
        self.asked.append(question)
        return self.says

    def run(self, cell: str, *calls: Any) -> None:
        CELLS.begin(SimpleNamespace(cell_id=cell, raw_cell=""))
        try:
            for call in calls:
                call()
        finally:
            CELLS.end(None)


@pytest.fixture
def notebook_page(monkeypatch: pytest.MonkeyPatch) -> Page:
    return Page(monkeypatch)


def test_a_cell_that_has_written_before_asks_again(plant: Gateway, notebook_page: Page) -> None:
    plant.arm("a test")
    write = lambda: plant.write(SETPOINT, 41)  # noqa: E731
    notebook_page.run("a", write, write)
    notebook_page.run("b", write)
    assert notebook_page.asked == []
    with pytest.raises(NotArmedError, match=r"this cell has changed .* nobody can be asked") as caught:
        notebook_page.run("a", write)
    assert "\n" not in str(caught.value)
    notebook_page.says = False
    with pytest.raises(NotArmedError, match="it was declined"):
        notebook_page.run("a", write)
    notebook_page.says = True
    notebook_page.run("a", write, write)
    assert len(notebook_page.asked) == 3
    assert plant.endpoint in notebook_page.asked[0]
    assert SETPOINT in notebook_page.asked[0]


def test_a_new_arming_is_a_new_beginning(plant: Gateway, notebook_page: Page) -> None:
    for _ in range(2):
        plant.arm("a test")
        notebook_page.run("a", lambda: plant.write(SETPOINT, 41))
    assert notebook_page.asked == []


def test_what_was_certainly_not_written_is_no_writing_before(plant: Gateway, notebook_page: Page) -> None:
    plant.arm("a test")
    with pytest.raises(ConfigurationError):
        notebook_page.run("a", lambda: plant.write(SETPOINT, "abc"))
    notebook_page.run("a", lambda: plant.write(SETPOINT, 41))
    assert notebook_page.asked == []


def test_run_all_does_not_arm_by_itself(plant: Gateway, notebook_page: Page) -> None:
    def arm_and_write() -> None:
        for _ in range(2):
            with plant.armed("a test"):
                plant.write(SETPOINT, 41)

    notebook_page.run("a", arm_and_write)
    with pytest.raises(NotArmedError, match="this cell has armed a plant before"):
        notebook_page.run("a", arm_and_write)
    notebook_page.says = True
    notebook_page.run("a", arm_and_write)
    assert len(notebook_page.asked) == 2


def test_run_all_of_a_notebook_that_connects_does_not_arm_by_itself(
    plant: Gateway, notebook_page: Page
) -> None:
    def begin() -> None:
        connect(plant.endpoint, api_key=KEY, plaintext=True)

    notebook_page.run("begin", begin)
    notebook_page.run("arm at once", lambda: current().arm("a test"))
    notebook_page.run("begin", begin)
    with pytest.raises(NotArmedError, match="this cell has armed a plant before"):
        notebook_page.run("arm at once", lambda: current().arm("a test"))
    with pytest.raises(NotArmedError):
        notebook_page.run("write at once", lambda: current().write(SETPOINT, 41))


def test_a_cell_that_connects_as_writable_asks_again(plant: Gateway, notebook_page: Page) -> None:
    def begin() -> None:
        connect(plant.endpoint, api_key=KEY, plaintext=True, writable="a test")

    notebook_page.run("writable", begin)
    before = current()
    with pytest.raises(NotArmedError, match="this cell has armed a plant before, and nobody can be asked"):
        notebook_page.run("writable", begin)
    assert current() is before
    notebook_page.says = True
    notebook_page.run("writable", begin)
    assert current() is not before
    assert current().arming is not None
