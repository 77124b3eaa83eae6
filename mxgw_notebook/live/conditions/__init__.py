"""Conditions on tags: parsed, and watched for."""

from mxgw_notebook.live.conditions.condition import parse
from mxgw_notebook.live.conditions.monitor import ConditionEvent, ConditionMonitor, Occasion

__all__ = [
    "ConditionEvent",
    "ConditionMonitor",
    "Occasion",
    "parse",
]
