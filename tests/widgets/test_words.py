"""The browser's code says the plant's words as Python does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import mxgw_notebook.widgets
from mxgw_notebook.words import ALARM_STATES, GOOD_FROM, QUALITIES, UNCERTAIN_FROM

SOURCES = Path(mxgw_notebook.widgets.__file__).parent / "src"
# A state stands as a text of its own or as an object's key; "Acknowledge selected" does not count.
STATE = re.compile(r"""["'`]([a-z ]*acknowledged)["'`]|^\s*([a-z]*acknowledged):""", re.MULTILINE)
QUALITY_WORD = re.compile(r"function qualityWord\b.*?\n}", re.DOTALL)
NUMBER = re.compile(r"\b\d+\b")
WORD = re.compile(r'"([a-z]+)"')


def scripts() -> Iterator[str]:
    for file in sorted(SOURCES.rglob("*.[jt]s")):
        if "node_modules" not in file.parts:
            yield file.read_text(encoding="utf-8")


def test_the_browser_knows_the_three_states_of_an_alarm_and_no_other() -> None:
    said = [set(filter(None, sum(STATE.findall(script), ()))) for script in scripts()]
    assert set().union(*said) == set(ALARM_STATES)
    # Whatever lists more than two of them lists them all: what is shown, and what is counted.
    assert sum(states == set(ALARM_STATES) for states in said) >= 2


def test_the_browser_calls_a_quality_good_or_uncertain_from_the_same_codes_on() -> None:
    found = [function for script in scripts() for function in QUALITY_WORD.findall(script)]
    assert len(found) == 1
    assert [int(number) for number in NUMBER.findall(found[0])] == [GOOD_FROM, UNCERTAIN_FROM]
    assert WORD.findall(found[0]) == list(reversed(QUALITIES))
