"""A galaxy that was saved to a file, explored without a gateway."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import pandas as pd

from mxgw_notebook.client import ClientOptions
from mxgw_notebook.errors import NotConnectedError
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.explorer import Explorer
from mxgw_notebook.gateway.gateway import Gateway
from mxgw_notebook.gateway.model import FileSource, GalaxyModel

SUFFIX = ".parquet"
OF_A_GATEWAY = ("_client", "_galaxy", "_hub", "_boards")


class SavedGateway(Gateway):
    """A Gateway without a plant: everything about the model works; live values raise NotConnectedError."""

    def __init__(self, runner: Runner, path: str | Path) -> None:
        self.runner = runner
        self.simulated = False
        self._path = Path(path)
        self._model = GalaxyModel(FileSource(self._path))
        runner.run(self._model.load())

    def __repr__(self) -> str:
        return f"<SavedGateway {self._path}>"

    def __getattr__(self, name: str) -> Any:
        if name in OF_A_GATEWAY:
            self._check()
        raise AttributeError(name)

    @property
    def endpoint(self) -> str:
        """The file."""
        return str(self._path)

    @property
    def options(self) -> ClientOptions:
        """There are none: raises NotConnectedError."""
        self._check()

    def object_count(self) -> int:
        """How many objects the file holds."""
        return len(self.objects())

    def status(self) -> pd.DataFrame:
        """What the file holds, one row a fact, in the column `value`."""
        galaxy = self.galaxy()
        facts = {
            "file": str(self._path),
            "saved from": galaxy.objects.attrs.get("gateway", ""),
            "last deploy": galaxy.deployed,
            "objects": len(galaxy.objects),
            "attributes": len(galaxy.attributes),
        }
        return pd.DataFrame({"value": pd.Series(facts, dtype=object)}).rename_axis("fact")

    def deploys(self) -> NoReturn:
        """There are none: raises NotConnectedError."""
        self._check()

    def close(self) -> None:
        """Nothing is open."""

    # A file is browsed as any explorer does it, without a plant behind.
    _tree = Explorer._tree
    _live_values = Explorer._live_values

    def _check_model(self) -> None:
        """A file stays."""

    def _check(self) -> NoReturn:
        hint = "Connect to a gateway for live values: %mxgw connect host:port."
        raise NotConnectedError(f"{self._path} is a saved galaxy, not a plant", hint=hint)
