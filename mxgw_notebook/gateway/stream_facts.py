"""How the stream of live values fares, in the words of a status table."""

from __future__ import annotations

from mxgw_notebook.live import Hub


def stream_facts(hub: Hub) -> dict[str, object]:
    """Facts by name, in the order they are shown."""
    health = hub.health
    causes = [gap.cause for gap in hub.outages]
    return {
        "events received": hub.received,
        "events a second": round(health.events_per_second, 1),
        "events dropped": hub.dropped,
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


def seconds(value: float | None) -> str:
    """A duration in a unit that suits it; or that it is not known."""
    if value is None:
        return "not known"
    return f"{value * 1000:.1f} ms" if abs(value) < 1 else f"{value:.2f} s"
