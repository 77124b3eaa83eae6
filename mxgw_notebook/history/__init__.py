"""Values asked by time: what memory and recordings have, and the recordings themselves."""

from mxgw_notebook.missing import saying_what_is_missing

with saying_what_is_missing(__name__):
    from mxgw_notebook.history.asking import How, clock_span_ns, in_form, instant_ns, of_the_day, span_ns
    from mxgw_notebook.history.caches import cache_folder, take_slot
    from mxgw_notebook.history.dossier import within
    from mxgw_notebook.history.facts import Feed, value_text
    from mxgw_notebook.history.feeds import alarm_feed
    from mxgw_notebook.history.folder import Hold, galaxy_file, plant_folder, plant_of
    from mxgw_notebook.history.memory import MEMORY, MemorySource
    from mxgw_notebook.history.month import MONTH_BEGIN_NS, MONTH_PLANT, record_month
    from mxgw_notebook.history.opening import open_recording, open_recording_for, recorded_in
    from mxgw_notebook.history.past import Past, gap_attrs, gap_table, held_into, lost_by
    from mxgw_notebook.history.progress import Progress
    from mxgw_notebook.history.recorded import RecordedSource
    from mxgw_notebook.history.recorder import Recorder
    from mxgw_notebook.history.recording import Recording
    from mxgw_notebook.history.room import LEAST_FREE
    from mxgw_notebook.history.source import LATEST_NS, HistorySource, Span
    from mxgw_notebook.history.spread import RecordedParts
    from mxgw_notebook.history.sql import WORDS, query_past
    from mxgw_notebook.history.tape import write_tape
    from mxgw_notebook.history.tidying import Keep

__all__ = [
    "LATEST_NS",
    "LEAST_FREE",
    "MEMORY",
    "MONTH_BEGIN_NS",
    "MONTH_PLANT",
    "WORDS",
    "Feed",
    "HistorySource",
    "Hold",
    "How",
    "Keep",
    "MemorySource",
    "Past",
    "Progress",
    "RecordedParts",
    "RecordedSource",
    "Recorder",
    "Recording",
    "Span",
    "alarm_feed",
    "cache_folder",
    "clock_span_ns",
    "galaxy_file",
    "gap_attrs",
    "gap_table",
    "held_into",
    "in_form",
    "instant_ns",
    "lost_by",
    "of_the_day",
    "open_recording",
    "open_recording_for",
    "plant_folder",
    "plant_of",
    "query_past",
    "record_month",
    "recorded_in",
    "span_ns",
    "take_slot",
    "value_text",
    "within",
    "write_tape",
]
