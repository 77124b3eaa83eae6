"""A plant for programs that run for long, without pandas or a notebook."""

from mxgw_notebook.live.plant.alarm_rounds import AlarmRounds, AlarmUpdate
from mxgw_notebook.live.plant.connecting import connect_clients
from mxgw_notebook.live.plant.following import Following
from mxgw_notebook.live.plant.items import Sample, TagState, Update
from mxgw_notebook.live.plant.plant import Plant
from mxgw_notebook.live.plant.service import run_until_stopped
from mxgw_notebook.live.plant.status import PlantStatus

__all__ = [
    "AlarmRounds",
    "AlarmUpdate",
    "Following",
    "Plant",
    "PlantStatus",
    "Sample",
    "TagState",
    "Update",
    "connect_clients",
    "run_until_stopped",
]
