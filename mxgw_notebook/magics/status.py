"""%mxgw status"""

from __future__ import annotations

import pandas as pd

from mxgw_notebook.gateway import current
from mxgw_notebook.magics.command import Arguments, Command


def run(arguments: Arguments) -> pd.DataFrame:
    """How things stand, one row a fact."""
    del arguments
    return current().status()


COMMAND = Command(
    name="status",
    summary="How things stand: gateway, galaxy, live values, what was lost.",
    example="%mxgw status",
    run=run,
)
