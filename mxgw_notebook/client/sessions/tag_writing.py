"""Writes of many values, each waited for until the plant has answered.

Why: DECISIONS.md, "`timeout` is an argument".
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any, Unpack

from mxgw_notebook.client.checking import checks_all_arguments
from mxgw_notebook.client.replies import ItemHandle, ServerHandle, Subscribed, Written, not_sent
from mxgw_notebook.client.sessions.bulk_writing import BulkWrite, WriteEntry
from mxgw_notebook.client.sessions.invoking import oldest_beyond
from mxgw_notebook.client.sessions.outcomes import Outcome
from mxgw_notebook.client.sessions.writing import CONFIRM_SECONDS, LATER_SECONDS, WriteCommands
from mxgw_notebook.client.tag_values import values_by_tag
from mxgw_notebook.client.values import Allowed
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.words import counted

# Giving temporary items back may take so long where the write's own time is over.
LETTING_GO_SECONDS = 0.2
# Of so many temporary items the last events are still told from those of others.
TEMPORARY_KEPT = 100_000


@contextlib.asynccontextmanager
async def before_sending(deadline: float, what: str, seconds: float) -> AsyncIterator[None]:
    """Around what comes before a write is sent: once the time is over it is known not to have been."""
    try:
        async with asyncio.timeout_at(deadline):
            yield
    except TimeoutError:
        raise not_sent(what, seconds) from None


@checks_all_arguments
class TagWriteCommands(WriteCommands):
    """Writing many values and waiting for every outcome. `timeout` bounds the whole, as in `write`."""

    async def write_tags(
        self,
        server_handle: ServerHandle,
        values: Any,
        *,
        timeout: float = CONFIRM_SECONDS,
        **allowed: Unpack[Allowed],
    ) -> dict[str, Written]:
        """Writes many tags and waits for every outcome: advises all, writes all, then collects the outcomes.

        `values` is a mapping, a table with the columns `tag` and `value`, or pairs. There is one result per
        tag, in the given order. A failed tag has its reason in `failure`. Its `outcome` says whether it is
        certain that the tag was not written. No error is raised for a single tag, so no result of a sent
        value is lost. Tags that were not advised before are unadvised afterwards. `timeout` is in seconds,
        for everything. The other arguments are as in `write`.

        Raises:
            NotArmedError: The client's `gate` is not armed for these tags.
            GatewayError: Nothing could be sent at all.
        """
        self._check()
        wanted = values_by_tag(values)
        self._rpc.gate.check(list(wanted), "written")
        begun = asyncio.get_running_loop().time()
        deadline = begun + timeout
        self._feed.keep()
        async with before_sending(deadline, counted(len(wanted), "tag"), timeout):
            added = await self._add_hidden(server_handle, list(wanted))
        results = {one.tag: Written(one.tag, one.item_handle, one.failure) for one in added}
        good = [(one.item_handle, one.tag) for one in added if not one.failure]
        ours = [handle for handle, _ in good if handle in self._temporary]
        try:
            self._rpc.gate.check(list(wanted), "written")  # what is over may have ended meanwhile
            entries = [WriteEntry(handle, wanted[tag], **allowed) for handle, tag in good]
            written = await self.write_items(server_handle, entries, timeout=timeout, begun=begun)
            results.update(zip((tag for _, tag in good), written, strict=True))
        finally:
            await self._let_go(server_handle, ours, deadline)
        return results

    async def write_items(
        self,
        server_handle: ServerHandle,
        entries: Sequence[WriteEntry],
        *,
        timeout: float = CONFIRM_SECONDS,
        begun: float | None = None,
        signed: bool = False,
    ) -> list[Written]:
        """Writes items that were added, and waits for every outcome; one result per entry, in order.

        Items that are not advised are advised first. No error is raised for a single entry, or after anything
        was sent. `timeout` is in seconds, and starts at `begun` (the loop's time). Default: now. `signed`
        entries say who signs.

        Raises:
            GatewayError: Nothing could be sent at all.
        """
        deadline = (asyncio.get_running_loop().time() if begun is None else begun) + timeout
        field = "write_secured_bulk" if signed else "write_bulk"
        self._feed.keep()
        async with before_sending(deadline, f"{len(entries)} items", timeout):
            writing = await self._prepare_bulk(field, server_handle, entries)
            await self._advise_all(server_handle, writing)
        # Before anything leaves: events have a stream of their own, and an outcome may overtake the reply.
        outcomes = {place: self.outcomes.expect(entries[place].item_handle) for place in writing.messages}
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(deadline):
                    later = timeout + LATER_SECONDS
                    await self._send_bulk(field, server_handle, writing, timeout=later)
                    await self._wait(writing, outcomes)
        finally:
            # Also where the caller was cancelled: a place that is not given up takes its item's next outcome.
            self._collect(writing, outcomes, timeout)
        return writing.results

    # -------------------------------------------------------------- beneath

    async def _add_hidden(self, server_handle: ServerHandle, tags: Sequence[str]) -> list[Subscribed]:
        """Adds tags for a write alone: readers of the session's events know nothing of these items.

        Added first and advised later: so it is known whose the first events are.
        """
        before = self.tags.keys() - self._given_back.keys()
        added = await self.add_item_bulk(server_handle, tags)
        for one in added:
            if not one.failure and one.item_handle not in before:
                self._temporary[one.item_handle] = None
        oldest_beyond(self._temporary, TEMPORARY_KEPT)
        return added

    async def _advise_all(self, server_handle: ServerHandle, writing: BulkWrite) -> None:
        """Advises the items that are not; one that cannot be advised is not written."""
        handles = {place: writing.results[place].item_handle for place in writing.messages}
        wanted = list(dict.fromkeys(handle for handle in handles.values() if handle not in self.advised))
        if not wanted:
            return
        await self.advise_item_bulk(server_handle, wanted)
        for place, handle in handles.items():
            if handle not in self.advised:
                writing.refuse(place, GatewayError("It cannot be advised, so its outcome would not be known"))

    async def _wait(self, writing: BulkWrite, outcomes: dict[int, Outcome]) -> None:
        """Waits for the outcomes of what was accepted."""
        accepted = [
            outcome for place, outcome in outcomes.items() if writing.results[place].outcome == "accepted"
        ]
        if accepted:
            await asyncio.wait(accepted)

    def _collect(self, writing: BulkWrite, outcomes: dict[int, Outcome], timeout: float) -> None:
        """Gives each entry its outcome; what may yet be written keeps its place among those that wait."""
        for place, outcome in outcomes.items():
            result = writing.results[place] = writing.results[place].after(outcome, timeout)
            if result.outcome == "unknown":
                # Cancelled means given up: it still claims an outcome that comes late, see PendingWrites.
                outcome.cancel()
            if result.statuses and result.outcome == "refused":
                self.types.forget(self._reference(result.item_handle))
            self.outcomes.forget(result.item_handle, outcome)

    async def _let_go(
        self, server_handle: ServerHandle, handles: Sequence[ItemHandle], deadline: float
    ) -> None:
        """Gives items back, briefly: a gateway that is away, or slow, keeps no result from anybody."""
        # Also past the deadline, or a write that took all its time would leave its items advised for the
        # session's life.
        left = max(deadline - asyncio.get_running_loop().time(), LETTING_GO_SECONDS)
        with contextlib.suppress(GatewayError, TimeoutError):
            async with asyncio.timeout(left):
                await self.give_back(server_handle, handles)
