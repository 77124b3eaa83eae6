"""How plants do, as OpenTelemetry's metrics, where that is installed; without it nothing is measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Protocol
from weakref import WeakSet

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live.hub import Hub


class Measured(Protocol):
    """What is asked of a plant."""

    name: str
    client: GatewayClient
    hub: Hub
    writes: Counter[str]


# By name: what it counts, and how. A total only grows.
TOTALS: dict[str, tuple[str, Callable[[Hub], int]]] = {
    "mxgw.events.received": ("events of the session's stream", lambda hub: hub.received),
    "mxgw.events.broken": ("events that could not be read", lambda hub: hub.broken),
    "mxgw.events.dropped": ("events that were not taken in time", lambda hub: hub.dropped),
    "mxgw.samples.forgotten": ("samples that gave way to newer ones", lambda hub: hub.forgotten),
    "mxgw.interruptions": ("times that the stream was lost", lambda hub: hub.interruptions),
}
STATES: dict[str, tuple[str, Callable[[Hub], float]]] = {
    "mxgw.live": ("1 while what comes is all that there is", lambda hub: int(hub.standing.is_live)),
    "mxgw.tags.followed": ("tags that are asked for", lambda hub: hub.tags_advised),
    "mxgw.tags.failed": ("tags of them that the gateway refuses", lambda hub: hub.tags_failed),
    "mxgw.events.waiting": ("events that were read and not taken yet", lambda hub: hub.health.queue_depth),
}
measured: WeakSet[Measured] = WeakSet()


def measure(plant: Measured) -> None:
    """Has a plant measured until `forget`; harmless without OpenTelemetry."""
    if make_instruments():
        measured.add(plant)


def forget(plant: Measured) -> None:
    """A plant that is closed is not one that is not live: it has no numbers any more."""
    measured.discard(plant)


@cache
def make_instruments() -> bool:
    """The instruments, once a process: whether there are any. They ask on the exporter's thread."""
    try:
        from opentelemetry.metrics import Observation, get_meter
    except ImportError:
        return False
    meter = get_meter("mxgw_notebook")

    def looked_at(look: Callable[[Hub], float]) -> Callable[[Any], Iterator[Any]]:
        return lambda _: (Observation(look(plant.hub), named(plant)) for plant in list(measured))

    def writes(_: Any) -> Iterator[Any]:
        for plant in list(measured):
            for outcome, count in list(plant.writes.items()):
                yield Observation(count, {**named(plant), "outcome": outcome})

    for name, (words, total) in TOTALS.items():
        meter.create_observable_counter(name, [looked_at(total)], description=words)
    for name, (words, state) in STATES.items():
        meter.create_observable_gauge(name, [looked_at(state)], description=words)
    meter.create_observable_counter("mxgw.writes", [writes], description="values written, by outcome")
    return True


def named(plant: Measured) -> dict[str, str]:
    """Which plant a number is of."""
    return {"gateway": plant.client.options.target, "session": plant.name}
