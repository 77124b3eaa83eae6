"""mxgw-py, the command line."""

from mxgw_notebook.cli.main import main

__all__ = ["main"]
