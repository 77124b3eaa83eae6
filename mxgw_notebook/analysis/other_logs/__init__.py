"""Logs of alarms that other systems wrote, as logs of ours."""

from mxgw_notebook.analysis.other_logs.aveva import ALARM_DATABASE, EVENTS
from mxgw_notebook.analysis.other_logs.databases import is_address, read_database
from mxgw_notebook.analysis.other_logs.ignition import JOURNAL
from mxgw_notebook.analysis.other_logs.layout import Layout, Theirs
from mxgw_notebook.analysis.other_logs.reading import LAYOUTS, PLAIN, layout_named, layout_of, log_of
from mxgw_notebook.analysis.other_logs.tables import NO_TABLE, Origin, read_table
from mxgw_notebook.analysis.other_logs.text_times import Zone, to_utc, written_times, zone_of
from mxgw_notebook.analysis.other_logs.transitions import Words, transitions

__all__ = [
    "ALARM_DATABASE",
    "EVENTS",
    "JOURNAL",
    "LAYOUTS",
    "NO_TABLE",
    "PLAIN",
    "Layout",
    "Origin",
    "Theirs",
    "Words",
    "Zone",
    "is_address",
    "layout_named",
    "layout_of",
    "log_of",
    "read_database",
    "read_table",
    "to_utc",
    "transitions",
    "written_times",
    "zone_of",
]
