"""Plans: writes that are looked at before they are made, and undone afterwards."""

from mxgw_notebook.gateway.plans.kept_values import KeptValues
from mxgw_notebook.gateway.plans.plan import Plan
from mxgw_notebook.gateway.plans.planning import Planning

__all__ = ["KeptValues", "Plan", "Planning"]
