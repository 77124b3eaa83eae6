"""Expressions of tags: parsed into functions of what the tags read, and never run as code.

From what binds least to what binds most: `or`, `and`, `not`, comparisons (`>`, `>=`, `<`, `<=`, `==`, `!=`),
`+` and `-`, `*` and `/`, a sign, parentheses. Operands are tags (words with a dot), numbers, texts, true and
false, `quality(tag)`, `abs(x)`, `min(x, y)` and `max(x, y)`. Signs stand between blanks, as names may have
them.

Whatever hangs on a tag without a value is unknown, None, and so is what cannot be calculated.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mxgw_notebook.client import Value
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.words import QUALITIES, quality_word

DEEPEST = 50
TOKENS = re.compile(
    r"\s*(?:(?P<compare>>=|<=|==|!=|<>|>|<|=)|(?P<mark>[(),])"
    r"|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))"
    r"|(?P<text>'[^']*'|\"[^\"]*\")|(?P<word>[^\s(),<>=!'\"]+))"
)
# A sign within a word that would be a calculation with blanks around it.
CROWDED = re.compile(r"[\w$#\]]*\.[\w.$#\[\]]*(?P<sign>[*/+]|-(?=[\d.]|[\w$#]+\.))")
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
SIGNS: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
}
RANKS = {word: float(rank) for rank, word in enumerate(QUALITIES)}


@dataclass(frozen=True, slots=True)
class Present:
    """What a tag reads at a moment; `quality` is the OPC byte."""

    value: Value
    quality: int


Readings = Mapping[str, Present]
Truth = bool | None
Node = Callable[[Readings], Value]
Part = tuple[str, Node]  # what is done with it, and the value


class ExpressionReader:
    """Reads one expression from left to right. `hint` is what its errors say to write instead."""

    def __init__(self, text: str, hint: str) -> None:
        self.tags: list[str] = []
        self._hint = hint
        self._words = tokens(text, hint)
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        """All of it. Raises ConfigurationError that says what is wrong where."""
        node = self._either()
        if self._at < len(self._words):
            raise self._error(f"{self._peek()[1]!r} is one word too many")
        return node

    def _either(self) -> Node:
        """Parts of which one has to hold."""
        parts = [self._all()]
        while self._take("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else lambda readings: joined(parts, readings, absorbing=True)

    def _all(self) -> Node:
        """Parts that all have to hold."""
        parts = [self._part()]
        while self._take("and"):
            parts.append(self._part())
        return parts[0] if len(parts) == 1 else lambda readings: joined(parts, readings, absorbing=False)

    def _part(self) -> Node:
        """One comparison, or a value alone."""
        if self._take("not"):
            negated = self._inside(self._part)
            return lambda readings: None if (truth := truth_of(negated(readings))) is None else not truth
        left = self._sum()
        kind, sign = self._peek()
        if kind != "compare":
            return left
        self._at += 1
        right = self._sum()
        return lambda readings: compared(left(readings), sign, right(readings))

    def _sum(self) -> Node:
        """What is added and subtracted, from left to right."""
        first, rest = self._product(), list[Part]()
        while True:
            kind, word = self._peek()
            if kind == "word" and word in ("+", "-"):
                self._at += 1
            elif kind == "number" and word[0] in "+-":  # the 5 of `Level -5` has taken the sign
                word = "+"
            else:
                return chained(first, rest)
            rest.append((word, self._product()))

    def _product(self) -> Node:
        first, rest = self._signed(), list[Part]()
        while self._peek() in (("word", "*"), ("word", "/")):
            sign = self._peek()[1]
            self._at += 1
            rest.append((sign, self._signed()))
        return chained(first, rest)

    def _signed(self) -> Node:
        if self._take("-"):
            return chained(lambda readings: 0, [("-", self._inside(self._signed))])
        return self._operand()

    def _operand(self) -> Node:
        """A tag, a function, a number or a text, or what stands in parentheses."""
        kind, word = self._peek()
        self._at += 1
        if (kind, word) == ("mark", "("):
            inner = self._inside(self._either)
            self._expect(")")
            return inner
        if kind == "number":
            # A float would round what an integer of 64 bits is compared with.
            number = int(word) if word.lstrip("+-").isdecimal() else float(word)
            return lambda readings: number
        if kind == "text":
            return lambda readings: word[1:-1]
        if kind != "word" or word in SIGNS:
            raise self._error(f"{word or 'the end'!r} stands where a tag or a value should")
        return self._named(word)

    def _named(self, word: str) -> Node:
        """What a word means."""
        lowered = word.lower()
        if lowered == "quality" and self._take("("):
            tag = self._tag(self._peek()[1])
            self._at += 1
            self._expect(")")
            return lambda readings: quality_word(readings[tag].quality) if tag in readings else None
        if lowered in FUNCTIONS and self._take("("):
            return self._called(lowered)
        if lowered in ("true", "false"):
            return lambda readings: lowered == "true"
        if "." not in word:
            return lambda readings: word
        tag = self._tag(word)
        return lambda readings: readings[tag].value if tag in readings else None

    def _called(self, name: str) -> Node:
        """A function with what it is given, up to the closing parenthesis."""
        given = [self._inside(self._either)]
        while self._take(","):
            given.append(self._inside(self._either))
        self._expect(")")
        if name == "abs" and len(given) > 1:
            raise self._error("abs takes one value")
        return lambda readings: calculated(FUNCTIONS[name], [node(readings) for node in given])

    def _inside(self, read: Callable[[], Node]) -> Node:
        if self._depth == DEEPEST:
            raise self._error(f"More than {DEEPEST} parts stand one in another")
        self._depth += 1
        try:
            return read()
        finally:
            self._depth -= 1

    def _tag(self, word: str) -> str:
        if "." not in word:
            raise self._error(f"{word!r} is not a tag")
        if crowded := CROWDED.match(word):
            raise ConfigurationError(f"{word!r} is not a tag", hint=f"Put blanks around {crowded['sign']}.")
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
            raise self._error(f"There is no {word!r} where one should be")

    def _error(self, words: str) -> ConfigurationError:
        return ConfigurationError(words, hint=self._hint)


def tokens(text: str, hint: str) -> list[tuple[str, str]]:
    """The words of an expression, each with its kind."""
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = TOKENS.match(text, at)
        if match is None or match.lastgroup is None:
            raise ConfigurationError(f"{text[at:].strip()!r} cannot be read", hint=hint)
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def chained(first: Node, rest: Sequence[Part]) -> Node:
    """A value, and what is done to it by one after the other: flat, as a sum may have any number of parts."""
    if not rest:
        return first

    def node(readings: Readings) -> Value:
        made = first(readings)
        for sign, part in rest:
            made = calculated(SIGNS[sign], [made, part(readings)])
        return made

    return node


def calculated(make: Callable[..., Any], values: Sequence[Value]) -> Value:
    """What is made of numbers; None where one is none, or there is no such number."""
    numbers = [value for value in values if isinstance(value, bool | int | float) and value == value]
    if len(numbers) < len(values):
        return None
    try:
        made: float = make(*numbers)
        return made if math.isfinite(made) else None
    except (ArithmeticError, ValueError):
        return None


def joined(parts: Sequence[Node], readings: Readings, *, absorbing: bool) -> Truth:
    """`or` where true decides, `and` where false does; unknown unless one decides."""
    truths = [truth_of(part(readings)) for part in parts]
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
