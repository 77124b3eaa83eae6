"""One command under way: who asks, in which session, and the reply that is being filled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.gateway import Gateway
from mxgw_notebook.simulator.items import Server
from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.sessions import Session


@dataclass(frozen=True, slots=True)
class Invocation:
    """What a handler works with. It fills the reply; failures are raised."""

    gateway: Gateway
    session: Session
    key: Key
    reply: wire.MxCommandReply

    @property
    def now(self) -> float:
        """Plant time."""
        return self.gateway.plant.now

    def server(self, handle: int) -> Server:
        """The registration of a handle. Raises MxFailureError when there is none."""
        return self.session.server(handle)


@dataclass(frozen=True, slots=True)
class Command:
    """A handler, the scope it needs, and whether it answers in a session that is not ready too.

    `wait` says how many seconds the worker has to wait for others before it can answer.
    """

    scope: str
    handle: Callable[[Invocation, Any], None]
    any_state: bool = False
    wait: Callable[[Invocation, Any], float] | None = None


READ, WRITE, SECURE = "invoke:read", "invoke:write", "invoke:secure"
METADATA, EVENTS, ADMIN = "metadata:read", "events:read", "admin"
