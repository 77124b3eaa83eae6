"""Acknowledging alarms by reference or glob; the only way to it, so that every one is on record."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import pandas as pd

from mxgw_notebook.client import ACKNOWLEDGE_SECONDS, GatewayClient, seconds_given, text_given, texts_given
from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.gateway.audit import DONE, REFUSED, UNKNOWN, Audit, Deed
from mxgw_notebook.gateway.trail import Trail
from mxgw_notebook.globs import is_glob, resolve

CALL, TABLE = "call", "table"
ACKNOWLEDGED = "acknowledged"
AT_ONCE = 16
INTERRUPTED = "interrupted: whether it was acknowledged is not known"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """One acknowledge, entered when it ended; `asked_by` is call or table.

    `acknowledged` is None where the answer was lost or not waited for, so that nobody knows.
    """

    time_ns: int
    reference: str
    operator: str
    comment: str
    acknowledged: bool | None
    result: str
    asked_by: str


class Acknowledger:
    """Acknowledges at one gateway and enters each outcome in the trail."""

    def __init__(self, client: GatewayClient, trail: Trail[Acknowledgement], audit: Audit) -> None:
        self._client, self._trail = client, trail
        self._gate, self._audit = client.gate, audit

    async def acknowledge_one(
        self,
        reference: str,
        *,
        comment: str,
        operator: str,
        asked_by: str,
        over: Callable[[], bool] | None = None,
        deadline: float | None = None,
    ) -> GatewayError | None:
        """The error, or None when the gateway accepted it; `deadline` is the loop time when waiting ends.

        `over` tells whether the alarm had left the board before: what the gateway accepts then has no effect.
        """
        # Assumed until known better: the request may have reached the gateway when the waiting was cut off.
        entry = Acknowledgement(0, reference, operator, comment, None, INTERRUPTED, asked_by)
        error: GatewayError | None = None
        # Before the call: afterwards the alarm may be gone because of it.
        is_over = over is not None and over()
        deed = self._audit.begin("acknowledge", reference, comment or None, operator=operator)
        try:
            # Of each, however it was asked for: a button in a table has no other look at it than this.
            self._gate.check([reference], ACKNOWLEDGED)
            await self._client.acknowledge_alarm(
                reference, comment=comment, operator_user=operator, timeout=seconds_left(reference, deadline)
            )
            error = nothing_left(reference) if is_over else None
            entry = replace(entry, acknowledged=error is None, result=str(error or ACKNOWLEDGED))
        except GatewayError as raised:
            error = raised
            entry = replace(entry, acknowledged=None if raised.may_be_done else False, result=str(raised))
        finally:
            # Also when the waiting was cancelled.
            self._enter(deed, replace(entry, time_ns=time.time_ns()))
        return error

    def _enter(self, deed: Deed, entry: Acknowledgement) -> None:
        """Puts the outcome on record, in the audit and in the trail."""
        outcomes = {None: UNKNOWN, True: DONE, False: REFUSED}
        self._audit.end(deed, outcomes[entry.acknowledged], entry.result)
        self._trail.add(entry)

    async def acknowledge_many(
        self,
        references: Sequence[str],
        *,
        comment: str,
        operator: str,
        done: Callable[[str, GatewayError | None], None],
        over: Callable[[str], bool] = lambda reference: False,
        asked_by: str = TABLE,
        deadline: float | None = None,
    ) -> None:
        """Some at a time, each outcome told by `done` as it comes."""

        async def each(reference: str) -> None:
            outcome = await self.acknowledge_one(
                reference,
                comment=comment,
                operator=operator,
                asked_by=asked_by,
                over=lambda: over(reference),
                deadline=deadline,
            )
            done(reference, outcome)

        waiting = iter(references)
        while batch := list(islice(waiting, AT_ONCE)):
            # Some at a time: a thousand at once would stand in the way of everything else on the connection.
            await asyncio.gather(*map(each, batch))

    async def acknowledge(
        self, references: Sequence[str | Sequence[str]], *, comment: str, operator: str, timeout: float
    ) -> pd.DataFrame:
        """One row an alarm: `reference`, `result`, `acknowledged`. A single alarm that fails is raised.

        `timeout` bounds the whole, and looking globs up as well.
        """
        deadline = asyncio.get_running_loop().time() + seconds_given(timeout)
        text_given(comment, "A comment", "Give words for the alarm's record.")
        try:
            async with asyncio.timeout_at(deadline):
                wanted = await resolve_globs(self._client, references)
        except TimeoutError:
            raise not_asked(", ".join(map(str, references))) from None
        self._gate.check(wanted, ACKNOWLEDGED)
        outcomes: dict[str, GatewayError | None] = {}
        await self.acknowledge_many(
            wanted,
            comment=comment,
            operator=operator,
            done=outcomes.__setitem__,
            asked_by=CALL,
            deadline=deadline,
        )
        (first, *more) = wanted
        if not more and (error := outcomes[first]) is not None:
            raise error
        results = [outcomes[reference] for reference in wanted]
        done = [error is None if error is None or not error.may_be_done else None for error in results]
        columns = {
            "reference": wanted,
            "result": [ACKNOWLEDGED if error is None else str(error) for error in results],
            "acknowledged": pd.Series(done, dtype="boolean"),
        }
        return pd.DataFrame(columns)


def seconds_left(reference: str, deadline: float | None) -> float:
    """The seconds that an acknowledge may take. Raises GatewayError where none are left: nothing was sent."""
    if deadline is None:
        return ACKNOWLEDGE_SECONDS
    seconds = deadline - asyncio.get_running_loop().time()
    if seconds <= 0:
        raise not_asked(reference)
    return seconds


def not_asked(reference: str) -> GatewayError:
    """The error of an acknowledge whose time was over before it was sent: it certainly was not done."""
    hint = "The gateway is slow to answer. A longer timeout can be given."
    message = f"{reference} was not acknowledged: the time was over before it was sent"
    return GatewayError(message, hint=hint)


def nothing_left(reference: str) -> GatewayError:
    """Why an accepted acknowledge has no effect."""
    return GatewayError(f"{reference} is over: cleared and no longer on the gateway's list", hint="")


def named(given: Sequence[Any]) -> list[str]:
    """What was given by name, not by glob or in a table: for saying what is not to be acknowledged."""
    return [one for one in given if isinstance(one, str) and not is_glob(one)]


async def resolve_globs(client: GatewayClient, given: Sequence[Any]) -> list[str]:
    """The references, globs replaced by the active alarms they match, without case; each once."""
    hint = "Name a reference or a glob, e.g. *Tank001*."
    named = [entry["reference"] if "reference" in getattr(entry, "columns", ()) else entry for entry in given]
    references = [reference for entry in named for reference in texts_given(entry, "An alarm", hint)]
    if not references:
        raise ConfigurationError("No alarm given", hint=hint)
    if not any(is_glob(reference) for reference in references):
        # Without a glob the gateway is not asked for what is active: an alarm may be named that a filter or a
        # key hides.
        return list(dict.fromkeys(references))
    active = [alarm.reference for alarm in await client.query_active_alarms() if alarm.reference]
    return resolve(references, active, "active alarm", hint="See {alarms}.")
