"""What looks again and again at the plant and fails: told, logged once, and taken up again."""

from __future__ import annotations

import pytest

from mxgw_notebook.gateway import Deploys, Gateway
from mxgw_notebook.live import ConditionMonitor
from tests.conftest import Eventually
from tests.widgets.doubles import comm_of

WORDS = "a mistake of ours"


def fail(*_: object) -> None:
    raise RuntimeError(WORDS)


def test_a_condition_whose_look_fails_says_so_until_it_is_told_again(
    gateway: Gateway,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    eventually: Eventually,
) -> None:
    watching = gateway.when("Pump001.Speed > 1e9")
    eventually(lambda: watching.status == "waiting")
    with monkeypatch.context() as mistake:
        mistake.setattr(ConditionMonitor, "look", fail)
        eventually(lambda: watching.status == f"failing: RuntimeError: {WORDS}")
        assert WORDS in repr(watching)
    eventually(lambda: watching.status == "waiting")
    assert sum(WORDS in record.getMessage() for record in caplog.records) == 1
    watching.stop()


@pytest.mark.usefixtures("page")
def test_a_table_whose_source_fails_is_logged_once_and_then_sends_everything(
    gateway: Gateway,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    eventually: Eventually,
) -> None:
    table = gateway.watch("Pump001.Speed").table()
    eventually(lambda: comm_of(table).custom())
    before = len(comm_of(table).custom())
    with monkeypatch.context() as mistake:
        mistake.setattr(table._source, "since", fail)
        eventually(lambda: WORDS in caplog.text)
        told = comm_of(table).custom()[-1].content
        assert (told["phase"], told["status"]) == ("failing", f"failing: RuntimeError: {WORDS}")
    eventually(lambda: any(sent.content.get("reset") for sent in comm_of(table).custom()[before:]))
    assert sum(WORDS in record.getMessage() for record in caplog.records) == 1


@pytest.mark.usefixtures("page")
def test_a_line_of_deploys_whose_look_fails_is_logged_once_and_looked_at_again(
    gateway: Gateway,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    eventually: Eventually,
) -> None:
    deploys = gateway.deploys()
    eventually(lambda: "live" in deploys.line())
    deploys._ipython_display_()
    with monkeypatch.context() as mistake:
        mistake.setattr(Deploys, "line", fail)
        eventually(lambda: WORDS in caplog.text)
    eventually(lambda: "live" in repr(deploys))
    assert sum(WORDS in record.getMessage() for record in caplog.records) == 1
    deploys.stop()  # its feed has gone on
