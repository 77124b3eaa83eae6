"""The blocking facade: `connect`, and what it returns.

Called as a function, `mx.gateway("plant-b")`, the package is the gateway of a plant that is connected.
"""

import sys
from types import ModuleType

from mxgw_notebook.missing import saying_what_is_missing

with saying_what_is_missing(__name__):
    from mxgw_notebook.gateway.alarms import AlarmMarks, AlarmReview
    from mxgw_notebook.gateway.checkup import doctor
    from mxgw_notebook.gateway.connection import (
        DEMO_ENDPOINT_VARIABLE,
        DEMO_KEY_VARIABLE,
        connect,
        scenarios,
        use,
    )
    from mxgw_notebook.gateway.flight_recorder import flights
    from mxgw_notebook.gateway.galaxy import Browser, Completing, Deploys, Instances
    from mxgw_notebook.gateway.gateway import Gateway
    from mxgw_notebook.gateway.model import GalaxyModel, RepositorySource
    from mxgw_notebook.gateway.plans import KeptValues, Plan
    from mxgw_notebook.gateway.plants import (
        connected_names,
        connections,
        current,
        disconnect,
        disconnect_all,
        meant,
    )
    from mxgw_notebook.gateway.recorders import record_galaxy
    from mxgw_notebook.gateway.replay import RECORDING, Replay
    from mxgw_notebook.gateway.saved import SavedGalaxy
    from mxgw_notebook.gateway.tags import (
        XY,
        EventWatch,
        GalaxyQuery,
        Watch,
        WatchedTag,
        link,
        list_named,
        query_given,
        saved_lists,
    )

__all__ = [
    "DEMO_ENDPOINT_VARIABLE",
    "DEMO_KEY_VARIABLE",
    "RECORDING",
    "XY",
    "AlarmMarks",
    "AlarmReview",
    "Browser",
    "Completing",
    "Deploys",
    "EventWatch",
    "GalaxyModel",
    "GalaxyQuery",
    "Gateway",
    "Instances",
    "KeptValues",
    "Plan",
    "Replay",
    "RepositorySource",
    "SavedGalaxy",
    "Watch",
    "WatchedTag",
    "connect",
    "connected_names",
    "connections",
    "current",
    "disconnect",
    "disconnect_all",
    "doctor",
    "flights",
    "link",
    "list_named",
    "meant",
    "query_given",
    "record_galaxy",
    "saved_lists",
    "scenarios",
    "use",
]


# Why: DECISIONS.md, "Plants with a name stay connected beside each other".
class Callable(ModuleType):
    """A package that can be called, for people know it by that name already."""

    def __call__(self, name: str | None = None) -> Gateway:
        """The gateway of a plant by its name, as `current`."""
        return current(name)


sys.modules[__name__].__class__ = Callable
