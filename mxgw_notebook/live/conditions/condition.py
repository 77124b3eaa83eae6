"""Conditions on tags, parsed and never run as code.

    Tank001.Level > 80 and not Pump001.Running for 5s
    FIC101.Mode == Auto or quality(Tank001.Level) < good

Comparisons (`>`, `>=`, `<`, `<=`, `==`, `!=`) of tags, numbers, texts, true and false, joined by `and`, `or`,
`not` and parentheses. A word with a dot is a tag, one without is a text. A tag alone holds while it is
true or not 0. Whatever hangs on a tag without a value is unknown, and does not hold. Time in which values
were missing does not count for how long a condition held.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mxgw_notebook.client import Value, text_given
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.words import QUALITIES, quality_word

HINT = "Write e.g. Tank001.Level > 80 and Pump001.Running for 5s."
DEEPEST = 50
TOKENS = re.compile(
    r"\s*(?:(?P<compare>>=|<=|==|!=|<>|>|<|=)|(?P<mark>[()])"
    r"|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))"
    r"|(?P<text>'[^']*'|\"[^\"]*\")|(?P<word>[^\s()<>=!'\"]+))"
)
HOLD = re.compile(r"\bfor\s+(?P<length>\d+(?:\.\d+)?\s*[a-zA-Z]+)\s*$")
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
RANKS = {word: float(rank) for rank, word in enumerate(QUALITIES)}


@dataclass(frozen=True, slots=True)
class Present:
    """What a tag reads at a moment; `quality` is the OPC byte."""

    value: Value
    quality: int


Readings = Mapping[str, Present]
Truth = bool | None
Node = Callable[[Readings], Truth]
Operand = Callable[[Readings], Value]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition. `holds` tells of given readings whether it does; `hold_seconds` how long it has to."""

    text: str
    tags: tuple[str, ...]
    hold_seconds: float
    node: Node

    def holds(self, readings: Readings) -> bool:
        """Whether it does. Unknown is no."""
        return self.node(readings) is True


def parse(text: str) -> Condition:
    """The condition of a text. Raises ConfigurationError that says what is wrong where."""
    hold = HOLD.search(text_given(text, "A condition", HINT))
    body = text[: hold.start()] if hold else text
    seconds = seconds_of(hold["length"]) if hold else 0.0
    reader = ConditionReader(body)
    node = reader.either()
    reader.end()
    if not reader.tags:
        raise ConfigurationError(f"No tag in {text.strip()!r}", hint=HINT)
    return Condition(" ".join(text.split()), tuple(dict.fromkeys(reader.tags)), seconds, node)


def seconds_of(length: str) -> float:
    """A stretch of time as people write it: 5s, 2 min. Raises ConfigurationError."""
    from mxgw_notebook.frames import stretch  # pandas: services that follow tags do without it

    return stretch(length.replace(" ", "")).total_seconds()


class ConditionReader:
    """Reads one condition from left to right."""

    def __init__(self, text: str) -> None:
        self.tags: list[str] = []
        self._words = tokens(text)
        self._at = 0
        self._depth = 0

    def either(self) -> Node:
        """Parts of which one has to hold."""
        parts = [self.all()]
        while self._take("or"):
            parts.append(self.all())
        return parts[0] if len(parts) == 1 else lambda readings: joined(parts, readings, absorbing=True)

    def all(self) -> Node:
        """Parts that all have to hold."""
        parts = [self.part()]
        while self._take("and"):
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else lambda readings: joined(parts, readings, absorbing=False)

    def part(self) -> Node:
        """One comparison, a tag alone, or what stands in parentheses."""
        if self._take("not"):
            negated = self._inside(self.part)
            return lambda readings: None if (truth := negated(readings)) is None else not truth
        if self._take("("):
            inner = self._inside(self.either)
            self._expect(")")
            return inner
        left = self.operand()
        kind, sign = self._peek()
        if kind != "compare":
            return lambda readings: truth_of(left(readings))
        self._at += 1
        right = self.operand()
        return lambda readings: compared(left(readings), sign, right(readings))

    def operand(self) -> Operand:
        """A tag, `quality(tag)`, a number or a text."""
        kind, word = self._peek()
        self._at += 1
        if kind == "number":
            # A float would round what an integer of 64 bits is compared with.
            number = int(word) if word.lstrip("+-").isdecimal() else float(word)
            return lambda readings: number
        if kind == "text":
            return lambda readings: word[1:-1]
        if kind != "word":
            raise ConfigurationError(f"{word or 'the end'!r} stands where a tag or a value should", hint=HINT)
        if word.lower() == "quality" and self._take("("):
            tag = self._tag(self._peek()[1])
            self._at += 1
            self._expect(")")
            return lambda readings: quality_word(readings[tag].quality) if tag in readings else None
        if word.lower() in ("true", "false"):
            return lambda readings: word.lower() == "true"
        if "." not in word:
            return lambda readings: word
        tag = self._tag(word)
        return lambda readings: readings[tag].value if tag in readings else None

    def end(self) -> None:
        """Raises ConfigurationError when something is left."""
        if self._at < len(self._words):
            raise ConfigurationError(f"{self._peek()[1]!r} is one word too many", hint=HINT)

    def _inside(self, read: Callable[[], Node]) -> Node:
        if self._depth == DEEPEST:
            raise ConfigurationError(f"More than {DEEPEST} parts stand one in another", hint=HINT)
        self._depth += 1
        try:
            return read()
        finally:
            self._depth -= 1

    def _tag(self, word: str) -> str:
        if "." not in word:
            raise ConfigurationError(f"{word!r} is no tag", hint=HINT)
        self.tags.append(word)
        return word

    def _peek(self) -> tuple[str, str]:
        return self._words[self._at] if self._at < len(self._words) else ("", "")

    def _take(self, word: str) -> bool:
        kind, found = self._peek()
        taken = kind in ("word", "mark") and found.lower() == word
        self._at += taken
        return taken

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise ConfigurationError(f"There is no {word!r} where one should be", hint=HINT)


def tokens(text: str) -> list[tuple[str, str]]:
    """The words of a condition, each with its kind."""
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = TOKENS.match(text, at)
        if match is None or match.lastgroup is None:
            raise ConfigurationError(f"{text[at:].strip()!r} cannot be read", hint=HINT)
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def joined(parts: list[Node], readings: Readings, *, absorbing: bool) -> Truth:
    """`or` where true decides, `and` where false does; unknown unless one decides."""
    truths = [part(readings) for part in parts]
    if absorbing in truths:
        return absorbing
    return None if None in truths else not absorbing


def truth_of(value: Value) -> Truth:
    """A value alone: true, or a number that is not 0."""
    return bool(value) if isinstance(value, bool | int | float) and value == value else None


def compared(left: Value, sign: str, right: Value) -> Truth:
    """Two values compared; None when one is missing, or they cannot be."""
    if left is None or right is None:
        return None
    if isinstance(left, str) or isinstance(right, str):
        return words_compared(str(left).lower(), sign, str(right).lower())
    if not (isinstance(left, bool | int | float) and isinstance(right, bool | int | float)):
        return None
    if left != left or right != right:  # NaN
        return None
    if sign in COMPARISONS:
        return COMPARISONS[sign](left, right)
    return (left == right) is (sign in ("==", "="))


def words_compared(left: str, sign: str, right: str) -> Truth:
    """Texts are equal or not, without case; qualities have an order as well."""
    if sign in ("==", "=", "!=", "<>"):
        return (left == right) is (sign in ("==", "="))
    if left in RANKS and right in RANKS:
        return COMPARISONS[sign](RANKS[left], RANKS[right])
    return None
