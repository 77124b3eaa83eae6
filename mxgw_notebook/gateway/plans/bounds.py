"""Between which limits and ranges a value is to stay, as far as the plant knows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mxgw_notebook.client import Reading
from mxgw_notebook.gateway.tags import LIMITS, UNITS, are_other_units, limits_by, number_of, read_found, text
from mxgw_notebook.live import Hub
from mxgw_notebook.words import exact

# The ends of the range that an attribute is engineered for, by the names that templates give them.
LOWER, UPPER = (
    ("RangeLow", "EngUnitsMin", "EngUnitsRangeMin"),
    ("RangeHigh", "EngUnitsMax", "EngUnitsRangeMax"),
)
UPPER_LIMITS = ("Hi", "HiHi")


@dataclass(frozen=True, slots=True)
class Bound:
    """One end that a value should not pass; `name` is the tag that says so, `is_range` against an alarm's."""

    name: str
    value: float
    is_upper: bool
    is_range: bool

    def is_passed(self, value: float) -> bool:
        """Whether a value is beyond; NaN is beyond everything."""
        return not (value <= self.value if self.is_upper else value >= self.value)

    def __str__(self) -> str:
        return f"{self.name} {exact(self.value)}"


def measured_by(tag: str) -> str:
    """The tag of what a setpoint steers, by custom: FIC101.PV of FIC101.SP, Speed of SpeedSP; else empty."""
    owner, dot, attribute = tag.rpartition(".")
    if dot and attribute == "SP":
        return f"{owner}.PV"
    return tag.removesuffix("SP") if attribute.endswith("SP") else ""


def owners_of(tag: str) -> list[str]:
    """Whose limits hold for a tag: its own, and those of what it steers, which alarms there."""
    return [one for one in (tag, measured_by(tag)) if one]


def names_of(tag: str) -> Iterator[str]:
    """Every tag that may know of a tag's bounds, and of its units."""
    for owner in owners_of(tag):
        yield f"{owner}.{UNITS}"
        yield from (f"{owner}.{end}" for end in (*LOWER, *UPPER))
        yield from (f"{owner}.{limit}.Limit" for limit in LIMITS)


async def read_bounds(hub: Hub, tags: Sequence[str], known: Any) -> dict[str, Reading]:
    """What there is of units, ranges and limits; `known` says of a name whether it is worth asking for."""
    asked = [name for tag in tags for name in names_of(tag) if known(name)]
    found = await read_found(hub, list(dict.fromkeys(asked)))
    levels = [name for name in asked if not name.endswith(UNITS) and number_of(found.get(name)) is not None]
    return found | await read_found(hub, [f"{name}.{UNITS}" for name in dict.fromkeys(levels)])


def bounds_by(tag: str, found: Mapping[str, Reading]) -> list[Bound]:
    """The bounds of a tag from what was read, without those in units known to be others than its own."""
    units = text(found.get(f"{tag}.{UNITS}"))
    bounds: list[Bound] = []
    for owner in owners_of(tag):
        if are_other_units(text(found.get(f"{owner}.{UNITS}")), units):
            continue
        for ends, is_upper in ((LOWER, False), (UPPER, True)):
            for name in (f"{owner}.{end}" for end in ends):
                number = number_of(found.get(name))
                if number is not None and not are_other_units(text(found.get(f"{name}.{UNITS}")), units):
                    bounds.append(Bound(name, number, is_upper, True))
        limits, _ = limits_by(owner, units, found)
        bounds += [
            Bound(f"{owner}.{limit}", number, limit in UPPER_LIMITS, False)
            for limit, number in limits.items()
        ]
    return bounds


def span_of(bounds: Sequence[Bound]) -> float | None:
    """How wide the engineering range is; None where its ends are not known."""
    lower = [bound.value for bound in bounds if bound.is_range and not bound.is_upper]
    upper = [bound.value for bound in bounds if bound.is_range and bound.is_upper]
    return min(upper) - max(lower) if lower and upper and min(upper) > max(lower) else None
