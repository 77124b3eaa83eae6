"""The record of writes: what was done to the plant from here, when, by whom, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.gateway.operator_name import operator_name
from mxgw_notebook.gateway.trail import Trail

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


@contextmanager
def record_write(trail: Trail[Action], tag: str, value: Any, object_name: str | None) -> Iterator[Action]:
    """Enters a write however it ends; the caller tells the `outcome` of one that was taken."""
    of = object_name or tag.partition(".")[0]
    action = Action(time.time_ns(), tag, of, value, operator_name())
    try:
        yield action
        action.taken = True
    except GatewayError as error:
        action.outcome = error.reason
        raise
    except BaseException:
        # Cancelled, or a defect of ours: the value may be on its way all the same.
        action.outcome = INTERRUPTED
        raise
    finally:
        trail.add(action)
