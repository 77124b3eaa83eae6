"""What every part of a connected gateway stands on: the clients, the hub, and what is live."""

from __future__ import annotations

from typing import Protocol, TypeVar

from mxgw_notebook.client import ClientOptions, GalaxyRepositoryClient, GatewayClient, MakerProcess
from mxgw_notebook.errors import SessionClosedError
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.model import GalaxyModel
from mxgw_notebook.live import Hub


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

    def add(self, view: V) -> V:
        """The view itself, remembered; stopped ones are forgotten."""
        self._views = [*self.all(), view]
        return view

    def all(self) -> list[LiveView]:
        """Those that have not been stopped, the oldest first."""
        return [view for view in self._views if not view.stopped]

    def of(self, kind: type[V]) -> list[V]:
        """Those of one kind."""
        return [view for view in self.all() if isinstance(view, kind)]


class Connected:
    """One connection, shared by the parts of `Gateway`: tags, alarms and the galaxy."""

    def __init__(
        self, runner: Runner, client: GatewayClient, galaxy: GalaxyRepositoryClient, model: GalaxyModel
    ) -> None:
        self.runner = runner
        self._client, self._galaxy, self._model = client, galaxy, model
        self._hub = Hub(client, "mxgw_notebook")
        self._views = LiveViews()
        self._closed = False
        self._maker = MakerProcess()

    @property
    def endpoint(self) -> str:
        """host:port."""
        return self._client.options.target

    @property
    def options(self) -> ClientOptions:
        """How the gateway is reached; the key does not show."""
        return self._client.options

    def _check(self) -> None:
        self._maker.check()
        if self._closed:
            raise SessionClosedError(
                f"The connection to {self.endpoint} is closed", hint="Connect again: {connect}."
            )
