"""%mxgw disarm"""

from __future__ import annotations

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command


def run(arguments: Arguments) -> None:
    """Nothing is changed from here any more."""
    del arguments
    gateway = current()
    gateway.disarm()
    print(f"{gateway.endpoint} is read-only.")  # noqa: T201


COMMAND = Command(
    name="disarm",
    summary="Refuse writes and acknowledges again.",
    example="%mxgw disarm",
    run=run,
)
