"""Limits and priorities of alarms, kept with a snapshot of the galaxy and compared with another."""

from __future__ import annotations

from pathlib import Path

import pytest

from mxgw_notebook.analysis import alarm_changes, diff
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY

LIMIT, PRIORITY = "Tank001.Level.Hi.Limit", "Tank002.Level.Lo.Priority"


def test_what_was_changed_between_two_snapshots_is_a_table(
    own_embedded: EmbeddedGateway, tmp_path: Path
) -> None:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True, writable="tests")
    before = gateway.snapshot(tmp_path / "before.parquet")
    values = gateway.read(LIMIT, PRIORITY).set_index("tag")["value"]
    gateway.write({LIMIT: values[LIMIT] + 2.5, PRIORITY: values[PRIORITY] + 100})
    after = gateway.snapshot(tmp_path / "after.parquet")
    for found in (alarm_changes(before, after), gateway.alarm_changes(before)):
        assert found[["tag", "what"]].to_numpy().tolist() == [
            ["Tank001.Level.Hi", "limit"],
            ["Tank002.Level.Lo", "priority"],
        ]
        assert (found["after"] - found["before"]).tolist() == [2.5, 100.0]
        assert (found["area"] != "").all()
    changed = diff(before, after)
    assert changed["what"].tolist() == ["limit", "priority"]
    assert alarm_changes(after, after).empty


def test_a_snapshot_without_them_is_told(gateway: Gateway, tmp_path: Path) -> None:
    bare = gateway.snapshot(tmp_path / "bare.parquet", alarm_settings=False)
    with pytest.raises(ConfigurationError, match=r"bare\.parquet has no limits and priorities of alarms"):
        alarm_changes(bare, gateway.galaxy())
    assert diff(bare, gateway.galaxy()).empty
    with pytest.raises(ConfigurationError, match="has no limits"):
        connect(str(bare)).alarm_changes(bare)


def test_alarms_without_a_limit_have_none(gateway: Gateway) -> None:
    attributes = gateway.galaxy().attributes
    alarms = attributes[attributes["is_alarm"]]
    assert alarms["priority"].notna().all()
    assert 0 < int(alarms["limit"].isna().sum()) < len(alarms)
    assert attributes.loc[~attributes["is_alarm"], "priority"].isna().all()
