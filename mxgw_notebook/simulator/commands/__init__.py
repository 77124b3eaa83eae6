"""What Invoke can be asked: one module a family of commands, each with its table of handlers."""

from mxgw_notebook.simulator.commands.dispatch import invoke

__all__ = [
    "invoke",
]
