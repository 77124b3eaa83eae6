"""What one check of the doctor found, and how long any may take."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Health(StrEnum):
    """How a check came out; what could not be found out is not known, and never good."""

    GOOD = "good"
    LOOK = "look at it"
    BAD = "bad"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: how it came out, in words, and what to do where something is to be done.

    `names` are those in its words that a report for others leaves out.
    """

    check: str
    verdict: Health
    told: str
    remedy: str = ""
    names: tuple[str, ...] = ()


async def beside(call: Callable[[], T]) -> T:
    """What a blocking call gives, while the loop goes on. One that never ends keeps nobody from leaving.

    A name that is looked up, or a folder on a server that is away, may block for minutes.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if answer.done():  # nobody waits any more
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(result)  # type: ignore[arg-type]  # T may be None itself

    def work() -> None:
        result: T | None = None
        error: BaseException | None = None
        try:
            result = call()
        except Exception as failure:
            error = failure
        with contextlib.suppress(RuntimeError):  # the loop is closed, and nobody waits any more
            loop.call_soon_threadsafe(settle, result, error)

    # A thread of its own: those of the loop's pool are waited for when the process ends.
    threading.Thread(target=work, name="mxgw doctor", daemon=True).start()
    return await answer


async def found(check: str, call: Callable[[], Finding], seconds: float) -> Finding:
    """A blocking check's finding, or that it could not be made, within so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            return await beside(call)
    except TimeoutError:
        return Finding(check, Health.UNKNOWN, f"no answer within {seconds:g} s")
    except Exception as error:  # whatever is wrong with one check, the others are made
        return Finding(check, Health.UNKNOWN, f"{type(error).__name__}: {error}")
