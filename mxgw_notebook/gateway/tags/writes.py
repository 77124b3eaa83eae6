"""The record of writes: what was done to the plant from here, when, by whom, and what came of it."""

from __future__ import annotations

import asyncio
import getpass
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.frames import utc

ACTIONS_KEPT = 10_000
INTERRUPTED = "interrupted: the value may have been written"


@dataclass(slots=True)
class Action:
    """One write; `taken` once the plant has confirmed it."""

    time_ns: int
    tag: str
    object: str
    value: Any
    operator: str
    taken: bool = False
    outcome: str = ""


DTYPES = {"value": "object", "taken": "bool"}  # all others are text


class ActionTrail:
    """Keeps the newest writes of one gateway."""

    def __init__(self) -> None:
        self.dropped = 0
        self._actions: deque[Action] = deque(maxlen=ACTIONS_KEPT)
        self._lock = threading.Lock()

    @contextmanager
    def recording(self, tag: str, value: Any, object_name: str | None) -> Iterator[Action]:
        """Enters a write however it ends; the caller tells the `outcome` of one that was taken."""
        of = object_name or tag.partition(".")[0]
        action = Action(time.time_ns(), tag, of, value, operator_name())
        try:
            yield action
            action.taken = True
        except GatewayError as error:
            action.outcome = error.reason
            raise
        except (asyncio.CancelledError, KeyboardInterrupt):
            action.outcome = INTERRUPTED
            raise
        finally:
            self._enter(action)

    def _enter(self, action: Action) -> None:
        with self._lock:
            self.dropped += len(self._actions) == ACTIONS_KEPT
            self._actions.append(action)

    def frame(self) -> pd.DataFrame:
        """One row a write, in the order of their outcomes; see `Gateway.actions`."""
        with self._lock:
            actions = list(self._actions)
        columns = {
            field.name: [getattr(action, field.name) for action in actions] for field in fields(Action)
        }
        times = utc(columns.pop("time_ns"))
        typed = {name: pd.Series(values, dtype=DTYPES.get(name, "str")) for name, values in columns.items()}
        frame = pd.DataFrame({"time": times, **typed})
        frame.attrs = {"dropped": self.dropped}
        return frame


def operator_name() -> str:
    """The user's own name; empty where the system knows none, which is no reason not to write."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
