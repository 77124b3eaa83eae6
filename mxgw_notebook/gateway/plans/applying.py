"""The steps of applying a plan: see that nothing has changed, write, read back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mxgw_notebook.client import ItemHandle, Signature, Written
from mxgw_notebook.errors import GatewayError, PlanError
from mxgw_notebook.frames import aware
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.changing import Changes
from mxgw_notebook.gateway.plans.facts import Asking
from mxgw_notebook.gateway.plans.line import Facts, Line, same

# A value that was taken is back after a scan of the plant; so long it is looked for.
READ_BACK_SECONDS, READ_BACK_LOOK_SECONDS = 2.0, 0.1


@dataclass(frozen=True, slots=True)
class PlanServices:
    """What a plan may use of the gateway that it was made with; `write` gives one outcome a tag."""

    plant: str
    runner: Runner
    changes: Changes
    asking: Asking
    rehearse: Callable[[Sequence[Line], float], pd.DataFrame]
    sign: Callable[[tuple[str, str]], Signature | None]
    write: Callable[[Mapping[str, Any], float, Signature | None], Awaitable[Sequence[Written]]]


async def write(
    services: PlanServices, going: Sequence[Line], timeout: float, signature: Signature | None
) -> list[Written]:
    """What became of each: those that are signed first, for who signs may not be accepted."""
    done: dict[str, Written] = {}
    for signed in (True, False):
        values = {line.tag: line.asked for line in going if line.is_signed is signed}
        if not values:
            continue
        try:
            results = await services.write(values, timeout, signature if signed else None)
        except GatewayError as error:
            if not done:
                raise
            results = [Written(tag, ItemHandle(0)).failed(error) for tag in values]
        done.update((one.tag, one) for one in results)
    return [done[line.tag] for line in going]


async def check_unchanged(services: PlanServices, lines: Sequence[Line]) -> None:
    """Raises PlanError where the plant is no longer as the plan shows it."""
    now = await services.asking.facts([line.tag for line in lines])
    for line in lines:
        if told := difference(line.facts, now[line.tag]):
            message = f"{line.tag} has changed since the plan was made: {told}"
            raise PlanError(message, hint="Make a new plan and check it.")


async def read_back(
    services: PlanServices, going: Sequence[Line], written: Sequence[Written]
) -> dict[str, Any]:
    """What each tag is now; looked at again for a while where one was taken and is not there yet."""
    loop = asyncio.get_running_loop()
    until = loop.time() + READ_BACK_SECONDS
    taken = {one.tag for one in written if one.outcome == "completed"}
    while True:
        try:
            read = await services.asking.read([line.tag for line in going])
        except GatewayError as error:
            return {line.tag: error for line in going}
        late = [line for line in going if line.tag in taken and not same(read[line.tag].value, line.new)]
        if not late or loop.time() > until:
            return {tag: GatewayError(one.failure) if one.failure else one.value for tag, one in read.items()}
        await asyncio.sleep(READ_BACK_LOOK_SECONDS)


def difference(before: Facts, now: Facts) -> str:
    """In words what is different; empty where nothing is."""
    if not same(before.value, now.value):
        return f"it is {aware(now.value)}, and was {aware(before.value)}"
    for name in ("quality", "failure", "units", "security", "kind", "bounds"):
        then, there = getattr(before, name), getattr(now, name)
        if then != there:
            shown = [
                ", ".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in (there, then)
            ]
            return f"its {name} is {shown[0] or 'not known'}, and was {shown[1] or 'not known'}"
    return ""
