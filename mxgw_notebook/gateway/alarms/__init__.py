"""Alarms of the plant: followed, reviewed, acknowledged."""

from mxgw_notebook.gateway.alarms.alarms import Alarms
from mxgw_notebook.gateway.alarms.marks import AlarmMarks
from mxgw_notebook.gateway.alarms.review import AlarmReview

__all__ = [
    "AlarmMarks",
    "AlarmReview",
    "Alarms",
]
