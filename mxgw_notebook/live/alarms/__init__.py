"""Alarms as they are now, kept up to date by the gateway's feed."""

from mxgw_notebook.live.alarms.active_alarm import ActiveAlarm
from mxgw_notebook.live.alarms.active_set import BoardChanges
from mxgw_notebook.live.alarms.board import AlarmBoard

__all__ = [
    "ActiveAlarm",
    "AlarmBoard",
    "BoardChanges",
]
