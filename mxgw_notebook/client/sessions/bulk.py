"""Commands on many items at once: one entry a result, in order; a bad entry never fails the others.

Long lists are sent in parts, one after the other, so that no command comes near the message limit.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from typing import Any

from google.protobuf.message import Message

from mxgw_notebook.client.arguments import seconds_given
from mxgw_notebook.client.checking import checks_all_arguments
from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.failures import being_read
from mxgw_notebook.client.read_columns import ReadColumns, joined, read_columns
from mxgw_notebook.client.replies import ItemHandle, Reading, ServerHandle, Subscribed, readings, subscribed
from mxgw_notebook.client.requests import filled
from mxgw_notebook.client.sessions.answered import check_answered
from mxgw_notebook.client.sessions.invoking import Invoking, parts
from mxgw_notebook.client.stream import look_at
from mxgw_notebook.errors import LimitExceededError

# What the call waits longer than the read's own timeout.
READ_MARGIN_SECONDS = 10.0
# Of the loop, until a call that was begun has left.
TURNS_TO_SEND = 2
Results = Sequence[wire.BulkReadResult]
Take = Callable[[Results], None]


@checks_all_arguments
class BulkCommands(Invoking):
    """Adding, advising and reading many tags."""

    async def add_item_bulk(self, server_handle: ServerHandle, tags: Sequence[str]) -> list[Subscribed]:
        """Adds tags; nothing is read until they are advised."""
        return await self._over_tags("add_item_bulk", wire.AddItemBulkCommand, server_handle, tags)

    async def subscribe_bulk(self, server_handle: ServerHandle, tags: Sequence[str]) -> list[Subscribed]:
        """Adds and advises tags in one round trip. Each good tag's present value is its first event.

        Their events are read in the same way as those of `advise`.
        """
        self._read_events()
        with self._feed.adding():
            results = await self._over_tags("subscribe_bulk", wire.SubscribeBulkCommand, server_handle, tags)
        self.advised.update(result.item_handle for result in results if not result.failure)
        return results

    async def advise_item_bulk(
        self, server_handle: ServerHandle, item_handles: Sequence[ItemHandle]
    ) -> list[Subscribed]:
        """Advises items that were added; their events are read in the same way as those of `advise`."""
        self._read_events()
        results = await self._over_items(
            "advise_item_bulk", wire.AdviseItemBulkCommand, server_handle, item_handles
        )
        self.advised.update(result.item_handle for result in results if not result.failure)
        return results

    async def un_advise_item_bulk(
        self, server_handle: ServerHandle, item_handles: Sequence[ItemHandle]
    ) -> list[Subscribed]:
        """Ends the events of items; the items stay."""
        # Before the reply, which may be lost: an item wrongly taken for unadvised is advised once more, one
        # wrongly taken for advised would have its outcome waited for in vain.
        self.advised.difference_update(item_handles)
        return await self._over_items(
            "un_advise_item_bulk", wire.UnAdviseItemBulkCommand, server_handle, item_handles
        )

    async def remove_item_bulk(
        self, server_handle: ServerHandle, item_handles: Sequence[ItemHandle]
    ) -> list[Subscribed]:
        """Removes items."""
        return await self._forget("remove_item_bulk", wire.RemoveItemBulkCommand, server_handle, item_handles)

    async def unsubscribe_bulk(
        self, server_handle: ServerHandle, item_handles: Sequence[ItemHandle]
    ) -> list[Subscribed]:
        """Unadvises and removes items in one round trip."""
        return await self._forget(
            "unsubscribe_bulk", wire.UnsubscribeBulkCommand, server_handle, item_handles
        )

    async def give_back(self, server_handle: ServerHandle, item_handles: Sequence[ItemHandle]) -> None:
        """Unadvises and removes items. While an exception is raised, it waits only briefly.

        The work then goes on in the background, until the client is closed. A busy gateway may need longer
        than a quarter of a second; without this it would send these events until the session ends.
        """
        work = self.unsubscribe_bulk(server_handle, item_handles)
        await self._rpc.loose_ends.close("Items were not given back", work, sys.exception())

    async def read_bulk(
        self, server_handle: ServerHandle, tags: Sequence[str], *, timeout: float = 5.0
    ) -> list[Reading]:
        """The present value of each tag.

        A tag that is advised in this session answers at once with its last value. Any other tag is added,
        advised, waited for up to `timeout` seconds, and removed. If a reply is larger than the message limit,
        it is asked for in halves.
        """

        results: list[Reading] = []

        def take(found: Results) -> None:
            results.extend(readings(found, self._rpc.clock))

        await self._read_parts(server_handle, tags, seconds_given(timeout), take)
        return results

    async def read_columns(
        self, server_handle: ServerHandle, tags: Sequence[str], *, timeout: float = 5.0
    ) -> ReadColumns:
        """As `read_bulk`, without a record of each tag: for tables."""
        found: list[ReadColumns] = []

        def take(results: Results) -> None:
            found.append(read_columns(results, self._rpc.clock))

        await self._read_parts(server_handle, tags, seconds_given(timeout), take)
        return joined(found)

    # -------------------------------------------------------------- beneath

    async def _read_parts(
        self, server_handle: ServerHandle, tags: Sequence[str], timeout: float, take: Take
    ) -> None:
        """Calls `take` with the entries, reply by reply. While it works, the next reply is on its way."""

        def build(part: Sequence[str]) -> wire.ReadBulkCommand:
            return filled(
                wire.ReadBulkCommand,
                server_handle=server_handle,
                tag_addresses=part,
                timeout_ms=int(timeout * 1000),
            )

        commands = parts(tags, build)
        replies = await self._read(next(commands), timeout)
        for command in commands:
            coming = asyncio.ensure_future(self._read(command, timeout))
            coming.add_done_callback(look_at)
            try:
                for _ in range(TURNS_TO_SEND):
                    await asyncio.sleep(0)
                self._hand_on(replies, take)
                replies = await coming
            finally:
                if not coming.done():
                    coming.cancel()
                    await asyncio.wait({coming})
        self._hand_on(replies, take)

    def _hand_on(self, replies: Sequence[Results], take: Take) -> None:
        with being_read("Invoke (read_bulk)", self._rpc.options):
            for found in replies:
                take(found)

    async def _read(self, command: Any, timeout: float) -> list[Results]:
        """The entries of one part; of halves of it where its reply is too large."""
        try:
            reply = await self._invoke("read_bulk", command, timeout=timeout + READ_MARGIN_SECONDS)
        # How large a reply gets is known only when it is too large: texts and arrays have any size. A read
        # can be repeated without harm.
        except LimitExceededError:
            asked = list(command.tag_addresses)
            if len(asked) <= 1:
                raise
            found: list[Results] = []
            for half in asked[: len(asked) // 2], asked[len(asked) // 2 :]:
                smaller = wire.ReadBulkCommand()
                smaller.CopyFrom(command)
                smaller.tag_addresses[:] = half
                found += await self._read(smaller, timeout)
            return found
        check_answered("read_bulk", command, reply, reply.read_bulk.results)
        return [reply.read_bulk.results]

    async def _over_tags(
        self, field: str, command: Callable[..., Any], server_handle: ServerHandle, tags: Sequence[str]
    ) -> list[Subscribed]:
        results: list[Subscribed] = []
        for message in parts(
            tags, lambda part: filled(command, server_handle=server_handle, tag_addresses=part)
        ):
            answers = await self._ask(field, message)
            self._remember_all({answer.item_handle: answer.tag for answer in answers if not answer.failure})
            # Part by part: what came before this reply waits for no other.
            self._feed.release()
            results += answers
        return results

    async def _over_items(
        self,
        field: str,
        command: Callable[..., Any],
        server_handle: ServerHandle,
        item_handles: Sequence[ItemHandle],
    ) -> list[Subscribed]:
        results: list[Subscribed] = []
        for message in parts(
            item_handles, lambda part: filled(command, server_handle=server_handle, item_handles=part)
        ):
            results += await self._ask(field, message)
        return results

    async def _forget(
        self,
        field: str,
        command: Callable[..., Any],
        server_handle: ServerHandle,
        item_handles: Sequence[ItemHandle],
    ) -> list[Subscribed]:
        results = await self._over_items(field, command, server_handle, item_handles)
        self._forget_items([result.item_handle for result in results])
        return results

    async def _ask(self, field: str, command: Message) -> list[Subscribed]:
        reply = await self._invoke(field, command)
        results = getattr(reply, field).results
        check_answered(field, command, reply, results)
        with being_read(f"Invoke ({field})", self._rpc.options):
            return subscribed(results)
