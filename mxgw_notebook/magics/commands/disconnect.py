"""%mxgw disconnect"""

from __future__ import annotations

from mxgw_notebook.gateway import disconnect
from mxgw_notebook.magics.command import Arguments, Command


def run(arguments: Arguments) -> None:
    """Ends every watch and session."""
    del arguments
    disconnect()


COMMAND = Command(
    name="disconnect",
    summary="Close the gateway: every watch, stream and session ends.",
    example="%mxgw disconnect",
    run=run,
)
