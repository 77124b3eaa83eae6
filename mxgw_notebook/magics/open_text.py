"""The text that is being typed in a piece of Python, and the call that it is an argument of."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What is called: a name, and what stands before its dot.
CALL = re.compile(r"(?:(?P<on>[\w.]+(?:\(\))?)\.)?(?P<method>\w+)\s*\Z")
KEYWORD = re.compile(r"(\w+)\s*=\s*\Z")
CLOSING = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class OpenText:
    """A text without its end: what it `begun` with, in a call of `method`, perhaps behind a keyword."""

    called_on: str
    method: str
    keyword: str
    begun: str


def open_text(code: str) -> OpenText | None:
    """The text in which the code ends, inside a call; None where it ends in none.

    Lists within the call count as the call's: `watch(["Tank001.`.
    """
    place, brackets = 0, list[int]()
    while place < len(code):
        sign = code[place]
        if sign == "#":
            place = (code.find("\n", place) + 1) or len(code)
        elif sign in "'\"":
            end = end_of_text(code, place)
            if end is None:
                return within(code, place, brackets)
            place = end
        else:
            if sign in CLOSING.values():
                brackets.append(place)
            elif brackets and CLOSING.get(sign) == code[brackets[-1]]:
                brackets.pop()
            place += 1
    return None


def end_of_text(code: str, start: int) -> int | None:
    """Where the text that begins at a quote is over; None where it is not."""
    quote = code[start] * 3 if code.startswith(code[start] * 3, start) else code[start]
    place = start + len(quote)
    while place < len(code):
        if code[place] == "\\":
            place += 2
        elif code.startswith(quote, place):
            return place + len(quote)
        elif code[place] == "\n" and len(quote) == 1:
            return place  # a line that was left unfinished
        else:
            place += 1
    return None


def within(code: str, quote: int, brackets: list[int]) -> OpenText | None:
    """What the text at a quote belongs to."""
    calls = [place for place in brackets if code[place] == "("]
    found = CALL.search(code[: calls[-1]]) if calls else None
    if found is None:
        return None
    begun = code[quote:].lstrip(code[quote])
    keyword = KEYWORD.search(code[calls[-1] : quote].rstrip("[( \n"))
    return OpenText(found["on"] or "", found["method"], keyword[1] if keyword else "", begun)
