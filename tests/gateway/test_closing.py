"""Leaving a gateway while something of ours fails: its session is closed, and one line is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mxgw_notebook.gateway import Gateway, connect, disconnect
from mxgw_notebook.gateway.alarms.alarms import FollowedBoards
from mxgw_notebook.gateway.tags.deploy_follower import DeployFollower
from mxgw_notebook.live import Hub
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.widgets import Trend, ValueTable
from tests.conftest import KEY, Eventually

WORDS = "a mistake of ours"
TAG = "Pump001.Speed"


def failing(real: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, which throws instead of doing what it does."""
    del real

    def call(*args: Any, **settings: Any) -> Any:
        del args, settings
        raise RuntimeError(WORDS)

    return call


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (DeployFollower, "end"),
        (FollowedBoards, "close"),
        (Hub, "_take"),
        (Trend, "snapshot_svg"),
        (ValueTable, "stop"),
    ],
)
def test_disconnecting_closes_the_session_whatever_fails_and_tells_one_line_at_most(
    own_embedded: EmbeddedGateway,
    eventually: Eventually,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    owner: type,
    name: str,
) -> None:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True)
    watch = gateway.watch(TAG)
    watch.trend()
    table = watch.table()
    gateway.alarms()
    assert own_embedded.status()["sessions"] == 1
    with monkeypatch.context() as mistake:
        mistake.setattr(owner, name, failing(getattr(owner, name)))
        disconnect()
    table.stop()  # where its own end was what failed
    eventually(lambda: own_embedded.status()["sessions"] == 0)
    told = [record for record in caplog.records if WORDS in record.getMessage()]
    assert len(told) <= 1
    assert not any("\n" in record.getMessage() for record in told)


def test_a_watch_whose_picture_fails_leaves_no_tag_advised(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = gateway.watch(TAG)
    watch.trend()
    with monkeypatch.context() as mistake:
        mistake.setattr(Trend, "snapshot_svg", failing(Trend.snapshot_svg))
        with pytest.raises(RuntimeError, match=WORDS):
            watch.stop()
    assert gateway.status()["value"]["tags watched"] == 0
    assert not watch.watched.hub.subscriptions
