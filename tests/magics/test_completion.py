"""Tab behind %mxgw and in the body of %%mxgw."""

from __future__ import annotations

import time

import pytest
from IPython.core.completer import provisionalcompleter

from tests.conftest import Eventually
from tests.magics.conftest import Notebook

MOST_SECONDS = 0.05


def tab(notebook: Notebook, text: str) -> list[str]:
    """What Tab offers at the end of a text, each as the text would read with it."""
    with provisionalcompleter():
        found = list(notebook.shell.Completer.completions(text, len(text)))
    return [text[: one.start] + one.text for one in found]


@pytest.fixture
def known(connected: Notebook, eventually: Eventually) -> Notebook:
    """The shell, connected, its galaxy loaded."""
    eventually(lambda: "%mxgw read Pump001." in tab(connected, "%mxgw read Pump001"))
    return connected


def test_commands_complete_without_a_gateway(notebook: Notebook) -> None:
    assert tab(notebook, "%mxgw wat") == ["%mxgw watch"]
    assert tab(notebook, "values = %mxgw rea") == ["values = %mxgw read"]
    assert set(tab(notebook, "%%mxgw ")) == {"%%mxgw read", "%%mxgw watch", "%%mxgw write"}
    assert tab(notebook, "%mxgw help acknow") == ["%mxgw help acknowledge"]


def test_options_complete_and_the_given_one_is_not_offered_again(notebook: Notebook) -> None:
    assert tab(notebook, "%mxgw find x --hist") == ["%mxgw find x --historized"]
    assert "%mxgw find --alarm --alarm" not in tab(notebook, "%mxgw find --alarm --")


def test_a_tag_completes_in_two_steps_never_by_case(known: Notebook) -> None:
    assert tab(known, "%mxgw read pump001") == ["%mxgw read Pump001."]
    assert "%mxgw read Pump001.Speed" in tab(known, "%mxgw read pump001.sp")
    assert "%mxgw watch Tank001.Level Pump001.Speed" in tab(known, "%mxgw watch Tank001.Level Pump001.Sp")


def test_a_tag_completes_by_its_attribute_alone(known: Notebook) -> None:
    assert "%mxgw read Pump001.Speed" in tab(known, "%mxgw read speed")


def test_the_body_of_a_cell_completes_tags(known: Notebook) -> None:
    assert "%%mxgw read\nTank001.Level\nPump001.Speed" in tab(
        known, "%%mxgw read\nTank001.Level\nPump001.Spe"
    )
    assert "%%mxgw\nPump001." in tab(known, "%%mxgw\npump001")


def test_values_of_options_complete(known: Notebook) -> None:
    assert tab(known, "%mxgw find x --template $Pum") == ["%mxgw find x --template $Pump"]
    assert tab(known, "%mxgw find --type Doub") == ["%mxgw find --type Double"]
    assert tab(known, "%mxgw find --security Op") == ["%mxgw find --security Operate"]
    assert tab(known, "%mxgw objects --area Utili") == ["%mxgw objects --area Utilities"]
    assert "%mxgw instances $Tank Level" in tab(known, "%mxgw instances $Tank Lev")


def test_other_cells_complete_as_ever(known: Notebook) -> None:
    assert "import operator" in tab(known, "import oper")


@pytest.mark.parametrize(
    "text", ["%mxgw read nothing_like_this", "%mxgw read x", "%mxgw find --template $", "%mxgw "]
)
def test_a_key_press_is_answered_within_50_ms(known: Notebook, text: str) -> None:
    tab(known, text)
    starts = []
    for _ in range(3):
        start = time.perf_counter()
        tab(known, text)
        starts.append(time.perf_counter() - start)
    assert min(starts) < MOST_SECONDS
