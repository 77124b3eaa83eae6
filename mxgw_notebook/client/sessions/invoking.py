"""How a session runs a command; what the families of commands stand on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar, cast

from google.protobuf.message import Message

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.failures import being_read
from mxgw_notebook.client.replies import ItemHandle, check_kind, raise_for_command
from mxgw_notebook.client.requests import filled
from mxgw_notebook.client.rpc import Rpc
from mxgw_notebook.client.sessions.feed import EventFeed
from mxgw_notebook.errors import SessionClosedError

E = TypeVar("E")
# A bulk command is sent in parts of at most this many entries, and well under the gateway's 16 MiB.
ENTRIES_A_COMMAND = 1000
BYTES_A_COMMAND = 4 * 1024 * 1024
# Items that were given back keep their tag for a while, for their last events are on the way or unread.
GIVEN_BACK_KEPT = 10_000


class Invoking:
    """A session id and the calls it is sent with.

    `tags` remembers what each item handle stands for, `contexts` the object to which its tag is relative; the
    newest 10,000 that were given back are among them, so that each event of a stream finds its tag.
    """

    _feed: EventFeed

    def __init__(self, rpc: Rpc, session_id: str) -> None:
        self.session_id = session_id
        self.tags: dict[ItemHandle, str] = {}
        self.contexts: dict[ItemHandle, str] = {}
        self.advised: set[ItemHandle] = set()
        self._given_back: dict[ItemHandle, None] = {}
        self._temporary: dict[ItemHandle, None] = {}  # of writes that have added them for themselves
        self._is_reading = False  # whether its events are read from here, once there are any
        self._rpc = rpc
        self._at = rpc.options.target  # the gateway that it lives at
        self._closed = False

    async def _invoke(
        self,
        field: str,
        message: Message,
        *,
        timeout: float | None = None,
        about: str = "",
        safe: bool = False,
    ) -> wire.MxCommandReply:
        """Runs one command; its kind is called as its payload `field`. `about` stands in its errors."""
        self._check()
        kind = f"MX_COMMAND_KIND_{field.removesuffix('_command').upper()}"
        payload: dict[str, Any] = {field: message}
        request = filled(
            wire.MxCommandRequest,
            session_id=self.session_id,
            command=filled(wire.MxCommand, kind=kind, **payload),
        )
        what = f"{field} {about}".rstrip()
        reply = await self._rpc.unary("Invoke", request, timeout=timeout, about=what, safe=safe, at=self._at)
        with being_read(f"Invoke ({what})", self._rpc.options):
            raise_for_command(reply, what)
            check_kind(request, reply, what)
        return cast(wire.MxCommandReply, reply)

    def _tag(self, item_handle: ItemHandle) -> str:
        """The tag of an item, or its handle where another client of this session added it."""
        return self.tags.get(item_handle, f"item {item_handle}")

    def _reference(self, item_handle: ItemHandle) -> str:
        """The tag of an item as it is read by itself."""
        context, tag = self.contexts.get(item_handle), self._tag(item_handle)
        return f"{context}.{tag}" if context else tag

    def _remember(self, item_handle: int, tag: str, context: str = "") -> ItemHandle:
        """The handle of an item that was added."""
        handle = ItemHandle(item_handle)
        self._remember_all({handle: tag})
        if context:
            self.contexts[handle] = context
        return handle

    def _remember_all(self, added: Mapping[ItemHandle, str]) -> None:
        """Items were added, whose handles may have been other items' before."""
        self.tags.update(added)
        for handle in self._given_back.keys() & added.keys():
            del self._given_back[handle]
        for handle in self.contexts.keys() & added.keys():
            del self.contexts[handle]

    def _forget_items(self, item_handles: Collection[ItemHandle]) -> None:
        """The items are gone; their tags are forgotten later, for events of them may still be read."""
        self.advised.difference_update(item_handles)
        self._given_back.update((handle, None) for handle in item_handles if handle in self.tags)
        # Once for all of them: a dictionary's oldest entry is found by going past the places of all that
        # were taken out of it before.
        for old in oldest_beyond(self._given_back, GIVEN_BACK_KEPT):
            self.tags.pop(old, None)
            self.contexts.pop(old, None)

    def _read_events(self) -> None:
        """Items are about to be advised: events that nobody reads would cost the session."""
        if self._is_reading:
            self._feed.keep()

    def _check(self) -> None:
        if self._closed:
            raise SessionClosedError(f"Session {self.session_id} is closed")


def oldest_beyond(kept: dict[ItemHandle, None], most: int) -> list[ItemHandle]:
    """The oldest entries, taken out, so that no more than `most` are left."""
    old = list(islice(kept, max(0, len(kept) - most)))
    for handle in old:
        del kept[handle]
    return old


def parts(entries: Sequence[E], build: Callable[[Sequence[E]], Message]) -> Iterator[Message]:
    """The bulk commands that carry the entries, in order, each small enough to be sent; at least one."""
    for start in range(0, len(entries), ENTRIES_A_COMMAND) or [0]:
        yield from halves(entries[start : start + ENTRIES_A_COMMAND], build)


def halves(entries: Sequence[E], build: Callable[[Sequence[E]], Message]) -> Iterator[Message]:
    """One command where its bytes allow it, else those of either half."""
    command = build(entries)
    # A single entry that is too large cannot be halved: whoever refuses it says so.
    if len(entries) <= 1 or command.ByteSize() <= BYTES_A_COMMAND:
        yield command
        return
    middle = len(entries) // 2
    yield from halves(entries[:middle], build)
    yield from halves(entries[middle:], build)
