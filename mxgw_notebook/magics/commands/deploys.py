"""%mxgw deploys"""

from __future__ import annotations

from mxgw_notebook.gateway import Deploys, current
from mxgw_notebook.magics.command import Arguments, Command


def run(arguments: Arguments) -> Deploys:
    """A live line; it goes on while other cells run."""
    del arguments
    return current().deploys()


COMMAND = Command(
    name="deploys",
    summary="Show a line that follows deploys and says what they changed.",
    example="deploys = %mxgw deploys\n  deploys.changes()",
    run=run,
)
