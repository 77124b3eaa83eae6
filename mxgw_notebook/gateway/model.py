"""The galaxy as two DataFrames, loaded once a deploy, and the questions asked of them."""

from __future__ import annotations

import asyncio
import contextlib
import difflib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from mxgw_notebook.client import DeployEvent, GalaxyRepositoryClient, LastDeploy, text_given
from mxgw_notebook.errors import AuthenticationError, ConfigurationError, GatewayError
from mxgw_notebook.frames import SETTINGS, TagIndex, galaxy_frames, is_glob, narrowed, read_galaxy, reply_page

PATTERN_HINT = "Give a glob such as *Pump*.Speed, or words."
# A galaxy that is deployed again during each load is old at once: the next question loads it anew.
LOADS = 3
Tables = tuple[pd.DataFrame, pd.DataFrame]
Progress = Callable[[int, int], None]
Watched = Callable[[], AbstractContextManager[Progress]]
# The feed begins with the present state, at once.
FEED_SECONDS = 1.0


class GalaxySource(Protocol):
    """Where a galaxy is loaded from: a gateway, or a file."""

    async def last_deploy(self) -> LastDeploy:
        """When something was last deployed."""

    async def tables(self, deployed: LastDeploy, progress: Progress) -> Tables:
        """The objects and the attributes; their `attrs` name where they come from."""

    async def beginning(self, begun: str, most: int) -> list[str]:
        """Tags that begin so, objects with their dot first; without loading anything else."""


@dataclass(frozen=True, slots=True)
class RepositorySource:
    """The galaxy behind a gateway."""

    client: GalaxyRepositoryClient

    async def last_deploy(self) -> LastDeploy:
        """The gateway's own answer, or where it refuses that one, what its feed of deploys begins with."""
        try:
            return await self.client.get_last_deploy()
        except AuthenticationError:
            raise
        except GatewayError as error:
            if not error.is_answer:
                raise
        return await self._ask_feed()

    async def _ask_feed(self) -> LastDeploy:
        """The present state as the feed tells it; a deploy at a time not known where it does not either."""
        with contextlib.suppress(GatewayError, TimeoutError):
            async with asyncio.timeout(FEED_SECONDS), self.client.watch_deploy_events() as feed:
                async for event in feed:
                    return last_deploy_of(event)
        return LastDeploy(True, None)

    async def tables(self, deployed: LastDeploy, progress: Progress) -> Tables:
        """All pages, one after the other."""
        tables = galaxy_frames(await self.client.hierarchy_columns(keep=reply_page, progress=progress))
        for table in tables:
            table.attrs = {"endpoint": self.client.options.target, "deployed": words_of(deployed)}
        return tables

    async def beginning(self, begun: str, most: int) -> list[str]:
        """Asked of the gateway by prefix: objects, or the attributes of the one that is named."""
        owner, dot, _ = begun.partition(".")
        if not owner or is_glob(owner):
            return []
        glob = owner if dot else f"{owner}*"
        found: list[str] = []
        objects = self.client.iter_hierarchy(page_size=most, tag_name_glob=glob, include_attributes=bool(dot))
        async with contextlib.aclosing(objects):
            async for one in objects:
                tags = [each.full_tag_reference for each in one.attributes] if dot else [f"{one.tag_name}."]
                found += [tag for tag in tags if tag.lower().startswith(begun.lower())]
                if len(found) >= most:
                    break
        return found[:most]


@dataclass(frozen=True, slots=True)
class FileSource:
    """A galaxy that was saved."""

    path: Path

    async def last_deploy(self) -> LastDeploy:
        """A file does not change: the time of the deploy stands in its tables' `attrs`."""
        return LastDeploy(False, None)

    async def tables(self, deployed: LastDeploy, progress: Progress) -> Tables:
        """The tables as they were saved."""
        del deployed, progress
        objects, attributes = read_galaxy(self.path)
        return objects, attributes.drop(columns=[name for name in SETTINGS if name in attributes])

    async def beginning(self, begun: str, most: int) -> list[str]:
        """None: a file is loaded as soon as it is there."""
        del begun, most
        return []


@dataclass(frozen=True, slots=True)
class Galaxy:
    """A galaxy as it was deployed at one time: its two tables and their index."""

    objects: pd.DataFrame
    attributes: pd.DataFrame
    deployed: LastDeploy
    index: TagIndex


class GalaxyModel:
    """The plant's model. Every answer is a new DataFrame; changing it changes nothing here.

    `watched` makes what is told how far a load is.
    """

    def __init__(self, source: GalaxySource, watched: Watched | None = None) -> None:
        self.source = source
        self._watched = watched or (lambda: nullcontext(no_progress))
        self._loading = asyncio.Lock()
        self._galaxy: Galaxy | None = None

    @property
    def known(self) -> Galaxy | None:
        """The galaxy as it was loaded last, without asking whether it was deployed since."""
        return self._galaxy

    async def load(self, *, again: bool = False) -> Galaxy:
        """The galaxy, loaded again when something was deployed since, or in any case."""
        # One load for all who ask: a find, a completion and a watch at the same moment would else fetch a
        # million attributes each.
        async with self._loading:
            # Asked before the tables, and after them: a deploy meanwhile would make them look older than they
            # are.
            deployed = await self.source.last_deploy()
            if again or self._galaxy is None or deployed != self._galaxy.deployed:
                # Set as one, when all of it is there: who asks meanwhile has the galaxy of before, never half
                # of each.
                self._galaxy = await self._load_settled(deployed)
            return self._galaxy

    async def _load_settled(self, deployed: LastDeploy) -> Galaxy:
        """The galaxy after `deployed`, or after a deploy that came while it was loaded.

        Tables loaded across a deploy would pass for those of before it, and hide what it changed.
        """
        for _ in range(LOADS):
            with self._watched() as progress:
                objects, attributes = await self.source.tables(deployed, progress)
            asked, deployed = deployed, await self._look_for_deploy(deployed)
            if deployed == asked:
                break
        return Galaxy(objects, attributes, asked, TagIndex(objects, attributes))

    async def _look_for_deploy(self, deployed: LastDeploy) -> LastDeploy:
        """The last deploy as of now; the one known where the gateway does not answer that any more."""
        try:
            return await self.source.last_deploy()
        except GatewayError:
            return deployed

    async def objects(self, pattern: str | None, **filters: Any) -> pd.DataFrame:
        """The objects that match; see `Gateway.objects`."""
        return narrowed((await self.load()).objects, pattern, filters)

    async def attributes(self, pattern: str | None, **filters: Any) -> pd.DataFrame:
        """The attributes that match; see `Gateway.attributes`."""
        return (await self.load()).index.find(pattern, filters)

    def known_attribute(self, tag: str) -> dict[str, Any]:
        """What the galaxy as loaded says of a tag, by column of `attributes`; empty where it says nothing."""
        text_given(tag, "A tag", "Name one such as Pump001.Speed.")
        row = None if self._galaxy is None else self._galaxy.index.row(tag)
        if self._galaxy is None or row is None:
            return {}
        return {str(name): value for name, value in self._galaxy.attributes.iloc[row].items()}

    def similar(self, tag: str) -> list[str]:
        """Tags spelt much like one that does not exist; none before the galaxy was loaded."""
        if self._galaxy is None:
            return []
        folded = {known.lower(): known for known in self._galaxy.index.near(tag)}
        return [folded[name] for name in difflib.get_close_matches(tag.lower(), folded, n=3, cutoff=0.75)]


def words_of(deployed: LastDeploy) -> str:
    """When something was last deployed, as tables carry it."""
    return "not known" if deployed.present and deployed.time is None else str(deployed.time)


def last_deploy_of(event: DeployEvent) -> LastDeploy:
    """What an event of the feed says of the last deploy; its number tells apart two at times not known."""
    if not event.time_of_last_deploy_present:
        return LastDeploy(False, None)
    moment = event.time_of_last_deploy
    if not moment.timestamp():  # 1970 stands in records for a time that is not known
        return LastDeploy(True, None, (event.sequence, 0))
    return LastDeploy(True, moment, (int(moment.timestamp()), moment.microsecond * 1000))


def no_progress(objects: int, total: int) -> None:
    """Nobody looks on."""


def check_pattern(pattern: str) -> None:
    """Refuses an empty pattern, which would list the whole plant by mistake."""
    if not text_given(pattern, "A pattern", PATTERN_HINT).strip():
        raise ConfigurationError("No pattern given", hint=PATTERN_HINT)
