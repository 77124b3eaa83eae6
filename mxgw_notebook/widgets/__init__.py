"""The live widgets: trend, tables of values and of alarms; and the protocols that feed them."""

from mxgw_notebook.missing import saying_what_is_missing

with saying_what_is_missing(__name__):
    from mxgw_notebook.widgets.alarm_table import AlarmTable
    from mxgw_notebook.widgets.assets import missing_bundles
    from mxgw_notebook.widgets.galaxy_tree import GalaxyTree
    from mxgw_notebook.widgets.live_widget import LiveWidget
    from mxgw_notebook.widgets.page_widget import PageWidget
    from mxgw_notebook.widgets.panel import AlarmPanel, GalaxyPanel, TrendPanel
    from mxgw_notebook.widgets.recorder_panel import RecorderPanel
    from mxgw_notebook.widgets.recorder_source import RecorderDelta, RecorderSource
    from mxgw_notebook.widgets.sources import (
        AUTOMATIC,
        STOPPED,
        AlarmDelta,
        AlarmRow,
        AlarmSource,
        ChosenScale,
        EarlierPeriod,
        ServiceFound,
        ServiceRow,
        TagSamples,
        Ticker,
        TrendDelta,
        TrendSource,
        TrendTag,
        ValueRow,
        ValueSnapshot,
        ValueSource,
    )
    from mxgw_notebook.widgets.tree_source import (
        AREA,
        ATTRIBUTE,
        OBJECT,
        TEMPLATE,
        Outcome,
        TreeRows,
        TreeSource,
    )
    from mxgw_notebook.widgets.trend import Trend
    from mxgw_notebook.widgets.value_table import ValueTable
    from mxgw_notebook.widgets.value_writes import PlannedValue, ValueWrites, WriteOutcome
    from mxgw_notebook.widgets.xy_plot import XYPlot
    from mxgw_notebook.widgets.xy_source import XYDelta, XYPoints, XYSource

__all__ = [
    "AREA",
    "ATTRIBUTE",
    "AUTOMATIC",
    "OBJECT",
    "STOPPED",
    "TEMPLATE",
    "AlarmDelta",
    "AlarmPanel",
    "AlarmRow",
    "AlarmSource",
    "AlarmTable",
    "ChosenScale",
    "EarlierPeriod",
    "GalaxyPanel",
    "GalaxyTree",
    "LiveWidget",
    "Outcome",
    "PageWidget",
    "PlannedValue",
    "RecorderDelta",
    "RecorderPanel",
    "RecorderSource",
    "ServiceFound",
    "ServiceRow",
    "TagSamples",
    "Ticker",
    "TreeRows",
    "TreeSource",
    "Trend",
    "TrendDelta",
    "TrendPanel",
    "TrendSource",
    "TrendTag",
    "ValueRow",
    "ValueSnapshot",
    "ValueSource",
    "ValueTable",
    "ValueWrites",
    "WriteOutcome",
    "XYDelta",
    "XYPlot",
    "XYPoints",
    "XYSource",
    "missing_bundles",
]
