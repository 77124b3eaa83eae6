"""What a tag is measured in and what it means, asked of the plant itself."""

from __future__ import annotations

from collections.abc import Sequence

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live import Hub
from mxgw_notebook.widgets import TrendTag

UNITS, DESCRIPTION = "EngUnits", "Description"
# Descriptions are a courtesy: for long lists, or a plant that answers slowly, they are left out.
MOST_TAGS = 200
SECONDS = 2.0


async def described(hub: Hub, tags: Sequence[str]) -> dict[str, TrendTag]:
    """Each tag with its engineering units and description, empty where the plant has none."""
    asked = [f"{tag}.{part}" for tag in tags[:MOST_TAGS] for part in (UNITS, DESCRIPTION)]
    try:
        readings = await hub.read(asked, timeout=SECONDS) if asked else []
    except GatewayError:
        readings = []
    texts = {reading.tag: str(reading.value or "") for reading in readings if not reading.failure}
    return {
        tag: TrendTag(
            tag=tag,
            label=tag,
            units=texts.get(f"{tag}.{UNITS}", ""),
            description=texts.get(f"{tag}.{DESCRIPTION}", ""),
        )
        for tag in tags
    }
