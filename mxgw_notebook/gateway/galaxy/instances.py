"""The objects of one template side by side: what a notebook holds after `gateway.instances(...)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.client import checks_all_arguments
from mxgw_notebook.errors import ConfigurationError, TagError
from mxgw_notebook.gateway.plant_named import names_its_plant
from mxgw_notebook.words import counted

UNITS = "EngUnits"


@names_its_plant
@checks_all_arguments
class Instances:
    """Objects of one template; `read` compares their attributes, one row per object.

    `objects` is their table, as from `gateway.objects`.
    """

    def __init__(self, template: str, objects: pd.DataFrame, read: Callable[..., pd.DataFrame]) -> None:
        self.template, self.objects = template, objects
        self._read = read

    @property
    def plant(self) -> str:
        """The name of the objects' plant."""
        return str(self.objects.attrs.get("plant", ""))

    def __len__(self) -> int:
        return len(self.objects)

    def __repr__(self) -> str:
        return f"<Instances of {self.template}: {counted(len(self), 'object')}>"

    def tags(self, *attributes: str) -> list[str]:
        """The tags of these attributes, object by object."""
        return [f"{name}.{attribute}" for name, attribute in product(self.objects["tag_name"], attributes)]

    def read(self, *attributes: str, timeout: float = 5.0) -> pd.DataFrame:
        """The present values: one row per object, one column per attribute, with the given names.

        Index `object`. `attrs` has `units` by attribute (all of them if the objects differ), and in
        `failures` the reason by tag: such a value is missing. Values of bad quality are kept;
        `attrs["quality"]` has the quality by tag. `timeout` is in seconds.

        Raises:
            ConfigurationError: No attribute is given, or there is no such object.
            TagError: None of the objects has an attribute of these names.
        """
        if not attributes:
            raise ConfigurationError("No attribute named", hint='For example .read("Level", "SP").')
        if not len(self):
            raise ConfigurationError(f"No object is derived from {self.template}", hint="See {objects}.")
        values = self._read(self.tags(*attributes), timeout=timeout)
        frame = self._wide(values, attributes)
        frame.attrs = {
            "template": self.template,
            "units": self._units(values, attributes, timeout),
            "failures": by_tag(values, "failure", values["failure"] != ""),
            "quality": by_tag(values, "quality", (values["quality"] != "good") & (values["failure"] == "")),
        }
        return frame

    def _wide(self, values: pd.DataFrame, attributes: Sequence[str]) -> pd.DataFrame:
        """The values, read object by object, as a table; a column of numbers is one of numbers."""
        known = values["value"].where(values["failure"] == "", None).to_numpy(dtype=object)
        cells = known.reshape(len(self), len(attributes))
        index = pd.Index(self.objects["tag_name"], name="object")
        columns = {name: column_of(cells[:, place]) for place, name in enumerate(attributes)}
        return pd.DataFrame(columns, index=index)

    def _units(self, values: pd.DataFrame, attributes: Sequence[str], timeout: float) -> Mapping[str, str]:
        """What each attribute is measured in, as far as the plant tells."""
        good = values.loc[values["failure"] == "", "tag"].tolist()
        try:
            answers = self._read([f"{tag}.{UNITS}" for tag in good], timeout=timeout)
        # Not one of them has units, which is no failure of what was asked.
        except TagError:
            return {}
        units = by_tag(answers, "value", answers["failure"] == "")
        found = {
            name: ordered(str(units.get(f"{tag}.{UNITS}", "")) for tag in self.tags(name))
            for name in attributes
        }
        return {name: ", ".join(words) for name, words in found.items() if words}


def column_of(cells: Any) -> pd.Series[Any] | Any:
    """Values as numbers or truths where they all are, else as they are."""
    known = [cell for cell in cells if cell is not None]
    # numpy knows no missing truth: with one missing they stay objects, or None would be False.
    if known and all(isinstance(cell, bool) for cell in known) and len(known) == len(cells):
        return cells.astype(bool)
    if known and all(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in known):
        return np.array([np.nan if cell is None else cell for cell in cells], dtype=float)
    return cells


def by_tag(values: pd.DataFrame, name: str, chosen: pd.Series[Any]) -> dict[str, Any]:
    """One column of the chosen rows by tag."""
    rows = values[chosen]
    return dict(zip(rows["tag"], rows[name].tolist(), strict=True))


def ordered(words: Iterable[str]) -> list[str]:
    """Each word once, without the empty one, in the order met."""
    return [word for word in dict.fromkeys(words) if word]
