"""The words that every layer says alike: an alarm's states, OPC quality, and how a feed stands.

The browser's code has them as well, in its own language; a test holds the two against each other.
"""

from __future__ import annotations

import re
import struct
from enum import Enum
from typing import Any, Final, Literal

AlarmState = Literal["unacknowledged", "cleared unacknowledged", "state unknown", "acknowledged"]
UNACKNOWLEDGED: Final = "unacknowledged"
CLEARED: Final = "cleared unacknowledged"
UNKNOWN_STATE: Final = "state unknown"  # the gateway names one that this version does not know
ACKNOWLEDGED: Final = "acknowledged"
# The most urgent first: so an alarm list is ordered.
ALARM_STATES: Final[tuple[AlarmState, ...]] = (UNACKNOWLEDGED, CLEARED, UNKNOWN_STATE, ACKNOWLEDGED)
WAITING_STATES: Final[tuple[AlarmState, ...]] = (UNACKNOWLEDGED, CLEARED)  # for an acknowledgement
STANDING_STATES: Final[tuple[AlarmState, ...]] = (UNACKNOWLEDGED, ACKNOWLEDGED)  # the condition still holds
# Or may: the gateway listed an alarm of unknown state.
MAY_STAND: Final[tuple[AlarmState, ...]] = (*STANDING_STATES, UNKNOWN_STATE)


class Phase(Enum):
    """How something that is followed stands. The value is its word for people, and travels to the browser."""

    IDLE = "idle"
    CONNECTING = "connecting"
    LIVE = "live"
    INCOMPLETE = "incomplete"
    SILENT = "silent"
    RECONNECTING = "reconnecting"
    FAILING = "failing"
    REFUSED = "refused"
    STOPPED = "stopped"


NO_ALARMS: Final = "No active alarms."
# An alarm list that is empty because nothing came looks like a quiet plant.
NO_LIST: Final = "No list of alarms has come yet."

NOT_RECORDED: Final = "not recorded"
# Causes of a gap after which every present value was asked for: one that had not changed goes on then.
RESUMING: Final = ("outage", NOT_RECORDED)

Quality = Literal["bad", "uncertain", "good"]
QUALITIES: Final[tuple[Quality, ...]] = ("bad", "uncertain", "good")  # ascending
UNCERTAIN_FROM: Final = 64
GOOD_FROM: Final = 192


def quality_word(code: int) -> Quality:
    """192 and up is good, 64 to 191 uncertain, below 64 bad; only the low byte counts."""
    # The high byte is the vendor's own; a signed number of 16 bits may bring it as a minus.
    byte = code & 0xFF
    return "good" if byte >= GOOD_FROM else "uncertain" if byte >= UNCERTAIN_FROM else "bad"


def counted(number: int, noun: str) -> str:
    """How many, as people say it: 1 alarm, 2 alarms."""
    return f"{number:,} {noun if number == 1 else f'{noun}s'}"


MOST_CERTAIN: Final = 2**53  # above it a double does not hold every whole number
# Above that a single has fewer digits than a whole number.
SINGLE_BELOW: Final = 1e6


def figures(number: float, digits: int = 6) -> str:
    """A number as a person reads it: so many digits, and never fewer than its whole part has."""
    size = abs(number)
    is_whole = size <= MOST_CERTAIN and float(number).is_integer()
    return f"{number + 0.0:.0f}" if is_whole or 10 ** (digits - 1) <= size < 1e15 else f"{number:.{digits}g}"


def exact(number: float) -> str:
    """A number with every digit that it was given, as few as that takes: 92.0000004, 12345678901.25."""
    found = as_sent(number)
    is_whole = abs(found) <= MOST_CERTAIN and float(found).is_integer()
    return f"{found:.0f}" if is_whole else f"{found:.15g}"


def as_sent(number: float) -> float:
    """A number of single precision with the digits that it had: 22.278, not 22.27799988."""
    if not abs(number) < SINGLE_BELOW or struct.unpack("f", struct.pack("f", number))[0] != number:
        return number
    return next(
        short
        for short in (float(f"{number:.{digits}g}") for digits in (6, 7, 8, 9))
        if struct.unpack("f", struct.pack("f", short))[0] == number
    )


def lapse_words(seconds: float) -> str:
    """A length of time in the largest units that fit: 4.2 s, 3 min 5 s, 2 h 10 min, 3 d 4 h."""
    if seconds < 60:
        return f"{seconds:.3g} s"
    for size, unit, smaller, small in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit} {int(seconds % size // smaller)} {small}"
    return ""


# What a terminal obeys, or what turns the order of letters around: a tab and a line's end are neither.
COMMANDING: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """A text of the plant as a terminal may have it: what would command the terminal is written out."""
    return COMMANDING.sub(lambda found: ascii(found[0])[1:-1], text)


# A spreadsheet takes a text that begins so for a formula, at the latest when somebody edits it.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


NUMBER: Final = re.compile(r"[+-](\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def safe_cell(cell: Any) -> Any:
    """A text that no spreadsheet takes for a formula; one that has the mark already gets another."""
    return f"'{cell}" if isinstance(cell, str) and is_formula(cell.lstrip("'")) else cell


def plain_cell(cell: Any) -> Any:
    """The text that was made safe, as it was."""
    marked = isinstance(cell, str) and cell.startswith("'") and is_formula(cell.lstrip("'"))
    return cell[1:] if marked else cell


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would calculate something; a number is the same calculated."""
    return text.startswith(FORMULA) and not NUMBER.fullmatch(text)
