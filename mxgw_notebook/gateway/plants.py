"""The gateways that are connected: several at once, of which one is current.

Why: DECISIONS.md, "Plants with a name stay connected beside each other".
"""

from __future__ import annotations

import atexit
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from mxgw_notebook.client import MakerProcess
from mxgw_notebook.errors import GatewayError, NotConnectedError
from mxgw_notebook.frames import gives_table
from mxgw_notebook.gateway.cells import CELLS
from mxgw_notebook.gateway.display import keep_dollars
from mxgw_notebook.gateway.gateway import Gateway
from mxgw_notebook.gateway.saved import SavedGalaxy

if TYPE_CHECKING:
    from mxgw_notebook.simulator import EmbeddedGateway

log = logging.getLogger(__name__)

# Of all that have no name there is one at a time.
UNNAMED = ""
# The one that is meant here in place of the current one: `%mxgw read ... --on plant-b`.
MEANT: ContextVar[Gateway | None] = ContextVar("the gateway a command is run on", default=None)


@dataclass(frozen=True, slots=True)
class Held:
    """A gateway, and the embedded one that was started for it."""

    gateway: Gateway
    embedded: EmbeddedGateway | None = None
    maker: MakerProcess = field(default_factory=MakerProcess)

    def close(self) -> None:
        """Closes the gateway, and stops the embedded one.

        A process that was forked from the one that connected only forgets both: they are the parent's.
        """
        if not self.maker.is_this_one:
            return
        try:
            self.gateway.close()
        except GatewayError as error:  # nobody who leaves a gateway can do anything about it
            log.warning("%s", error)
        finally:
            if self.embedded is not None:
                self.embedded.stop()


class Connections:
    """Every gateway that is connected, by the name of its plant."""

    def __init__(self) -> None:
        self._open: dict[str, Held] = {}
        self._current: str | None = None

    def add(self, gateway: Gateway, embedded: EmbeddedGateway | None = None, name: str = UNNAMED) -> None:
        """Makes it the current one. What had its name is closed; all others are disarmed, and stay."""
        self.close(name)
        keep_dollars()
        CELLS.follow()
        self._open[name] = Held(gateway, embedded)
        self.select(name)
        # After the loop thread's own registration, so that it is run before the loop ends.
        atexit.unregister(self.close_all)
        atexit.register(self.close_all)

    def select(self, name: str) -> Gateway:
        """Makes the one of this name current. Whatever else was armed is so no more."""
        found = self.named(name)
        for other in self._open.values():
            if other.gateway is not found and not isinstance(other.gateway, SavedGalaxy):
                other.gateway.disarm()
        self._current = name
        return found

    def named(self, name: str) -> Gateway:
        """The gateway of a plant. Raises NotConnectedError where it is not connected."""
        if name not in self._open:
            others = ", ".join(self.names)
            hint = f"Connected are {others}." if others else "Connect to it by its name."
            raise NotConnectedError(f"{name or 'A plant without a name'} is not connected", hint=hint)
        return self._open[name].gateway

    @property
    def current(self) -> Gateway:
        """The one meant, or the one connected last. Raises NotConnectedError where there is none."""
        meant = MEANT.get()
        if meant is not None:
            return meant
        if self._current is None:
            named = ", ".join(self._open)
            hint = f"Still connected are {named}: {{choose}}." if named else None
            raise NotConnectedError(f"No gateway is {'current' if named else 'connected'}", hint=hint)
        return self._open[self._current].gateway

    def close(self, name: str | None = None) -> None:
        """Closes the one of a name, else the current one. Harmless where there is none."""
        chosen = self._current if name is None else name
        connection = None if chosen is None else self._open.pop(chosen, None)
        # None is current then: what a person types next was meant for the plant that is gone.
        self._current = None if chosen == self._current else self._current
        if connection is not None:
            connection.close()

    def close_all(self) -> None:
        """Closes every one. Harmless the second time."""
        atexit.unregister(self.close_all)
        for name in list(self._open):
            self.close(name)

    @property
    def names(self) -> list[str]:
        """Those of the plants that have one."""
        return [name for name in self._open if name != UNNAMED]

    def frame(self) -> pd.DataFrame:
        """One row a gateway that is connected, by its plant's name."""
        rows = [row_of(one.gateway, current=name == self._current) for name, one in self._open.items()]
        table = pd.DataFrame(rows, columns=["plant", "endpoint", "kind", "current", "armed", "file"])
        return table.astype({"current": bool})


def row_of(gateway: Gateway, *, current: bool) -> tuple[str, str, str, bool, str, str]:
    """What is said of one connection."""
    if isinstance(gateway, SavedGalaxy):
        return gateway.plant, gateway.endpoint, "saved galaxy", current, "no: a file", ""
    armed = "never: read-only" if gateway.options.read_only else str(gateway.arming or "no")
    file = str(gateway.profile.file) if gateway.profile else ""
    return gateway.plant, gateway.endpoint, gateway.kind, current, armed, file


CONNECTIONS = Connections()


@contextmanager
def meant(name: str) -> Iterator[Gateway]:
    """Within it the gateway of a plant is meant wherever none is named. Raises NotConnectedError."""
    gateway = CONNECTIONS.named(name)
    token = MEANT.set(gateway)
    try:
        yield gateway
    finally:
        MEANT.reset(token)


@gives_table
def connections() -> pd.DataFrame:
    """The connected gateways, one row each, in the order in which they were connected.

    Columns: `plant` (its name in mxgw.toml, else its endpoint), `endpoint`, `kind` (`production` or `test` as
    in the file, `simulated`, the recording of a replay, `saved galaxy`, else `real`), `current` (bool: the
    one that is used without a name), `armed` (the reason and the time left, or that it is not armed), `file`
    (the one with its name).
    """
    return CONNECTIONS.frame()


def current(name: str | None = None) -> Gateway:
    """The gateway that was connected or chosen last, or the one of a plant by its name.

    `mx.gateway("plant-a")` is the same as `mx.current("plant-a")`. Raises NotConnectedError if there is none.
    """
    return CONNECTIONS.current if name is None else CONNECTIONS.named(name)


def connected() -> Gateway | None:
    """The gateway that `current` gives; None where there is none, or a saved galaxy."""
    try:
        gateway = current()
    except NotConnectedError:
        return None
    return None if isinstance(gateway, SavedGalaxy) else gateway


def disconnect(name: str | None = None) -> None:
    """Closes the current gateway, or that of a plant by its name. Does nothing if there is none.

    The embedded gateway stops. No other gateway becomes the current one by itself.
    """
    CONNECTIONS.close(name)


def disconnect_all() -> None:
    """Closes every gateway that is connected. Harmless without one."""
    CONNECTIONS.close_all()


def connected_names() -> list[str]:
    """The plants that are connected by a name."""
    return CONNECTIONS.names
