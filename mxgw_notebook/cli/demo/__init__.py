"""`mxgw-py demo`: a simulated plant, and JupyterLab or a report on it."""

from mxgw_notebook.cli.demo.demo import demo

__all__ = ["demo"]
