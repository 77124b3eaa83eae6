"""Acknowledging alarms by reference or glob."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.frames import glob_matches, is_glob


async def acknowledged_frame(
    client: GatewayClient, references: Sequence[str], *, comment: str, operator: str
) -> pd.DataFrame:
    """One row an alarm: `reference`, `result`, `acknowledged`. A single alarm that fails is raised."""
    wanted = await expanded(client, references)
    rows = []
    for reference in wanted:
        try:
            await client.acknowledge_alarm(reference, comment=comment, operator_user=operator)
        except GatewayError as error:
            if len(wanted) == 1:
                raise
            rows.append((reference, str(error), False))
        else:
            rows.append((reference, "acknowledged", True))
    return pd.DataFrame(rows, columns=["reference", "result", "acknowledged"])


async def expanded(client: GatewayClient, references: Sequence[str]) -> list[str]:
    """The references, globs replaced by the active alarms they match, without case."""
    if not references:
        raise ConfigurationError("No alarm given", hint="Name a reference or a glob, e.g. *Tank001*.")
    if not any(is_glob(reference) for reference in references):
        return list(references)
    active = [alarm.reference for alarm in await client.query_active_alarms()]
    found: dict[str, None] = {}
    for reference in references:
        matches = glob_matches(reference, active) if is_glob(reference) else [reference]
        if not matches:
            raise ConfigurationError(f"No active alarm matches {reference}", hint="See %mxgw alarms.")
        found.update(dict.fromkeys(matches))
    return list(found)
