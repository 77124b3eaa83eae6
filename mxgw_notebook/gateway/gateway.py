"""The blocking facade: what a notebook holds after `connect`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import ExitStack
from typing import TypeVar

import pandas as pd

from mxgw_notebook.client import GalaxyRepositoryClient, GatewayClient, close_each
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.gateway.accounts import Accounts
from mxgw_notebook.gateway.blocking import Runner, blocking
from mxgw_notebook.gateway.flight_recorder import Flight
from mxgw_notebook.gateway.galaxy import (
    BrowseTree,
    Deploys,
    Explorer,
    LiveValues,
    LoadProgress,
    SelectableTree,
    deploy_words,
    load_tree,
)
from mxgw_notebook.gateway.model import GalaxyModel, RepositorySource
from mxgw_notebook.gateway.plant_named import names_its_plant
from mxgw_notebook.gateway.replay import Replay
from mxgw_notebook.gateway.stream_facts import MEANINGS, stream_facts, time_facts
from mxgw_notebook.gateway.whole_table import WholeTable
from mxgw_notebook.profiles import Profile

log = logging.getLogger(__name__)

# A galaxy of more objects is browsed level by level until something has it loaded.
LAZY_FROM = 20_000
# What one asks about how things stand is answered soon, also where the gateway is frozen.
FACT_SECONDS = 1.5
T = TypeVar("T")


@names_its_plant
class Gateway(Accounts, Explorer):
    """A connected gateway. Made by `connect`; every method blocks until it has its answer.

    An interrupt (the stop button) ends any of them at once. All raise GatewayError, with one line of text.
    """

    def __init__(
        self,
        runner: Runner,
        client: GatewayClient,
        galaxy: GalaxyRepositoryClient,
        *,
        simulated: bool = False,
        replay: Replay | None = None,
        profile: Profile | None = None,
    ) -> None:
        self.profile = profile
        model = GalaxyModel(RepositorySource(galaxy), LoadProgress)
        Accounts.__init__(self, runner, client, galaxy, model)
        live = LiveValues(self._hub.read, self._begin_watch, self._references)
        Explorer.__init__(self, runner, model, live)
        self.simulated, self.replay = simulated, replay
        # What is played again was recorded already, and is none of the demo's plant.
        is_demo = simulated and replay is None
        self._recorders.profile = profile
        self._flight = Flight(self._hub, self._recorders, self.endpoint, simulated=is_demo)

    def __repr__(self) -> str:
        kind = "replay" if self.replay else "simulated plant" if self.simulated else "gateway"
        state = ", closed" if self._closed else ", armed" if self.arming else ""
        name = f"{self.plant}, {self.endpoint}" if self.profile else self.endpoint
        return f"<Gateway {name}: {kind}{state}>"

    # -------------------------------------------------------------- the gateway itself

    def deploys(self) -> Deploys:
        """Follows deploys: a live line when displayed, DataFrames by `frame()` and `changes()`.

        After each deploy the cached galaxy is loaded again. Watched tags that failed are then tried again,
        and units are read again, also if nobody follows deploys. A second call returns the same object until
        that is stopped.
        """
        self._check()
        if (found := self._views.find(Deploys, "deploys")) is not None:
            return found
        deploys = Deploys(self.runner, self._galaxy, self._model, self._hub.on_deployed)
        return self._views.add(deploys, "deploys")

    def flight(self, on: bool = True) -> None:
        """Switches the flight recorder on or off for this plant, also for later kernels.

        It keeps the last eight hours of all watched tags, at most 500 MB, in the user's cache folder. After a
        restart of the kernel, a watch of the same tags has its past again, with the gap marked. The default
        is on for the simulated plant, and off for any other plant.

        Raises:
            ConfigurationError: The folder cannot be written.
        """
        self._check()
        self._flight.switch(on)
        if on and self._watches():
            self.runner.run(self._take_off())

    @property
    def flight_status(self) -> str:
        """on, off, or in words why the flight recorder does not record."""
        return self._flight.status

    async def _take_off(self) -> None:
        self._flight.begin()

    @blocking
    async def status(self) -> pd.DataFrame:
        """The status, one row per fact: the fact in the column `value`, its meaning in words in `meaning`.

        It also works while there is no connection.
        """
        self._check()
        options = self._client.options
        facts = {
            "gateway": options.target,
            "plant": f"{self.plant}: {self.kind}" if self.profile else self.kind,
            "armed": str(self.arming or "no: read-only"),
            "transport": "plaintext" if options.plaintext else "TLS",
            **await self._galaxy_facts(),
            "live values": self._hub.status,
            "deploys": self._deploy_follower.status,
            "deploys missed": self._deploys_missed(),
            "tags watched": len({entry.tag for watch in self._watches() for entry in watch.entries}),
            "recorders": self._recorders.in_words(),
            "flight recorder": self._flight.status,
            "historian": self._recorders.historian_in_words(),
            "tags failed": len({tag for watch in self._watches() for tag in watch.failures}),
            **stream_facts(self._hub),
            "alarm messages unknown": self._boards.unknown,
            **time_facts(self._client.clock, self._galaxy.clock),
        }
        frame = pd.DataFrame({"value": pd.Series(facts, dtype=object)}).rename_axis("fact")
        return WholeTable(frame.assign(meaning=[MEANINGS.get(fact, "") for fact in facts]))

    async def _galaxy_facts(self) -> dict[str, object]:
        """Asked for at once, and not for long: the other facts do not wait for a gateway that is away."""
        reachable, deployed = await asyncio.gather(
            find_out(self._galaxy.test_connection()), find_out(self._model.source.last_deploy())
        )
        facts: dict[str, object] = {"galaxy database": reachable, "last deploy": deployed}
        if not isinstance(reachable, str):
            facts["galaxy database"] = "reachable" if reachable else "not reachable"
        if not isinstance(deployed, str):
            facts["last deploy"] = deploy_words(deployed.time, never=not deployed.present)
        return facts

    def _deploys_missed(self) -> int:
        """By whichever of those who follow them missed most: each has the same deploys."""
        missed = [view.feed.missed for view in self._views.of(Deploys)]
        return max([self._deploy_follower.missed, *missed])

    @property
    def kind(self) -> str:
        """`production` or `test` as in mxgw.toml, `simulated`, the recording of a replay, else `real`."""
        if self.replay is not None:
            return f"a replay of {self.replay.source}"
        return "simulated" if self.simulated else (self.profile and self.profile.kind) or "real"

    @blocking
    async def object_count(self) -> int:
        """How many objects of the galaxy the key may see."""
        self._check()
        return await self._galaxy.object_count()

    def close(self) -> None:
        """Ends every watch, stream and session; widgets become pictures. A second call does nothing.

        If one part fails, the others are still ended.

        Raises:
            GatewayError: Something failed; the first such error.
            NotConnectedError: The gateway was connected before this process was forked; it belongs to the
                parent.
        """
        if self._closed:
            return
        # What has died has to be closed all the same, but by nobody else.
        self._maker.check()
        self._closed = True
        self._changes.disarm()  # while it can be told from one that was armed
        try:
            with ExitStack() as ending:  # each is ended whatever becomes of the others, the session first
                ending.callback(self._audit.close)
                ending.callback(self._flight.end)
                for view in self._views.all():
                    ending.callback(view.stop)
                ending.callback(self._end)
        except GatewayError:
            raise
        except Exception as error:
            log.debug("closing %s", self.endpoint, exc_info=error)
            hint = "Everything else is closed. This is a bug in mxgw_notebook."
            raise GatewayError(
                f"Closing {self.endpoint} met {type(error).__name__}: {error}", hint=hint
            ) from None

    @blocking
    async def _end(self) -> None:
        await close_each(self._end_tags, self._end_alarms, self._plant.close)

    # -------------------------------------------------------------- beneath

    async def _references(self) -> list[str]:
        """Those of the active alarms."""
        return [alarm.reference for alarm in await self._client.query_active_alarms()]

    @blocking
    async def _tree(self, root: str, lazy: bool | None) -> SelectableTree:
        if lazy is None:
            lazy = self._model.known is None and await self._galaxy.object_count() > LAZY_FROM
        return BrowseTree(self._galaxy, root) if lazy else await load_tree(self._model, root)


async def find_out(asked: Awaitable[T]) -> T | str:
    """The answer, or in words why it is not known."""
    try:
        async with asyncio.timeout(FACT_SECONDS):
            return await asked
    except TimeoutError:
        return f"not known: no answer within {FACT_SECONDS:g} s"
    except GatewayError as error:
        return f"not known: {error.reason}"
