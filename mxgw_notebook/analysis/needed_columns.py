"""What a table has to have, refused in one line where it has not."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from mxgw_notebook.errors import ConfigurationError


def check_columns(table: pd.DataFrame, names: Iterable[str], what: str, hint: str) -> None:
    """Raises ConfigurationError for a table without these columns: `what` it is not, and where to get one."""
    missing = [name for name in names if name not in table]
    if missing:
        listed = ", ".join(map(str, table.columns)) or "none"
        message = f"{what}: no column {' and no '.join(missing)}"
        raise ConfigurationError(message, hint=f"Its columns are {listed}; {hint}")
