from __future__ import annotations

import pytest

from mxgw_notebook.widgets import TrendTag
from mxgw_notebook.widgets.bundle import is_current
from tests.widgets.doubles import HandTicker, ListedTrend, record_comms
from tests.widgets.lives import Life, alarm_life, trend_life, value_life


@pytest.fixture(autouse=True)
def _recorded_comms(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_current(), "the bundles are stale: python -m mxgw_notebook.widgets.bundle"
    record_comms(monkeypatch.setattr)


@pytest.fixture
def ticker() -> HandTicker:
    return HandTicker()


@pytest.fixture
def source() -> ListedTrend:
    return ListedTrend([TrendTag("Pump001.Speed", units="rpm"), TrendTag("Tank001.Level", units="m")])


@pytest.fixture(params=[trend_life, alarm_life, value_life], ids=["trend", "alarm table", "value table"])
def life(request: pytest.FixtureRequest) -> Life:
    made: Life = request.param()
    return made
