"""What the plant can be made to live through, by name; told by equipment that sets other equipment going."""

from mxgw_notebook.simulator.stories.scenarios import SCENARIOS, tell

__all__ = [
    "SCENARIOS",
    "tell",
]
