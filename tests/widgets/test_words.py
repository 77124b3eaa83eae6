"""The browser's code says the plant's words as Python does, and says them in one place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mxgw_notebook.widgets
from mxgw_notebook.words import ALARM_STATES, GOOD_FROM, QUALITIES, UNCERTAIN_FROM, Phase, counted

SOURCES = Path(mxgw_notebook.widgets.__file__).parent / "src"
WORDS = SOURCES / "shared" / "words.js"
STRING = re.compile(r'"([^"\n]*)"')
# A state is a text of its own, or the key of what is known of it; "Acknowledge selected" does not count.
STATE = re.compile(
    r"""["'`]((?:[a-z]+ )?(?:un)?acknowledged)["'`]|^\s*((?:un)?acknowledged): [{\d]""", re.MULTILINE
)
STYLED_STATE = re.compile(r'data-state="([^"]*)"')
STYLED_QUALITY = re.compile(r'data-quality="([^"]*)"')
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def constant(name: str) -> str:
    (value,) = re.findall(
        rf"^export const {name} = (.*?);$", WORDS.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return str(value)


def test_the_browser_knows_the_three_states_of_an_alarm_in_their_order() -> None:
    assert STRING.findall(constant("ALARM_STATES")) == list(ALARM_STATES)


def test_the_browser_calls_a_quality_good_or_uncertain_from_the_same_codes_on() -> None:
    assert STRING.findall(constant("QUALITIES")) == list(QUALITIES)
    assert (int(constant("UNCERTAIN_FROM")), int(constant("GOOD_FROM"))) == (UNCERTAIN_FROM, GOOD_FROM)


def test_the_browser_knows_every_phase_of_a_feed() -> None:
    known = re.findall(r'^  ([A-Z]+): "([a-z]+)",$', constant("PHASES"), re.MULTILINE)
    assert dict(known) == {phase.name: phase.value for phase in Phase}


@pytest.mark.parametrize(
    "file", sorted(SOURCES.rglob("*.js")), ids=lambda file: str(file.relative_to(SOURCES))
)
def test_no_other_script_writes_a_state_or_a_quality_code_of_its_own(file: Path) -> None:
    code = COMMENT.sub("", file.read_text("utf-8"))
    assert file == WORDS or not STATE.findall(code)
    assert file == WORDS or not re.findall(rf"\b{GOOD_FROM}\b|[<>]=? {UNCERTAIN_FROM}\b", code)


@pytest.mark.parametrize(
    "file", sorted(SOURCES.rglob("*.js")), ids=lambda file: str(file.relative_to(SOURCES))
)
def test_no_script_compares_a_phase_in_letters_of_its_own(file: Path) -> None:
    # An acknowledge may be refused as well as a feed.
    phases = "|".join(phase.value for phase in Phase if phase is not Phase.REFUSED)
    assert not re.findall(rf"""[!=]== ["'`](?:{phases})["'`]""", file.read_text("utf-8"))


def test_the_style_sheets_mark_no_state_and_no_quality_that_the_plant_does_not_know() -> None:
    sheets = "".join(sheet.read_text("utf-8") for sheet in SOURCES.rglob("*.css"))
    assert set(STYLED_STATE.findall(sheets)) == set(ALARM_STATES)
    # A tag that could not be read has a reason and no quality.
    assert set(STYLED_QUALITY.findall(sheets)) == {*QUALITIES, "failed"}


def test_one_is_said_in_the_singular() -> None:
    assert [counted(number, "alarm") for number in (0, 1, 2, 1234)] == [
        "0 alarms",
        "1 alarm",
        "2 alarms",
        "1,234 alarms",
    ]
