"""Serves an embedded gateway on loopback, inside the running event loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

from mxgw_notebook.simulator.clock import ManualClock
from mxgw_notebook.simulator.faults import Faults, Setting
from mxgw_notebook.simulator.host import Host, PortTakenError
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.plant import BROKEN, TICK, Plant, break_tag
from mxgw_notebook.simulator.sessions import SessionTable

__all__ = ["PortTakenError", "ServedGateway", "serving"]


class ServedGateway:
    """A gateway that is being served. `ca_file` is None without TLS."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def __repr__(self) -> str:
        return f"ServedGateway({self.endpoint!r})"

    @property
    def endpoint(self) -> str:
        """host:port."""
        return self._host.endpoint

    @property
    def ca_file(self) -> str | None:
        """The file from which clients learn to trust it."""
        return self._host.ca_file

    @property
    def api_key(self) -> str:
        """The key that may do everything."""
        return self._host.options.api_key

    @property
    def plant(self) -> Plant:
        """The simulated plant."""
        return self._host.site.plant

    @property
    def sessions(self) -> SessionTable:
        """The sessions."""
        return self._host.gateway.sessions

    @property
    def open_calls(self) -> Counter[str]:
        """How many streams are open, by rpc name."""
        return self._host.open_calls

    @property
    def faults(self) -> Faults:
        """What is wrong now; `fault` and `clear_faults` change it."""
        return self._host.faults

    async def fault(self, name: str, **settings: Setting) -> None:
        """Lets something of `faults.SWITCHES` go wrong. ValueError for an unknown fault or setting."""
        await self._host.fault(name, **settings)

    async def clear_faults(self, *names: str) -> None:
        """Ends faults; all of them when none is named."""
        await self._host.clear(*names)

    def status(self) -> dict[str, Any]:
        """How it does: sessions, events a second, how far the plant is behind its clock, faults."""
        return self._host.gateway.status()

    def revoke(self, key: str) -> None:
        """A key is good for no further call."""
        self._host.gateway.keys.revoke(key)

    def deploy(self, breaks: str = "", tag: str = BROKEN) -> None:
        """Deploys a change to the galaxy now, or one of `BREAKS` of a tag. ValueError where it cannot be."""
        if not breaks:
            self._host.site.deploys.deploy(self.plant.now)
            return
        break_tag(self.plant, breaks, tag)
        self._host.site.deploys.tell(self.plant.now)

    def replay(self, action: str, **settings: float) -> None:
        """Moves a tape: play (`speed`), pause, seek (`to`, seconds since the epoch), step (`seconds`)."""
        self._host.gateway.replay(action, **settings)

    async def advance(self, seconds: float) -> None:
        """Moves a ManualClock on, a tick of 0.2 s at a time; all events are queued when it returns."""
        clock = self._host.options.clock
        if not isinstance(clock, ManualClock):
            raise TypeError("Only a gateway on a ManualClock can be advanced.")
        target = clock.elapsed() + seconds
        while clock.elapsed() < target - 1e-9:
            clock.move(min(TICK, target - clock.elapsed()))
            # Tick by tick, as time passes in a plant: of one long step the gateway would skip what it is
            # behind.
            self._host.gateway.catch_up()
            # Streams get their turn between ticks; else a queue would overflow that a client reads all the
            # time.
            await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def serving(options: GatewayOptions) -> AsyncIterator[ServedGateway]:
    """Serves until the block is left. Raises PortTakenError when the port is not free."""
    host = Host(options)
    async with host.running():
        yield ServedGateway(host)
