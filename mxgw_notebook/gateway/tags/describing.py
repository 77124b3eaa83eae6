"""What a tag is measured in, what it means and between which limits it runs, asked of the plant itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mxgw_notebook.client import Reading
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live import Hub
from mxgw_notebook.widgets import TrendTag
from mxgw_notebook.words import figures

UNITS, DESCRIPTION = "EngUnits", "Description"
LIMITS = ("HiHi", "Hi", "Lo", "LoLo")
# Descriptions are a courtesy: for long lists, or a plant that answers slowly, they are left out.
MOST_TAGS = 200
MOST_LIMITED_TAGS = 50
SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Description:
    """One tag as a trend shows it, its alarm limits by name, and the tag of its setpoint, if it has one.

    `limits` are those that can be compared with the tag's values; the ones in units known to be others are
    `other_limits`, as a person reads them: `"80 %"`. `setpoint_units` are empty where they are not known.
    """

    tag: TrendTag
    limits: dict[str, float] = field(default_factory=dict)
    setpoint: str | None = None
    other_limits: dict[str, str] = field(default_factory=dict)
    setpoint_units: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the plant has said anything of the tag."""
        limited = self.limits or self.other_limits
        return bool(self.tag.units or self.tag.description or limited or self.setpoint)

    @property
    def setpoint_has_other_units(self) -> bool:
        """Whether the setpoint has no place on the tag's axis: a pump's rpm is steered by a percentage."""
        return are_other_units(self.setpoint_units, self.tag.units)


async def read_descriptions(hub: Hub, tags: Sequence[str]) -> dict[str, Description]:
    """What the plant says of each tag; what it does not say is empty."""
    asked = [f"{tag}.{part}" for tag in tags[:MOST_TAGS] for part in (UNITS, DESCRIPTION)]
    levels: list[str] = []
    for tag in tags if len(tags) <= MOST_LIMITED_TAGS else ():
        levels += [f"{tag}.{limit}.Limit" for limit in LIMITS] + [setpoint_of(tag)]
    found = await read_found(hub, [*asked, *levels])
    # Only of what is there: most tags have few limits, and a name that a plant does not know costs it time.
    there = [level for level in levels if number_of(found.get(level)) is not None]
    found |= await read_found(hub, [f"{level}.{UNITS}" for level in there])
    return {tag: described_by(tag, found) for tag in tags}


async def read_found(hub: Hub, asked: Sequence[str]) -> dict[str, Reading]:
    """The readings by tag, without those that failed; none where the gateway does not answer."""
    try:
        readings = await hub.read(asked, timeout=SECONDS) if asked else []
    except GatewayError:
        return {}
    return {reading.tag: reading for reading in readings if not reading.failure}


def described_by(tag: str, found: Mapping[str, Reading]) -> Description:
    """One tag's description from what was read."""
    units, words = (text(found.get(f"{tag}.{part}")) for part in (UNITS, DESCRIPTION))
    limits, other_limits = limits_by(tag, units, found)
    setpoint = setpoint_of(tag)
    known = setpoint != tag and number_of(found.get(setpoint)) is not None
    shown = TrendTag(tag=tag, label=tag, units=units, description=words)
    if not known:
        return Description(shown, limits, other_limits=other_limits)
    return Description(shown, limits, setpoint, other_limits, text(found.get(f"{setpoint}.{UNITS}")))


def limits_by(tag: str, units: str, found: Mapping[str, Reading]) -> tuple[dict[str, float], dict[str, str]]:
    """The limits that were read: those to compare with the tag's values; those in other units as words."""
    limits: dict[str, float] = {}
    others: dict[str, str] = {}
    for limit in LIMITS:
        name = f"{tag}.{limit}.Limit"
        number, own_units = number_of(found.get(name)), text(found.get(f"{name}.{UNITS}"))
        if number is None:
            continue
        if are_other_units(own_units, units):
            others[limit] = f"{figures(number)} {own_units}"
        else:
            limits[limit] = number
    return limits, others


def are_other_units(units: str, than: str) -> bool:
    """Whether both are known and differ. Case counts: mW is not MW."""
    return bool(units and than) and units != than


def setpoint_of(tag: str) -> str:
    """The tag that a value is steered to, by custom: FIC101.SP of FIC101.PV, SpeedSP of Speed."""
    owner, dot, attribute = tag.rpartition(".")
    return f"{owner}.SP" if dot and attribute == "PV" else f"{tag}SP"


def text(reading: Reading | None) -> str:
    """A text that was read, empty where there was none."""
    return "" if reading is None or reading.value is None else str(reading.value).strip()


def number_of(reading: Reading | None) -> float | None:
    """A number that was read; None for anything else, booleans too."""
    value = None if reading is None else reading.value
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
