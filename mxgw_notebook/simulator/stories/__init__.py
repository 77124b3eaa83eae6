"""What the plant can be made to live through, by name; told by equipment that sets other equipment going."""

from __future__ import annotations

from collections.abc import Callable

from mxgw_notebook.simulator.plant import Site
from mxgw_notebook.simulator.stories.batch import batch
from mxgw_notebook.simulator.stories.mishaps import chattering, frozen_sensor, pump_trip, stale_alarm
from mxgw_notebook.simulator.stories.startup import startup

__all__ = ["SCENARIOS", "tell"]

MINUTE = 60.0


def shift(site: Site) -> None:
    """Eight hours: batches, a stale alarm, two trips, a chattering switch twice, a frozen radar.

    With a speed of 60 it is told in eight minutes; what happens in between is the plant's usual mishaps.
    """
    stale_alarm(site)
    batch(site, 2 * MINUTE)
    pump_trip(site, 10 * MINUTE)
    chattering(site, 40 * MINUTE)
    frozen_sensor(site, 120 * MINUTE)
    chattering(site, 210 * MINUTE)
    pump_trip(site, 330 * MINUTE)


SCENARIOS: dict[str, Callable[[Site], None]] = {
    "startup": startup,
    "pump-trip": pump_trip,
    "chattering": chattering,
    "frozen-sensor": frozen_sensor,
    "stale-alarm": stale_alarm,
    "batch": batch,
    "shift": shift,
}


def tell(name: str, site: Site) -> None:
    """Sets a scenario going. Raises ValueError for an unknown one."""
    if name not in SCENARIOS:
        raise ValueError(f"There is no scenario {name!r}. There are: {', '.join(SCENARIOS)}.")
    SCENARIOS[name](site)
