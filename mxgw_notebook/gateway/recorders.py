"""The recorders of a connection: begun here, and given what they record beside values."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.frames import write_galaxy
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.historian import Historian
from mxgw_notebook.gateway.model import GalaxyModel
from mxgw_notebook.gateway.shown_recorder import ShownRecorder
from mxgw_notebook.gateway.trail import Trail
from mxgw_notebook.history import Feed, HistorySource, Keep, RecordedSource, Recorder, galaxy_file, value_text
from mxgw_notebook.live import Hub, Subscription
from mxgw_notebook.profiles import Profile

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

log = logging.getLogger(__name__)


class Recorders:
    """What records now, and what else is remembered: `sources` are asked for values by time.

    `feeds` are those that every recorder gets: what is done to the plant from here.
    """

    def __init__(self, hub: Hub, runner: Runner, model: GalaxyModel, plant: str) -> None:
        self.sources: list[HistorySource] = []
        self.feeds: list[Callable[[], Feed]] = []
        self.when_watched: list[Callable[[], None]] = []
        self._hub, self._runner, self._model, self._plant = hub, runner, model, plant
        self._recorders: list[Recorder] = []
        self.profile: Profile | None = None

    @property
    def all(self) -> list[Recorder]:
        """Those that record at present."""
        self._recorders = [one for one in self._recorders if not one.stopped]
        return list(self._recorders)

    def in_words(self) -> str:
        """How those that record at present fare; none where there are none."""
        return "; ".join(fares(one) for one in self.all) or "none"

    def historian_in_words(self) -> str:
        """Where the plant's historian is, and whether it could be read; none where mxgw.toml names none."""
        return "; ".join(one.standing for one in self.sources if isinstance(one, Historian)) or "none"

    def recordings(self) -> list[RecordedSource]:
        """Those sources that are recordings, the historian too once it was read."""
        found = [one.recorded if isinstance(one, Historian) else one for one in list(self.sources)]
        return [one for one in found if isinstance(one, RecordedSource)]

    def begin(
        self,
        folder: str | Path,
        chosen: Callable[[], Sequence[Subscription]],
        feeds: Sequence[Feed] = (),
        *,
        keep: Keep | None = None,
        plant: str | None = None,
        **settings: Any,
    ) -> Recorder:
        """A recorder that records from now on. Call it on the person's thread.

        Raises:
            ConfigurationError: The folder cannot be recorded to.
        """
        recorder = Recorder(
            self._hub,
            folder,
            plant=plant or self._plant,
            chosen=chosen,
            feeds=[*(feed() for feed in self.feeds), *feeds],
            keep=keep,
            **settings,
        )

        async def start() -> None:
            recorder.start()

        ShownRecorder(recorder, self._hub, self._runner, self.profile)
        self._runner.run(start())
        self._recorders.append(recorder)
        recorder.has_galaxy.clear()
        self._runner.start(self._save_first_galaxy(recorder))
        return recorder

    async def _save_first_galaxy(self, recorder: Recorder) -> None:
        try:
            await self.save_galaxy([recorder])
        finally:
            recorder.has_galaxy.set()

    async def save_galaxy(self, recorders: Sequence[Recorder] | None = None) -> None:
        """Puts the galaxy as it is now beside the values; a gateway that does not give it changes nothing."""
        try:
            await record_galaxy(self._model, self.all if recorders is None else recorders)
        except GatewayError as error:
            log.info("the galaxy is not recorded: %s", error)


async def record_galaxy(model: GalaxyModel, recorders: Sequence[Recorder]) -> None:
    """Puts the galaxy as it is now beside the values of each recorder.

    Raises:
        GatewayError: The gateway does not give it.
    """
    if not recorders:
        return
    galaxy = await model.load()
    deployed = galaxy.deployed.time
    stamp = int(deployed.timestamp()) * 1_000_000_000 if deployed else time.time_ns()
    for recorder in recorders:
        await asyncio.to_thread(put_galaxy, recorder, stamp, galaxy.objects, galaxy.attributes)


def put_galaxy(recorder: Recorder, stamp: int, objects: pd.DataFrame, attributes: pd.DataFrame) -> None:
    """Writes it; a disk that does not take it harms no value. Nothing is added to what has ended."""
    if recorder.stopped:
        return
    try:
        write_galaxy(galaxy_file(recorder.folder, recorder.plant, stamp), objects, attributes)
    except (ConfigurationError, OSError) as error:
        log.warning("the galaxy is not recorded to %s: %s", recorder.to, error)


def fares(recorder: Recorder) -> str:
    """How a recorder fares, in a line."""
    told = recorder.progress()
    lost = f", {told.dropped:,} lost" if told.dropped else ""
    return (
        f"{recorder.to}: {recorder.status}, {told.samples:,} samples, {told.samples_per_second:,.1f} a "
        f"second, {told.written / 1e6:,.1f} MB written, {told.free / 1e9:,.1f} GB free{lost}"
    )


def trail_feed(table: str, trail: Trail[Any]) -> Feed:
    """The entries of a trail that are new since it was asked last."""
    seen = trail.added

    def feed() -> list[dict[str, Any]]:
        nonlocal seen
        seen, news = trail.news(seen)
        return [deed_fact(table, entry) for entry in news]

    return feed


def deed_fact(table: str, entry: DataclassInstance) -> dict[str, Any]:
    """What was done to the plant, as a fact."""
    told = asdict(entry)
    return {"table": table, **told, **({"value": value_text(told["value"])} if "value" in told else {})}
