"""The two live widgets, a trend and an alarm table, and the protocols that feed them."""

from .alarm_panel import AlarmPanel
from .alarm_table import AlarmTable
from .sources import (
    AlarmDelta,
    AlarmRow,
    AlarmSource,
    TagSamples,
    Ticker,
    TrendDelta,
    TrendSource,
    TrendTag,
)
from .trend import Trend

__all__ = [
    "AlarmDelta",
    "AlarmPanel",
    "AlarmRow",
    "AlarmSource",
    "AlarmTable",
    "TagSamples",
    "Ticker",
    "Trend",
    "TrendDelta",
    "TrendSource",
    "TrendTag",
]
