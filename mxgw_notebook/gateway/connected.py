"""What every part of a connected gateway stands on: the clients, the hub, and what is live."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Protocol, TypeVar

from mxgw_notebook.client import ClientOptions, GalaxyRepositoryClient, GatewayClient, MakerProcess
from mxgw_notebook.errors import SessionClosedError
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.model import GalaxyModel
from mxgw_notebook.gateway.notes import Notes
from mxgw_notebook.gateway.recorders import Recorders
from mxgw_notebook.live import Plant
from mxgw_notebook.profiles import Profile

if TYPE_CHECKING:
    from mxgw_notebook.gateway.replay import Replay
    from mxgw_notebook.simulator import EmbeddedGateway


class LiveView(Protocol):
    """Something live that a person has asked for."""

    @property
    def stopped(self) -> bool:
        """Whether it has been stopped."""

    def stop(self) -> None:
        """Ends it. Harmless the second time."""


V = TypeVar("V", bound=LiveView)


class LiveViews:
    """Remembers what is live, so that closing the gateway ends it all."""

    def __init__(self) -> None:
        self._views: list[LiveView] = []
        self._asked: dict[Hashable, LiveView] = {}

    def add(self, view: V, asked: Hashable = None) -> V:
        """The view itself, remembered, also by what was asked for; stopped ones are forgotten."""
        self._views = [*self.all(), view]
        self._asked = {key: one for key, one in self._asked.items() if not one.stopped}
        if asked is not None:
            self._asked[asked] = view
        return view

    def find(self, kind: type[V], asked: Hashable) -> V | None:
        """The view of the same thing that goes on, so that a cell which is run again adds no other."""
        found = self._asked.get(asked)
        return found if isinstance(found, kind) and not found.stopped else None

    def all(self) -> list[LiveView]:
        """Those that have not been stopped, the oldest first."""
        return [view for view in self._views if not view.stopped]

    def of(self, kind: type[V]) -> list[V]:
        """Those of one kind."""
        return [view for view in self.all() if isinstance(view, kind)]


class Connected:
    """One connection, shared by the parts of `Gateway`: tags, alarms and the galaxy.

    `profile` is what mxgw.toml says of its plant; None where it was not named there. `_embedded` is the
    plant or replay that was started for it.
    """

    profile: Profile | None = None
    replay: Replay | None
    _embedded: EmbeddedGateway | None = None

    def __init__(
        self, runner: Runner, client: GatewayClient, galaxy: GalaxyRepositoryClient, model: GalaxyModel
    ) -> None:
        self.runner = runner
        self._client, self._galaxy, self._model = client, galaxy, model
        self._plant = Plant(client, galaxy)
        self._hub = self._plant.hub
        self._views = LiveViews()
        self._recorders = Recorders(self._hub, runner, model, client.options.target)
        self._notes = Notes(self._hub, self._recorders, self.plant)
        self._closed = False
        self._maker = MakerProcess()

    @property
    def endpoint(self) -> str:
        """host:port."""
        return self._client.options.target

    @property
    def plant(self) -> str:
        """The plant's name in plans, audit and tables: its name in mxgw.toml, else its endpoint."""
        return self._client.gate.plant

    @property
    def options(self) -> ClientOptions:
        """How to reach the gateway; the key does not show."""
        return self._client.options

    def _check(self) -> None:
        self._maker.check()
        if self._closed:
            raise SessionClosedError(
                f"The connection to {self.endpoint} is closed", hint="Connect again: {connect}."
            )
        if (ended := self._ending()) is not None:
            raise ended

    def _live_with(self, embedded: EmbeddedGateway) -> None:
        """It is this process: what is live says so when it has ended, and is not followed further."""
        self._embedded = embedded
        for client in (self._client, self._galaxy):
            client.live_with(self._ending)

    def _ending(self) -> SessionClosedError | None:
        """What to say of an embedded gateway whose process has ended; None while it runs, and of others."""
        if self._embedded is None or self._embedded.is_running():
            return None
        if self.replay is not None:
            return SessionClosedError(
                f"The replay at {self.endpoint} has ended", hint="Begin another: {replay}."
            )
        message = f"The simulated plant at {self.endpoint} has ended"
        return SessionClosedError(message, hint="Start another: {start a plant}.")
