"""The writes that were made from here, each on record however it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mxgw_notebook.client import Written
from mxgw_notebook.errors import GatewayError, OutcomeUnknownError, WriteError, WriteOutcomeUnknownError
from mxgw_notebook.gateway.audit import DONE, REFUSED, UNKNOWN, Audit
from mxgw_notebook.gateway.operator_name import operator_name
from mxgw_notebook.gateway.trail import Trail

ACTIONS_KEPT = 10_000
INTERRUPTED = "interrupted: the value may have been written"


@dataclass(slots=True)
class Action:
    """One write; `taken` once the plant has confirmed it, None where nobody knows."""

    time_ns: int
    tag: str
    object: str
    value: Any
    operator: str
    taken: bool | None = False
    outcome: str = ""

    def take(self, written: Written) -> None:
        """What became of it, with the value that was sent instead of what was typed."""
        if written.error is None and not written.failure:
            remarks = [str(one) for one in written.statuses if one.category not in ("OK", "UNSPECIFIED")]
            self.value, self.taken, self.outcome = written.value, True, "; ".join(remarks) or "completed"
        else:
            self.fail(written.error or GatewayError(written.failure))

    def fail(self, error: BaseException) -> None:
        """What ended it. Cancelled, or by a defect of ours, the value may be on its way all the same."""
        unknown = isinstance(error, OutcomeUnknownError) or not isinstance(error, GatewayError)
        self.taken = None if unknown else False
        self.outcome = str(error) if isinstance(error, OutcomeUnknownError) else INTERRUPTED
        if isinstance(error, GatewayError) and not unknown:
            self.outcome = error.reason
        if isinstance(error, WriteError | WriteOutcomeUnknownError):
            self.value = error.value


def action_on(tag: str, value: Any, object_name: str | None = None) -> Action:
    """A write that begins now."""
    return Action(time.time_ns(), tag, object_name or tag.partition(".")[0], value, operator_name())


@contextmanager
def record_writes(trail: Trail[Action], audit: Audit, *actions: Action) -> Iterator[None]:
    """Enters writes however they end; the caller lets each `take` what became of it."""
    deeds = [audit.begin("write", one.tag, one.value, operator=one.operator) for one in actions]
    try:
        yield
    # A cell that was interrupted, too: what has left stands on the record, though nobody waited for it.
    except BaseException as error:
        for action in actions:
            action.fail(error)
        raise
    finally:
        for action, deed in zip(actions, deeds, strict=True):
            trail.add(action)
            outcome = UNKNOWN if action.taken is None else DONE if action.taken else REFUSED
            audit.end(deed, outcome, action.outcome, action.value)
