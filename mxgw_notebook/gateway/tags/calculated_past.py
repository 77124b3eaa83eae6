"""What calculated pens were before they were drawn: made of what is known of their tags.

Why: DECISIONS.md, "A calculated pen has the past of its tags".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

from mxgw_notebook.client import AlarmRecord
from mxgw_notebook.frames import Samples
from mxgw_notebook.gateway.tags.calculated import CalculatedPen
from mxgw_notebook.history import LATEST_NS, Past, Span
from mxgw_notebook.live import Gap

CALCULATED = "calculated"


class CalculatedPast:
    """A keeper of values that keeps none: it calculates those of pens when it is asked. Safe on any thread.

    `inputs` is what is known of the tags of the pens.
    """

    def __init__(self, pens: Callable[[], Sequence[CalculatedPen]], inputs: Past) -> None:
        self._pens, self._inputs = pens, inputs

    @property
    def origin(self) -> str:
        """calculated."""
        return CALCULATED

    def tags(self) -> list[str]:
        """The pens of whose tags something is known."""
        known = set(self._inputs.tags())
        return [pen.name for pen in self._pens() if known.issuperset(pen.formula.tags)]

    def covers(self, tags: Sequence[str]) -> dict[str, list[Span]]:
        """The stretches in which all tags of a pen were listened to."""
        return {pen.name: reduce(both, self._listened(pen)) for pen in self._named(tags)}

    def samples(self, tags: Sequence[str], start_ns: int, end_ns: int) -> dict[str, Samples]:
        """Of each pen the samples from start to end, and what it was before."""
        made = {pen.name: self._calculated(pen, start_ns, end_ns) for pen in self._named(tags)}
        return {name: part for name, part in made.items() if len(part)}

    def gaps(self, tags: Sequence[str], start_ns: int, end_ns: int) -> list[Gap]:
        """Where values of any tag of the pens are missing."""
        inputs = list(dict.fromkeys(tag for pen in self._named(tags) for tag in pen.formula.tags))
        return self._inputs.gaps(inputs, start_ns, end_ns) if inputs else []

    def alarms(self, start_ns: int, end_ns: int) -> list[AlarmRecord]:
        """None: pens have no alarms."""
        del start_ns, end_ns
        return []

    def _named(self, tags: Sequence[str]) -> list[CalculatedPen]:
        return [pen for pen in self._pens() if pen.name in tags]

    def _listened(self, pen: CalculatedPen) -> list[list[Span]]:
        covers = self._inputs.covers(pen.formula.tags)
        return [covers.get(tag, []) for tag in pen.formula.tags] or [[]]

    def _calculated(self, pen: CalculatedPen, start_ns: int, end_ns: int) -> Samples:
        inputs = list(pen.formula.tags)
        found = self._inputs.samples(inputs, start_ns, end_ns)
        begin_ns = min([start_ns, *(int(part.time_ns[0]) for part in found.values() if len(part))])
        gaps = self._inputs.gaps(inputs, begin_ns, end_ns)
        return pen.over(found, gaps, min(end_ns, LATEST_NS))


def both(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """The stretches that two lists have in common, by time."""
    shared = [(max(a, c), min(b, d)) for a, b in one for c, d in other]
    return sorted(span for span in shared if span[0] < span[1])
