"""A galaxy that was saved to a file, explored without a gateway.

Why: DECISIONS.md, "A saved galaxy is an Explorer, not a Gateway".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from mxgw_notebook.errors import NotConnectedError
from mxgw_notebook.frames import gives_tables, read_galaxy
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.galaxy import Explorer
from mxgw_notebook.gateway.gateway import Gateway
from mxgw_notebook.gateway.model import FileSource, GalaxyModel

SUFFIX = ".parquet"


@gives_tables
class SavedGalaxy(Explorer):
    """A galaxy without a plant: everything about the model works.

    Every other public name of `Gateway` raises NotConnectedError with one line of text.
    """

    simulated = False
    kind = "saved galaxy"

    def __init__(self, runner: Runner, path: str | Path) -> None:
        self._path = Path(path)
        super().__init__(runner, GalaxyModel(FileSource(self._path)))
        runner.run(self._model.load())

    def __repr__(self) -> str:
        return f"<SavedGalaxy {self._path}>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not hasattr(Gateway, name):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        raise self._no_plant()

    @property
    def endpoint(self) -> str:
        """The file."""
        return str(self._path)

    def object_count(self) -> int:
        """How many objects the file has."""
        return len(self.objects())

    def status(self) -> pd.DataFrame:
        """What the file has, one row per fact, in the column `value`."""
        galaxy = self.galaxy()
        facts = {
            "file": str(self._path),
            "saved from": galaxy.objects.attrs.get("gateway", ""),
            "last deploy": galaxy.deployed,
            "objects": len(galaxy.objects),
            "attributes": len(galaxy.attributes),
        }
        return pd.DataFrame({"value": pd.Series(facts, dtype=object)}).rename_axis("fact")

    async def _with_settings(self, attributes: pd.DataFrame, wanted: bool | None) -> pd.DataFrame:
        """As they were saved; asked for or not, a file has no others."""
        del attributes, wanted
        return read_galaxy(self._path)[1]

    def close(self) -> None:
        """Does nothing: nothing is open."""

    def _check(self) -> None:
        """A file stays."""

    def _no_plant(self) -> NotConnectedError:
        hint = "Connect to a gateway for live values: {connect}."
        return NotConnectedError(f"{self._path} is a saved galaxy, not a plant", hint=hint)
