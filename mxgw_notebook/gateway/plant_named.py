"""Tables that say of which plant they are: `frame.attrs["plant"]`, of every one that a gateway gives."""

from __future__ import annotations

from typing import Any, TypeVar

import pandas as pd

from mxgw_notebook.frames import finishing, plant_table

C = TypeVar("C", bound=type)


def names_its_plant(held: C) -> C:
    """The same class, each table of its own public methods and properties with the `plant` of its object."""
    return finishing(held, named)


def named(holder: Any, found: pd.DataFrame) -> pd.DataFrame:
    """A table that Excel takes, with the plant's name where it has none yet."""
    table = plant_table(found)
    table.attrs.setdefault("plant", holder.plant)
    return table
