"""Conditions on tags, and what is calculated from them: expressions that are parsed and never run as code.

    Tank001.Level > 80 and not Pump001.Running for 5s
    FIC101.Mode == Auto or quality(Tank001.Level) < good
    abs(Tank001.Level - Tank002.Level) > 5

The language is that of `expression`. A tag alone holds while it is true or not 0. What is unknown does not
hold. Time in which values were missing does not count for how long a condition held.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mxgw_notebook.client import Value, text_given
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.live.conditions.expression import ExpressionReader, Node, Readings, truth_of

HINT = "Write e.g. Tank001.Level > 80 and Pump001.Running for 5s."
FORMULA_HINT = "Write e.g. Tank001.Level - Tank002.Level."
HOLD = re.compile(r"\bfor\s+(?P<length>\d+(?:\.\d+)?\s*[a-zA-Z]+)\s*$")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition. `holds` tells of given readings whether it does; `hold_seconds` how long it has to."""

    text: str
    tags: tuple[str, ...]
    hold_seconds: float
    node: Node

    def holds(self, readings: Readings) -> bool:
        """Whether it does. Unknown is no."""
        return truth_of(self.node(readings)) is True


@dataclass(frozen=True, slots=True)
class Formula:
    """What is calculated from tags."""

    text: str
    tags: tuple[str, ...]
    node: Node

    def value(self, readings: Readings) -> Value:
        """What it is of these readings; None where that is unknown."""
        return self.node(readings)


def parse(text: str) -> Condition:
    """The condition of a text. Raises ConfigurationError that says what is wrong where."""
    hold = HOLD.search(text_given(text, "A condition", HINT))
    body = text[: hold.start()] if hold else text
    seconds = seconds_of(hold["length"]) if hold else 0.0
    node, tags = read_expression(body, HINT)
    return Condition(" ".join(text.split()), tags, seconds, node)


def parse_formula(text: str) -> Formula:
    """What a text calculates. Raises ConfigurationError that says what is wrong where."""
    node, tags = read_expression(text_given(text, "An expression", FORMULA_HINT), FORMULA_HINT)
    return Formula(" ".join(text.split()), tags, node)


def read_expression(text: str, hint: str) -> tuple[Node, tuple[str, ...]]:
    """An expression, and the tags in it, at least one."""
    reader = ExpressionReader(text, hint)
    node = reader.whole()
    if not reader.tags:
        raise ConfigurationError(f"No tag in {text.strip()!r}", hint=hint)
    return node, tuple(dict.fromkeys(reader.tags))


def seconds_of(length: str) -> float:
    """A stretch of time as people write it: 5s, 2 min. Raises ConfigurationError."""
    from mxgw_notebook.frames import stretch  # pandas: services that follow tags do without it

    return stretch(length.replace(" ", "")).total_seconds()
