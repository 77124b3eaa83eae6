"""The watches, reviews and deploy lines of one gateway that have not been stopped."""

from __future__ import annotations

from typing import Protocol, TypeVar


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
