"""Occurrences of some of a log's alarms, and those of all of them made whole again.

An occurrence is of one alarm, so alarms can be divided. What is said of a log as a whole is found in all
of it.

Why: DECISIONS.md, "A part of a recording reads its head, not the part before".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import union_categoricals

from mxgw_notebook.analysis.alarm_episodes import begun_in
from mxgw_notebook.analysis.alarm_log import (
    DISORDERED,
    LEFT_OUT,
    REVIEWED,
    UNTIMED,
    checked_log,
    count_disordered,
    newest_first,
    noted,
)
from mxgw_notebook.frames import kinds_apart


class EpisodesOfSome(NamedTuple):
    """The occurrences of some alarms, each one's first row in the log, and all rows with their times."""

    episodes: pd.DataFrame
    places: NDArray[np.int64]
    rows: NDArray[np.int64]
    times: pd.Series[Any]


def episodes_of_some(history: pd.DataFrame, rows: NDArray[np.int64]) -> EpisodesOfSome:
    """The occurrences of some alarms of a log, all of whose rows these are, by their places in it."""
    # By what it covers a log says that its order is right: of a few of its rows nobody can tell.
    log = checked_log(noted(history, REVIEWED, ("1970-01-01", "1970-01-01")))
    episodes, begun = begun_in(log)
    return EpisodesOfSome(episodes, rows[begun], rows, log["time"])


def joined_episodes(parts: Sequence[EpisodesOfSome]) -> pd.DataFrame | None:
    """The occurrences of all alarms, as `alarm_episodes` makes them of the whole log.

    None for a log that lies the newest row first: that is to be turned round before.
    """
    some = [part for part in parts if len(part.rows)] or list(parts[:1])
    order = np.argsort(np.concatenate([part.rows for part in some]), kind="stable")
    times = pd.concat([part.times for part in some], ignore_index=True).iloc[order]
    whole = pd.DataFrame({"time": times.reset_index(drop=True)})
    if newest_first(whole):
        return None
    begun = np.argsort(np.concatenate([part.places for part in some]), kind="stable")
    tables = [part.episodes for part in some]
    columns = {name: in_one([table[name] for table in tables])[begun] for name in tables[0]}
    found = kinds_apart(pd.DataFrame(columns))
    back = count_disordered(whole)
    counts = {name: sum(table.attrs.get(name, 0) for table in tables) for name in (LEFT_OUT, UNTIMED)}
    found.attrs = {name: count for name, count in {**counts, DISORDERED: back}.items() if count}
    return found


def in_one(columns: Sequence[pd.Series[Any]]) -> Any:
    """One column of several, of any kind: words keep all their categories, values are what they were."""
    if isinstance(columns[0].dtype, pd.CategoricalDtype):
        if columns[0].name == "state":
            return pd.concat(list(columns), ignore_index=True).array
        return union_categoricals(list(columns), sort_categories=True)
    if columns[0].name in ("value", "limit"):
        return np.concatenate([column.astype("object").to_numpy() for column in columns])
    return pd.concat(list(columns), ignore_index=True).array
