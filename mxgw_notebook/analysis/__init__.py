"""What can be worked out of DataFrames alone: no gateway, no notebook, a saved file will do."""

from mxgw_notebook.missing import saying_what_is_missing

with saying_what_is_missing(__name__):
    from mxgw_notebook.analysis.alarm_bulk import acknowledged_in_bulk
    from mxgw_notebook.analysis.alarm_contributors import top_contributors
    from mxgw_notebook.analysis.alarm_episodes import alarm_episodes
    from mxgw_notebook.analysis.alarm_files import save_alarm_log
    from mxgw_notebook.analysis.alarm_floods import alarm_floods, share_in_flood
    from mxgw_notebook.analysis.alarm_load import alarm_load, standing_load
    from mxgw_notebook.analysis.alarm_nuisance import chattering_alarms, fleeting_alarms
    from mxgw_notebook.analysis.alarm_pairs import correlated_pairs
    from mxgw_notebook.analysis.alarm_priorities import priority_distribution, priority_of
    from mxgw_notebook.analysis.alarm_rates import alarm_rate, daily_alarm_rate, hourly_alarm_rate
    from mxgw_notebook.analysis.alarm_report import AlarmReport, alarm_report
    from mxgw_notebook.analysis.alarm_responses import acknowledged_without_action, times_to_acknowledge
    from mxgw_notebook.analysis.alarm_service import out_of_service
    from mxgw_notebook.analysis.alarm_shifts import alarms_by_shift
    from mxgw_notebook.analysis.alarm_standing import stale_alarms, standing_alarms
    from mxgw_notebook.analysis.alarm_tuning import tune_alarm
    from mxgw_notebook.analysis.deploy_impact import deploy_impact
    from mxgw_notebook.analysis.dossier import Dossier
    from mxgw_notebook.analysis.drawings import Drawings
    from mxgw_notebook.analysis.flood_suspects import flood_suspects
    from mxgw_notebook.analysis.galaxy import Snapshot, alarm_changes, diff
    from mxgw_notebook.analysis.held import left_open
    from mxgw_notebook.analysis.impact_page import impact_page
    from mxgw_notebook.analysis.kept_tables import portable, read_table, save_table
    from mxgw_notebook.analysis.log_sources import read_alarm_log
    from mxgw_notebook.analysis.quality import QualityAccessor
    from mxgw_notebook.analysis.tuning_chart import tuning_chart
    from mxgw_notebook.analysis.tuning_suggestions import suggest
    from mxgw_notebook.analysis.two_times import MEASURES
    from mxgw_notebook.frames import save_workbook

__all__ = [
    "MEASURES",
    "AlarmReport",
    "Dossier",
    "Drawings",
    "QualityAccessor",
    "Snapshot",
    "acknowledged_in_bulk",
    "acknowledged_without_action",
    "alarm_changes",
    "alarm_episodes",
    "alarm_floods",
    "alarm_load",
    "alarm_rate",
    "alarm_report",
    "alarms_by_shift",
    "chattering_alarms",
    "correlated_pairs",
    "daily_alarm_rate",
    "deploy_impact",
    "diff",
    "fleeting_alarms",
    "flood_suspects",
    "hourly_alarm_rate",
    "impact_page",
    "left_open",
    "out_of_service",
    "portable",
    "priority_distribution",
    "priority_of",
    "read_alarm_log",
    "read_table",
    "save_alarm_log",
    "save_table",
    "save_workbook",
    "share_in_flood",
    "stale_alarms",
    "standing_alarms",
    "standing_load",
    "suggest",
    "times_to_acknowledge",
    "top_contributors",
    "tune_alarm",
    "tuning_chart",
]
