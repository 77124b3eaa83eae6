"""%mxgw and %%mxgw: one module a command, over the blocking facade.

`Command`, `Parser` and `Arguments` are what a command of another package is made of.
"""

from mxgw_notebook.missing import saying_what_is_missing

with saying_what_is_missing(__name__):
    from mxgw_notebook.magics.command import Arguments, Command, Parser
    from mxgw_notebook.magics.magic import load, unload

__all__ = ["Arguments", "Command", "Parser", "load", "unload"]
