"""How things stand, as a person reads it: what is told, of the stream and of each tag."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.gateway.stream_facts import MEANINGS, seconds
from mxgw_notebook.gateway.whole_table import WholeTable
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually

LEVEL = "Tank001.Level"


def facts_of(gateway: Gateway) -> dict[str, Any]:
    return {str(fact): value for fact, value in gateway.status()["value"].items()}


def test_the_status_tells_all_of_the_stream_in_words(gateway: Gateway, eventually: Eventually) -> None:
    watch = gateway.watch(LEVEL, "Nope.Nope")
    eventually(lambda: facts_of(gateway)["events a second"] > 0)
    status = gateway.status()
    assert status.columns.tolist() == ["value", "meaning"]
    assert set(MEANINGS) <= set(status.index)
    facts = facts_of(gateway)
    assert (facts["tags watched"], facts["tags failed"], facts["live values"]) == (1, 1, "live")
    assert facts["gateway to kernel"].endswith("ms")
    nothing = ("events dropped", "samples forgotten", "reconnects", "outages", "gaps")
    assert [facts[name] for name in nothing] == [0] * 5
    watch.stop()
    assert [facts_of(gateway)[name] for name in ("tags watched", "tags failed")] == [0, 0]


def test_what_was_missed_or_not_understood_is_counted(
    own_embedded: EmbeddedGateway, eventually: Eventually
) -> None:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True)
    deploys, review, watch = gateway.deploys(), gateway.alarms(), gateway.watch(LEVEL, "Pump001.Speed")
    eventually(lambda: facts_of(gateway)["events received"] > 0)
    lost = ("deploys missed", "events broken", "events unknown", "alarm messages unknown")
    assert [facts_of(gateway)[name] for name in lost] == [0] * 4
    own_embedded.fault("strangers", every=2)
    own_embedded.fault("unknown-values", every=2, rpc="StreamEvents")
    eventually(lambda: facts_of(gateway)["events broken"] > 0 < facts_of(gateway)["events unknown"])
    own_embedded.fault("unknown-arms", rpc="StreamAlarms")
    own_embedded.fault("degraded")  # of which the gateway tells on that stream
    eventually(lambda: facts_of(gateway)["alarm messages unknown"] == 1)
    own_embedded.clear_faults()
    own_embedded.fault("refuse", rpc="WatchDeployEvents")
    own_embedded.fault("drop")
    for _ in range(4):
        own_embedded.deploy()
    own_embedded.clear_faults()
    eventually(lambda: facts_of(gateway)["deploys missed"] == 3)
    eventually(lambda: "3 more missed" in deploys.line())
    for view in (deploys, review, watch):
        view.stop()


def test_each_tag_is_told_once_with_its_units_and_its_failure(gateway: Gateway) -> None:
    watches = [gateway.watch(LEVEL, "Nope.Nope"), gateway.watch(LEVEL)]
    health = gateway.tag_health()
    assert health["tag"].tolist() == [LEVEL, "Nope.Nope"]
    assert health.index.tolist() == [0, 1]
    assert health["units"].tolist() == [watches[0].units[LEVEL], ""]
    assert health["quality"].isna().tolist() == [False, True]
    assert health["failure"].tolist()[1].startswith("invalid reference")
    for watch in watches:
        watch.stop()
    assert len(gateway.tag_health()) == 0


def test_a_narrow_terminal_shows_every_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    wide: Any = {f"column {number}": ["something"] for number in range(20)}
    assert "column 10" not in repr(pd.DataFrame(wide))
    lines = repr(WholeTable(wide)).splitlines()
    assert all(any(name in line for line in lines) for name in wide)
    assert max(len(line) for line in lines) <= 60
    assert type(WholeTable(wide).head()) is pd.DataFrame
    assert len(repr(WholeTable({"a": range(10_000)}))) < 10_000


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "not known"), (0.0123, "12.3 ms"), (-0.5, "-500.0 ms"), (90.0, "90.00 s")]
)
def test_durations_have_the_unit_that_suits_them(value: float | None, shown: str) -> None:
    assert seconds(value) == shown
