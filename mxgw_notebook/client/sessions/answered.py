"""Whether a bulk reply answers what was asked, an entry each in order; one that does not is told.

Why: DECISIONS.md, "A reply about other tags is an error".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from google.protobuf.message import Message

from mxgw_notebook.client.replies import check_kind
from mxgw_notebook.errors import ReplyError

HINT = "Nothing of the reply was used: which entry is whose would be a guess. Try again."

BULK_FIELDS = {"tag_addresses", "item_handles", "entries"}


def check_answered(what: str, command: Message, reply: Message, results: Sequence[Any]) -> None:
    """Compares the entries of a reply with those of its command, by tag or by item handle.

    A gateway may name an array `Tag[]` that was asked for as `Tag`, in its own spelling of capitals, and may
    leave the name or handle of a failed entry out.

    Raises:
        ReplyError: There are too few or too many, or an entry is of another tag or item.
    """
    if trouble := trouble_with(asked_of(command), results):
        raise ReplyError(f"{what}: {trouble}", protocol_code="PROTOCOL_VIOLATION", reply=reply, hint=HINT)


def trouble_with(asked: Sequence[Any], results: Sequence[Any]) -> str:
    """The first entry that is none of what was asked, in words; empty where all are."""
    if len(results) != len(asked):
        return f"{len(results):,} entries came for the {len(asked):,} asked"
    # Compared as a whole first: that is all there is to do for nearly every reply.
    if (told := told_of(asked, results)) != asked:
        for place, (one, came, result) in enumerate(zip(asked, told, results, strict=True), 1):
            if not is_same(one, came) and (came or result.was_successful):
                return f"entry {place:,} is of {came or 'nothing'}, where {one} was asked"
    return ""


def check_reply(request: Any, reply: Any) -> None:
    """Whether a reply answers a request: that kind of command, and of a bulk one each of its entries.

    Raises:
        ReplyError: As `check_answered`; of a write its `may_be_done` says that it may have been.
    """
    field = request.command.WhichOneof("payload")
    check_kind(request, reply, field)
    command = getattr(request.command, field)
    if not BULK_FIELDS.intersection(command.DESCRIPTOR.fields_by_name):
        return
    try:
        check_answered(field, command, reply, getattr(reply, field).results)
    except ReplyError as error:
        error.may_be_done = field.startswith("write")
        raise


def asked_of(command: Any) -> list[str | int]:
    """The tags of a bulk command, or its item handles."""
    fields = command.DESCRIPTOR.fields_by_name
    if "entries" in fields:
        return [entry.item_handle for entry in command.entries]
    return list(command.tag_addresses if "tag_addresses" in fields else command.item_handles)


def told_of(asked: Sequence[str | int], results: Sequence[Any]) -> list[str | int]:
    """What the entries are of: tags where tags were asked, else item handles."""
    if asked and isinstance(asked[0], str):
        return [result.tag_address for result in results]
    return [result.item_handle for result in results]


def is_same(asked: str | int, came: str | int) -> bool:
    """Whether an entry is of what was asked."""
    if isinstance(asked, str) and isinstance(came, str):
        return asked == came or plain(asked) == plain(came)
    return asked == came


def plain(tag: str) -> str:
    """A tag without what a gateway may spell another way."""
    return tag.strip().removesuffix("[]").casefold()
