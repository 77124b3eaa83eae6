"""The doctor: what could be wrong with this machine, the way to the gateway, and the key; and what helps."""

from mxgw_notebook.gateway.checkup.examination import doctor

__all__ = ["doctor"]
