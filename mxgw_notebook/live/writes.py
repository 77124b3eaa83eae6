"""Writes through a hub's session, each within its own time, whatever the gateway does meanwhile.

Why: DECISIONS.md, "A write does not wait for the steps after it".
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Unpack

from mxgw_notebook.client import (
    Allowed,
    Gate,
    ItemHandle,
    Signature,
    ValueType,
    WriteEntry,
    Written,
    not_sent,
)
from mxgw_notebook.errors import SessionClosedError, TagError
from mxgw_notebook.live.samples import Subscription
from mxgw_notebook.live.session import ActiveSession
from mxgw_notebook.words import counted

log = logging.getLogger(__name__)

# How long a hub that is closed waits for tags to be given back; the session's end gives them back as well.
CLOSING_SECONDS = 1.0
Advised = tuple[ActiveSession, list[Subscription]]


class Writer:
    """Advises tags, writes to them, and gives them back, where the gate is armed for them.

    Advising and giving back are tasks of its own: a gateway that does not answer holds them up, and not
    whoever waits for a write no longer than was said. It ends them when it is closed.
    """

    def __init__(
        self,
        gate: Gate,
        subscribe: Callable[[Sequence[str]], Awaitable[list[Subscription]]],
        release: Callable[[Sequence[str]], Awaitable[None]],
        ensure_open: Callable[[], Awaitable[ActiveSession]],
    ) -> None:
        self._gate = gate
        self._subscribe, self._release, self._ensure_open = subscribe, release, ensure_open
        self._holding: set[asyncio.Task[None]] = set()

    async def write_one(
        self,
        tag: str,
        value: Any,
        *,
        data_type: str | ValueType | None,
        timeout: float,
        **allowed: Unpack[Allowed],
    ) -> Written:
        """Writes one value and waits for its outcome; raises what `Session.write` does, and TagError."""
        self._gate.check([tag], "written")
        begun = asyncio.get_running_loop().time()
        async with self._advise([tag], tag, timeout, begun + timeout) as (opened, (subscription,)):
            if subscription.item_handle is None:
                raise TagError({tag: subscription.failure})
            self._gate.check([tag], "written")  # advising takes time, and an arming ends
            return await opened.session.write_confirmed(
                opened.server_handle,
                subscription.item_handle,
                value,
                data_type=data_type,
                timeout=timeout,
                begun=begun,
                **allowed,
            )

    async def write_many(
        self,
        values: Mapping[str, Any],
        *,
        timeout: float,
        types: Mapping[str, str | ValueType] | None = None,
        signature: Signature | None = None,
        **allowed: Unpack[Allowed],
    ) -> list[Written]:
        """Writes many values and waits for every outcome; one result a tag, in order.

        `types` says what tags take that do not tell it themselves, `signature` who signs for all of them.
        Raises GatewayError where nothing could be sent at all: NotArmedError of one that is not armed for.
        """
        self._gate.check(list(values), "written")
        begun = asyncio.get_running_loop().time()
        async with self._advise(
            list(values), counted(len(values), "tag"), timeout, begun + timeout
        ) as advised:
            opened, subscriptions = advised
            signers = (0, 0)
            if signature is not None:
                try:
                    async with asyncio.timeout_at(begun + timeout):
                        signers = await opened.session.signers(opened.server_handle, signature)
                except TimeoutError:
                    raise not_sent(counted(len(values), "tag"), timeout) from None
            results = {found.tag: Written(found.tag, ItemHandle(0), found.failure) for found in subscriptions}
            entries = {
                found.tag: WriteEntry(
                    found.item_handle,
                    values[found.tag],
                    (types or {}).get(found.tag),
                    current_user_id=signers[0],
                    verifier_user_id=signers[1],
                    **allowed,
                )
                for found in subscriptions
                if found.item_handle is not None
            }
            self._gate.check(list(values), "written")
            written = await opened.session.write_items(
                opened.server_handle,
                list(entries.values()),
                timeout=timeout,
                begun=begun,
                signed=signature is not None,
            )
            results.update(zip(entries, written, strict=True))
        return list(results.values())

    async def close(self) -> None:
        """Ends what is under way here. Harmless the second time."""
        for _ in range(2):  # the second time it no longer waits for the gateway to take tags back
            for task in self._holding:
                task.cancel()
            if self._holding:
                await asyncio.wait(self._holding, timeout=CLOSING_SECONDS)

    # -------------------------------------------------------------- beneath

    @asynccontextmanager
    async def _advise(
        self, tags: Sequence[str], what: str, timeout: float, deadline: float
    ) -> AsyncIterator[Advised]:
        """The tags advised, for as long as the block runs; raises where that takes too long."""
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[Advised] = loop.create_future()
        over = asyncio.Event()
        # In a task of its own: tags are given back even where whoever writes is cancelled or out of time.
        holding = loop.create_task(self._hold(tags, ready, over))
        self._holding.add(holding)
        holding.add_done_callback(self._holding.discard)
        try:
            try:
                async with asyncio.timeout_at(deadline):
                    advised = await ready
            except TimeoutError:
                raise not_sent(what, timeout) from None
            yield advised
        finally:
            over.set()
            # An exception does not wait for tags to be given back; the task does that by itself.
            if sys.exception() is None:
                await asyncio.wait({holding}, timeout=max(0.0, deadline - loop.time()))

    async def _hold(self, tags: Sequence[str], ready: asyncio.Future[Advised], over: asyncio.Event) -> None:
        """Advises tags, tells who waits for it, and gives them back when that is over."""
        try:
            subscriptions = await self._subscribe(tags)
            try:
                opened = await self._ensure_open()
                if not ready.done():  # else nobody waits any more
                    ready.set_result((opened, subscriptions))
                await over.wait()
            finally:
                await self._release(tags)
        except Exception as error:
            if ready.done():  # whoever wrote knows the outcome, and nobody else waits for this
                log.warning("the tags of a write could not be given back: %r", error)
            else:
                ready.set_exception(error)
        finally:
            if not ready.done():
                ready.set_exception(SessionClosedError("The gateway's connection was closed"))
