"""The live widgets: trend, tables of values and of alarms; and the protocols that feed them."""

from .alarm_panel import AlarmPanel
from .alarm_table import AlarmTable
from .galaxy_panel import GalaxyPanel
from .galaxy_tree import GalaxyTree
from .sources import (
    AlarmDelta,
    AlarmRow,
    AlarmSource,
    TagSamples,
    Ticker,
    TrendDelta,
    TrendSource,
    TrendTag,
    ValueRow,
    ValueSnapshot,
    ValueSource,
)
from .trend import Trend
from .value_table import ValueTable

__all__ = [
    "AlarmDelta",
    "AlarmPanel",
    "AlarmRow",
    "AlarmSource",
    "AlarmTable",
    "GalaxyPanel",
    "GalaxyTree",
    "TagSamples",
    "Ticker",
    "Trend",
    "TrendDelta",
    "TrendSource",
    "TrendTag",
    "ValueRow",
    "ValueSnapshot",
    "ValueSource",
    "ValueTable",
]
