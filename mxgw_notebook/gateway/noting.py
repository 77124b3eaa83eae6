"""Putting notes beside a plant's values, and listing them."""

from __future__ import annotations

import asyncio
from typing import Any

import pandas as pd

from mxgw_notebook.client import GalaxyRepositoryClient, GatewayClient, checks_all_arguments
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.model import GalaxyModel
from mxgw_notebook.gateway.plant_named import names_its_plant
from mxgw_notebook.gateway.recorded import Recorded
from mxgw_notebook.gateway.tags import tags_given
from mxgw_notebook.gateway.whole_table import WholeTable


@names_its_plant
@checks_all_arguments
class Noting(Recorded):
    """Notes of a gateway's plant. They are sent nowhere and change nothing there: nothing has to be armed."""

    def __init__(
        self, runner: Runner, client: GatewayClient, galaxy: GalaxyRepositoryClient, model: GalaxyModel
    ) -> None:
        super().__init__(runner, client, galaxy, model)
        self._recorders.when_watched.append(self._begin_loading)

    def note(self, text: str, at: Any = None, tags: Any = None) -> None:
        """Keeps a note of a time: what somebody saw, did or guessed then.

        It stands on every trend of this plant that shows the time, in `notes()`, in a dossier, and in each
        recording that is being made. The plant is told nothing of it: it needs no arming.

        Args:
            text: One line of at most 1,000 characters.
            at: As in `history`, or a time of the day alone, `"03:05"` (UTC), the newest that is over; now by
                the gateway's clock without it.
            tags: What it is of, as in `read` without globs; the plant without them.

        Raises:
            ConfigurationError: There is no text, or a very long one, or something is no time.
        """
        self._check()
        self._notes.add(text, at, [] if tags is None else tags_given([tags]))

    def notes(self) -> pd.DataFrame:
        """The notes of this plant by time: those made here, and those of recordings in use and of a replay's.

        Columns: `time` (UTC), `text`, `tags` (names with commas between; empty for the plant), `who`,
        `plant`. The newest 10,000 made here are kept; `attrs["dropped"]` counts the others.
        """
        self._check()
        self._notes.load()
        frame = self._notes.frame()
        table = WholeTable(frame)
        table.attrs = frame.attrs
        return table

    def _begin_loading(self) -> None:
        """Reads the notes of recordings in use in the background; called on the loop."""
        self.runner.start(self._load_notes())

    async def _load_notes(self) -> None:
        if self._notes.needs_loading:
            await asyncio.to_thread(self._notes.load)
