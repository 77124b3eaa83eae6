"""The blocking facade: `connect`, and what it returns."""

from mxgw_notebook.missing import saying_what_is_missing

with saying_what_is_missing(__name__):
    from mxgw_notebook.gateway.alarms import AlarmMarks, AlarmReview
    from mxgw_notebook.gateway.checkup import doctor
    from mxgw_notebook.gateway.connection import (
        DEMO_ENDPOINT_VARIABLE,
        DEMO_KEY_VARIABLE,
        connect,
        current,
        disconnect,
        use,
    )
    from mxgw_notebook.gateway.flight_recorder import flights
    from mxgw_notebook.gateway.galaxy import Browser, Completing, Deploys, Instances
    from mxgw_notebook.gateway.gateway import Gateway
    from mxgw_notebook.gateway.plans import KeptValues, Plan
    from mxgw_notebook.gateway.replay import RECORDING, Replay
    from mxgw_notebook.gateway.saved import SavedGalaxy
    from mxgw_notebook.gateway.tags import EventWatch, Watch, WatchedTag, link, list_named

__all__ = [
    "DEMO_ENDPOINT_VARIABLE",
    "DEMO_KEY_VARIABLE",
    "RECORDING",
    "AlarmMarks",
    "AlarmReview",
    "Browser",
    "Completing",
    "Deploys",
    "EventWatch",
    "Gateway",
    "Instances",
    "KeptValues",
    "Plan",
    "Replay",
    "SavedGalaxy",
    "Watch",
    "WatchedTag",
    "connect",
    "current",
    "disconnect",
    "doctor",
    "flights",
    "link",
    "list_named",
    "use",
]
