"""What cells have started and is still going on: a cell that is run again finds it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from mxgw_notebook.gateway import XY, EventWatch, Gateway, Watch

V = TypeVar("V", Watch, EventWatch, XY)


class Running(Generic[V]):
    """By gateway, and by what was asked for."""

    def __init__(self) -> None:
        self._found: WeakKeyDictionary[Gateway, dict[Hashable, V]] = WeakKeyDictionary()

    def find(self, gateway: Gateway, asked: Hashable) -> V | None:
        """What goes on under this name; None where nothing does, or no longer."""
        found = self._found.get(gateway, {}).get(asked)
        return None if found is None or found.stopped else found

    def keep(self, gateway: Gateway, asked: Hashable, view: V) -> None:
        """Remembers it; what has stopped is forgotten."""
        before = self._found.get(gateway, {})
        going = {key: one for key, one in before.items() if not one.stopped}
        self._found[gateway] = {**going, asked: view}
