"""A table of values applies a plan that a page was shown, once, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mxgw_notebook.widgets import PlannedValue, ValueTable, WriteOutcome
from mxgw_notebook.widgets.write_desk import LONGEST_TEXT, MOST_KEPT, WriteDesk
from tests.widgets.doubles import HandTicker, ListedValues

TAG = "FIC101.SP"


class Plant:
    """Plans whatever is typed, and notes what is applied; `answers` are what that gave."""

    def __init__(self) -> None:
        self.proposed: list[tuple[str, str]] = []
        self.applied: list[str] = []
        self.waiting: list[Callable[[], None]] = []
        self.answer = WriteOutcome("done", "it is so")

    def propose(self, tag: str, text: str, done: Callable[[PlannedValue | WriteOutcome], None]) -> None:
        self.proposed.append((tag, text))

        def apply(told: Callable[[WriteOutcome], None]) -> None:
            self.applied.append(text)
            told(self.answer)

        self.waiting.append(lambda: done(PlannedValue("1", text, "m", "write", "", apply)))

    def plan(self) -> None:
        for call in self.waiting:
            call()
        self.waiting.clear()


@pytest.fixture
def plant() -> Plant:
    return Plant()


@pytest.fixture
def desk(plant: Plant) -> WriteDesk:
    return WriteDesk(plant)


def propose(desk: WriteDesk, request: str = "r1", text: str = "42") -> None:
    desk.hear({"kind": "propose", "request": request, "tag": TAG, "text": text})


def newest(desk: WriteDesk) -> dict[str, Any]:
    return desk.take(everything=True)[-1]


def apply(desk: WriteDesk, token: object, request: str = "r1") -> None:
    desk.hear({"kind": "apply", "request": request, "token": token})


def test_a_plan_is_applied_once_however_often_the_page_says_so(desk: WriteDesk, plant: Plant) -> None:
    propose(desk)
    plant.plan()
    shown = newest(desk)
    assert (shown["state"], shown["now"], shown["new"], shown["verdict"]) == ("offered", "1", "42", "write")
    apply(desk, shown["token"])
    apply(desk, shown["token"])
    assert plant.applied == ["42"]
    assert (newest(desk)["state"], newest(desk)["words"]) == ("done", "it is so")


@pytest.mark.parametrize("token", ["", "guessed", None, 7, ["a"], {"a": 1}])
def test_a_token_that_was_not_given_applies_nothing(desk: WriteDesk, plant: Plant, token: object) -> None:
    apply(desk, token, "unasked")
    assert newest(desk)["state"] == "refused"
    propose(desk)
    apply(desk, token)  # before there is a plan
    plant.plan()
    apply(desk, token)
    assert plant.applied == []


def test_a_token_goes_with_the_request_that_it_answered(desk: WriteDesk, plant: Plant) -> None:
    propose(desk, "r1", "1")
    propose(desk, "r2", "2")
    plant.plan()
    first, second = desk.take(everything=True)
    apply(desk, first["token"], "r2")
    assert plant.applied == []
    apply(desk, second["token"], "r2")
    assert plant.applied == ["2"]


def test_what_was_given_up_is_not_applied_and_not_planned_either(desk: WriteDesk, plant: Plant) -> None:
    propose(desk, "early")
    desk.hear({"kind": "give up", "request": "early"})
    plant.plan()
    assert desk.take(everything=True) == []
    propose(desk)
    plant.plan()
    token = newest(desk)["token"]
    desk.hear({"kind": "give up", "request": "r1"})
    apply(desk, token)
    assert plant.applied == []


def test_a_request_that_is_sent_twice_is_planned_once(desk: WriteDesk, plant: Plant) -> None:
    propose(desk)
    propose(desk, text="43")
    assert plant.proposed == [(TAG, "42")]


def test_a_text_too_long_is_refused_and_not_cut_off(desk: WriteDesk, plant: Plant) -> None:
    propose(desk, text="1" * (LONGEST_TEXT + 1))
    assert newest(desk)["words"] == f"more than {LONGEST_TEXT:,} characters"
    assert plant.proposed == []


def test_older_plans_give_way_and_are_good_no_more(desk: WriteDesk, plant: Plant) -> None:
    propose(desk)
    plant.plan()
    token = newest(desk)["token"]
    for number in range(MOST_KEPT):
        propose(desk, f"later {number}")
    assert len(desk.take(everything=True)) == MOST_KEPT
    apply(desk, token)
    assert plant.applied == []
    assert newest(desk)["words"].startswith("no such plan")


def test_nothing_is_applied_once_the_table_is_stopped(plant: Plant) -> None:
    table = ValueTable(ListedValues(), HandTicker(), writes=plant)
    desk = table._desk
    assert desk is not None
    assert table.can_write
    propose(desk)
    plant.plan()
    token = newest(desk)["token"]
    table.stop()
    apply(desk, token)
    propose(desk, "r2")
    assert plant.applied == []
    assert {entry["words"] for entry in desk.take(everything=True)} == {"not written: the table is stopped"}


def test_a_table_without_a_writer_has_no_way_to_write(ticker: HandTicker) -> None:
    assert not ValueTable(ListedValues(), ticker).can_write
