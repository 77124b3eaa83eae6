"""Conditions on tags: parsed, and watched for."""

from mxgw_notebook.live.conditions.condition import Formula, parse, parse_formula
from mxgw_notebook.live.conditions.expression import Present
from mxgw_notebook.live.conditions.monitor import ConditionEvent, ConditionMonitor, Occasion, in_order

__all__ = [
    "ConditionEvent",
    "ConditionMonitor",
    "Formula",
    "Occasion",
    "Present",
    "in_order",
    "parse",
    "parse_formula",
]
