"""How things stand, as a person reads it: what is told, of the stream and of each tag."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.gateway import Gateway
from mxgw_notebook.gateway.stream_facts import MEANINGS, seconds
from mxgw_notebook.gateway.whole_table import WholeTable
from tests.conftest import Eventually

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


def test_what_was_missed_or_not_understood_is_counted(gateway: Gateway, eventually: Eventually) -> None:
    deploys = gateway.deploys()
    watch = gateway.watch(LEVEL)
    eventually(lambda: facts_of(gateway)["events received"] > 0)
    lost = ("deploys missed", "events broken", "events unknown")
    assert [facts_of(gateway)[name] for name in lost] == [0, 0, 0]
    intake = gateway._hub._intake
    intake.other_events.update({"77": 2, "UNSPECIFIED": 1, "ON_WRITE_COMPLETE": 5})
    intake.unread.add(4)
    deploys.feed.missed = 3
    assert [facts_of(gateway)[name] for name in lost] == [3, 4, 3]
    assert "3 more missed" in deploys.line()
    watch.stop()
    deploys.stop()


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
