"""A refusal always shows its numbers, whatever words the gateway has for it."""

from __future__ import annotations

import pytest

from mxgw_notebook.client import Session
from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.refusals import NO_REASON, reason_of
from mxgw_notebook.client.replies import ItemHandle, ServerHandle, check, written
from mxgw_notebook.errors import MxAccessError, Status, TagError, WriteError
from mxgw_notebook.simulator.server import ServedGateway
from mxgw_notebook.statuses import DETAIL_MEANINGS

ARRAY, SECURED = "Tank001.StrappingTable", "Pump001.Reset"


def refused(detail: int, text: str = "", category: str = "CONFIGURATION_ERROR") -> Status:
    return Status(category, detail, detected_by="RESPONDING_LMX", text=text)


@pytest.mark.parametrize(("detail", "meaning"), [pair for pair in DETAIL_MEANINGS.items() if pair[0]])
def test_a_status_without_words_says_its_number_and_what_that_means(detail: int, meaning: str) -> None:
    assert str(refused(detail)) == f"{meaning} ({detail})"
    assert reason_of("", [refused(detail)]) == f"{meaning} ({detail})"


def test_a_number_that_no_document_names_is_shown_with_its_category_and_who_found_it() -> None:
    shown = str(refused(321, category="SECURITY_ERROR"))
    assert shown == "security error (321), detected by responding lmx"


def test_a_category_of_a_later_contract_is_shown_as_its_number() -> None:
    assert str(Status("1010", 4711, detected_by="1007")) == "category 1010 (4711), detected by 1007"
    assert reason_of("", [Status("1010", 6)]) == "invalid reference (6)"


def test_a_failure_without_a_number_is_not_called_a_success() -> None:
    assert (
        str(refused(0, category="OPERATIONAL_ERROR")) == "operational error (0), detected by responding lmx"
    )
    assert str(Status("OK")) == "success (0)"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("invalid reference", "invalid reference (6)"),
        ("Invalid reference.", "Invalid reference. (6)"),
        ("no such thing", "no such thing (6: invalid reference)"),
        ("invalid reference (6)", "invalid reference (6)"),
        ("no such thing (6: really)", "no such thing (6: really)"),
    ],
)
def test_the_gateways_words_come_with_the_number_and_what_it_means(words: str, shown: str) -> None:
    assert reason_of(words, [refused(6)]) == shown
    assert str(refused(6, words)) == shown


def test_each_number_of_several_statuses_is_shown_once() -> None:
    statuses = [refused(6), refused(6), refused(902), Status("OK")]
    assert reason_of("both failed", statuses) == "both failed (6: invalid reference, 902)"
    assert (
        reason_of("", statuses)
        == "invalid reference (6); configuration error (902), detected by responding lmx"
    )


def test_words_that_are_a_numbers_meaning_are_given_it_where_no_status_came() -> None:
    assert reason_of("T.A: invalid reference", tag="T.A") == "invalid reference (6)"
    assert reason_of("nobody knows", tag="T.A") == "nobody knows"


def test_what_is_refused_with_nothing_at_all_says_so() -> None:
    assert reason_of("") == NO_REASON
    assert reason_of("", [Status("OK"), Status("PENDING")]) == NO_REASON
    assert reason_of("", hresult=-2147024809) == f"{NO_REASON} (hresult 0x80070057)"


def test_an_entry_of_a_bulk_write_shows_its_hresult() -> None:
    result = wire.BulkWriteResult(item_handle=7, hresult=-2147024809)
    (entry,) = written([result], {ItemHandle(7): "T.A"})
    assert entry.failure == f"{NO_REASON} (hresult 0x80070057)"


async def test_a_read_without_words_shows_the_numbers(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    await served.fault("wordless")
    nope, bare, good = await session.read_bulk(server_handle, ["Nope.Nope", ARRAY, "Tank001.Level"])
    assert nope.failure == "invalid reference (6)"
    assert bare.failure == "an array's name without [] (1003)"
    assert good.failure == ""
    with pytest.raises(TagError, match=r"\(1003\).*named with \[\]"):
        check([bare], hint="never mind")


async def test_a_bare_array_name_is_told_what_is_missing(
    session: Session, server_handle: ServerHandle
) -> None:
    (bare,) = await session.read_bulk(server_handle, [ARRAY])
    assert "1003" in bare.failure
    assert "an array's name without []" in bare.failure


@pytest.mark.kind_only("every outcome has to be told", "unknown-enums")
async def test_a_refused_write_without_words_shows_its_number(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    await served.fault("wordless")
    item = await session.add_item(server_handle, SECURED)
    with pytest.raises(WriteError, match=r"secured write refused \(1012\)") as caught:
        await session.write(server_handle, item, True, confirm=True)
    assert "a user who signs" in caught.value.hint
    outcomes = await session.write_tags(server_handle, {SECURED: True})
    assert outcomes[SECURED].failure == "secured write refused (1012)"


async def test_a_refused_command_without_words_shows_its_numbers(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    await served.fault("wordless")
    with pytest.raises(MxAccessError) as caught:
        await session.add_item(server_handle, "Nope.Nope")
    assert str(caught.value) == "add_item Nope.Nope: invalid reference (6) (hresult 0x80070057)"
