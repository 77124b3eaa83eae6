"""Writes that are typed in a table of values: each a plan of one tag, shown before it is applied."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.frames import aware
from mxgw_notebook.gateway.plans.applying import PlanServices
from mxgw_notebook.gateway.plans.line import Line, LineVerdict
from mxgw_notebook.gateway.plans.plan import Plan
from mxgw_notebook.gateway.plans.tables import AS_WANTED
from mxgw_notebook.widgets import PlannedValue, WriteOutcome

LONGEST = 200
QUOTES = "\"'"
OVERRIDE = "It can be given from Python: gateway.plan({tag: value}, override={tag: 'why'})"
INTERRUPTED = "interrupted: the value may have been written"


class TableWrites:
    """Plans and applies for a table of values. Every call returns at once and works on the gateway's loop."""

    def __init__(self, services: PlanServices, make_plan: Callable[[str, str], Awaitable[Plan]]) -> None:
        self._services, self._make_plan = services, make_plan

    def propose(self, tag: str, text: str, done: Callable[[PlannedValue | WriteOutcome], None]) -> None:
        """Plans to write what was typed, as `%mxgw write` takes it; nothing is written.

        Where the plant is not armed for the tag it is refused before anything is asked, and on record.
        """
        self._services.runner.start(self._propose(tag, text, done))

    async def _propose(
        self, tag: str, text: str, done: Callable[[PlannedValue | WriteOutcome], None]
    ) -> None:
        try:
            self._services.changes.check({tag: text}, "written")
            plan = await self._make_plan(tag, value_typed(text))
        except GatewayError as error:
            done(WriteOutcome("refused", str(error)))
        except BaseException as error:
            # Whoever typed it waits for an answer, also where this is a mistake of ours or is cancelled.
            done(WriteOutcome("refused", f"it could not be planned: {type(error).__name__}"))
            raise
        else:
            done(self._offered(plan))

    def _offered(self, plan: Plan) -> PlannedValue | WriteOutcome:
        (line,) = plan.lines
        if line.verdict is not LineVerdict.WRITE:
            return WriteOutcome("refused", refusal_of(line))
        return PlannedValue(
            now=worded(line.facts.value),
            new=worded(line.new),
            units=line.facts.units,
            verdict=str(line.verdict),
            reason=line.reason,
            apply=lambda told: self._services.runner.start(carry_out(plan, told)),
        )


async def carry_out(plan: Plan, told: Callable[[WriteOutcome], None]) -> None:
    """Applies a plan, and tells what came of it."""
    try:
        await plan.carry_out()
    except GatewayError as error:
        told(WriteOutcome("unknown" if error.may_be_done else "refused", str(error)))
    except BaseException:
        told(WriteOutcome("unknown", INTERRUPTED))
        raise
    else:
        told(outcome_of(plan))


def outcome_of(plan: Plan) -> WriteOutcome:
    """What came of a plan of one line."""
    (row,) = plan.outcomes().to_dict("records")
    is_now, reason = worded(row["is"]), str(row["reason"])
    if row["outcome"] == "refused":
        return WriteOutcome("refused", reason)
    if row["outcome"] != "completed":
        return WriteOutcome("unknown", reason or f"it reads {is_now} now")
    if row["verdict"] == AS_WANTED:
        return WriteOutcome("done", f"it is {is_now}")
    read = f"it reads {is_now} now" if row["is"] is not None else "what it is now is not known"
    return WriteOutcome("done", "; ".join(filter(None, ("the plant took it", read, reason))))


def refusal_of(line: Line) -> str:
    """Why a line is not offered."""
    change = f"{worded(line.facts.value)} → {worded(line.new)}"
    if line.verdict is LineVerdict.SAME:
        return f"{change}: {line.verdict}, it has this value already"
    hint = f". {OVERRIDE}" if line.verdict is LineVerdict.ASKS else ""
    return f"{change}: {line.verdict}: {line.reason}{hint}"


def value_typed(text: str) -> str:
    """What was typed as a word of `%mxgw write`: blanks around it do not count, quotes around it go."""
    text = text.strip()
    quoted = len(text) > 1 and text[0] in QUOTES and text[0] == text[-1]
    return text[1:-1] if quoted else text


def worded(value: Any) -> str:
    """A value whole, for who decides by it; of a long one the beginning, and how long it is."""
    value = aware(value)
    text = "no value" if value is None else str(value.tolist() if isinstance(value, np.ndarray) else value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"
