"""How the stream of live values fares, in the words of a status table."""

from __future__ import annotations

from mxgw_notebook.client import GatewayClock
from mxgw_notebook.live import Hub

# What a person would ask of a fact's name.
MEANINGS = {
    "armed": "why writes and acknowledgements are allowed",
    "galaxy database": "whether the gateway reaches it",
    "live values": "live, or why they do not come",
    "deploys": "live: watched tags are asked again after each",
    "deploys missed": "lost: the gateway dropped them",
    "recorders": "started here: what they wrote, and the free room",
    "flight recorder": "keeps watched values for the next kernel",
    "historian": "earlier values, as mxgw.toml says",
    "tags failed": "refused; tried again by themselves",
    "events received": "in all",
    "events a second": "over the last ten seconds",
    "events dropped": "lost: not taken in time",
    "events broken": "could not be read: dropped, or bad quality",
    "events unknown": "kinds that this version does not know",
    "alarm messages unknown": "kinds that this version does not know",
    "events waiting": "received, not stored yet",
    "samples forgotten": "the oldest were dropped to make room",
    "source to gateway": "median of the newest events",
    "gateway to kernel": "median of the newest events, skew included",
    "clock skew": "at most: this clock ahead of the gateway's",
    "read by": "process: no cell can delay it",
    "reconnects": "how often the stream was lost",
    "outages": "reconnects without a complete replay",
    "gaps": "intervals with values missing, in all",
    "times too early": "impossible, so taken as not known",
    "times too far ahead": "ahead of the gateway's clock: not known",
}


def stream_facts(hub: Hub) -> dict[str, object]:
    """Facts by name, in the order they are shown."""
    health = hub.health
    causes = [gap.cause for gap in hub.outages]
    return {
        "events received": hub.received,
        "events a second": round(health.events_per_second, 1),
        "events dropped": hub.dropped,
        "events broken": hub.broken,
        "events unknown": hub.unknown,
        "events waiting": health.queue_depth,
        "samples forgotten": hub.forgotten,
        "source to gateway": seconds(health.source_to_gateway),
        "gateway to kernel": seconds(health.gateway_to_kernel),
        "clock skew": seconds(health.clock_skew),
        "read by": health.reader,
        "reconnects": hub.interruptions,
        "outages": causes.count("outage"),
        "gaps": len(causes),
    }


def time_facts(*clocks: GatewayClock) -> dict[str, object]:
    """How many times were out of reason."""
    return {
        "times too early": sum(clock.early for clock in clocks),
        "times too far ahead": sum(clock.ahead for clock in clocks),
    }


def seconds(value: float | None) -> str:
    """A duration in a unit that suits it; or that it is not known."""
    if value is None:
        return "not known"
    return f"{value * 1000:.1f} ms" if abs(value) < 1 else f"{value:.2f} s"
