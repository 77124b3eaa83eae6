"""What a tag is measured in, what it means and between which limits it runs, asked of the plant itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mxgw_notebook.client import Reading
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live import Hub
from mxgw_notebook.widgets import TrendTag

UNITS, DESCRIPTION = "EngUnits", "Description"
LIMITS = ("HiHi", "Hi", "Lo", "LoLo")
# Descriptions are a courtesy: for long lists, or a plant that answers slowly, they are left out.
MOST_TAGS = 200
MOST_LIMITED_TAGS = 50
SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Description:
    """One tag as a trend shows it, its alarm limits by name, and the tag of its setpoint, if it has one."""

    tag: TrendTag
    limits: dict[str, float] = field(default_factory=dict)
    setpoint: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether the plant has said anything of the tag."""
        return bool(self.tag.units or self.tag.description or self.limits or self.setpoint)


async def read_descriptions(hub: Hub, tags: Sequence[str]) -> dict[str, Description]:
    """What the plant says of each tag; what it does not say is empty."""
    asked = [f"{tag}.{part}" for tag in tags[:MOST_TAGS] for part in (UNITS, DESCRIPTION)]
    for tag in tags if len(tags) <= MOST_LIMITED_TAGS else ():
        asked += [f"{tag}.{limit}.Limit" for limit in LIMITS] + [setpoint_of(tag)]
    try:
        readings = await hub.read(asked, timeout=SECONDS) if asked else []
    except GatewayError:
        readings = []
    found = {reading.tag: reading for reading in readings if not reading.failure}
    return {tag: described_by(tag, found) for tag in tags}


def described_by(tag: str, found: Mapping[str, Reading]) -> Description:
    """One tag's description from what was read."""
    units, words = (text(found.get(f"{tag}.{part}")) for part in (UNITS, DESCRIPTION))
    read = {limit: found.get(f"{tag}.{limit}.Limit") for limit in LIMITS}
    limits = {limit: number for limit, reading in read.items() if (number := number_of(reading)) is not None}
    setpoint = setpoint_of(tag)
    known = setpoint != tag and number_of(found.get(setpoint)) is not None
    shown = TrendTag(tag=tag, label=tag, units=units, description=words)
    return Description(shown, limits, setpoint if known else None)


def setpoint_of(tag: str) -> str:
    """The tag that a value is steered to, by custom: FIC101.SP of FIC101.PV, SpeedSP of Speed."""
    owner, dot, attribute = tag.rpartition(".")
    return f"{owner}.SP" if dot and attribute == "PV" else f"{tag}SP"


def text(reading: Reading | None) -> str:
    """A text that was read, empty where there was none."""
    return "" if reading is None or reading.value is None else str(reading.value)


def number_of(reading: Reading | None) -> float | None:
    """A number that was read; None for anything else, booleans too."""
    value = None if reading is None else reading.value
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
