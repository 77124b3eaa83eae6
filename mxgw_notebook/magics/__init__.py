"""%mxgw and %%mxgw: one module a command, over the blocking facade."""

from mxgw_notebook.magics.magic import load, unload

__all__ = ["load", "unload"]
