"""Why the gateway refused something, in its own words where it has any, and always with its numbers.

Why: DECISIONS.md, "The number of a refusal is added to its words".
"""

from __future__ import annotations

from collections.abc import Sequence

from mxgw_notebook.statuses import DETAIL_MEANINGS, Status, with_numbers

NO_REASON = "refused, and the gateway gives no reason"


def reason_of(
    words: str, statuses: Sequence[Status] = (), *, tag: str = "", hresult: int | None = None
) -> str:
    """Why an entry or a command was refused; without the tag's name, which stands beside it anyway.

    A gateway may leave out its words, or write them without their number: the statuses have both.
    """
    words = words.strip().removeprefix(f"{tag}: ")
    telling = [status for status in statuses if status.is_telling]
    if words:
        reason = with_numbers(words, [status for status in telling if status.detail] or named(words))
    else:
        reason = "; ".join(dict.fromkeys(map(str, telling))) or NO_REASON
    return f"{reason} ({hresult_words(hresult)})" if hresult else reason


def hresult_words(hresult: int) -> str:
    """An hresult as Windows writes it: `hresult 0x80070057`."""
    return f"hresult 0x{hresult & 0xFFFFFFFF:08X}"


def named(words: str) -> list[Status]:
    """The status that words stand for which are exactly its meaning: some replies have no statuses at all."""
    plain = words.lower().rstrip(".")
    details = [detail for detail, meaning in DETAIL_MEANINGS.items() if detail and plain == meaning]
    return [Status("UNSPECIFIED", detail) for detail in details]
