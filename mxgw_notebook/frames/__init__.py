"""Columns to DataFrames, one function a table; times are datetime64[ns, UTC] throughout."""

from mxgw_notebook.missing import saying_what_is_missing

with saying_what_is_missing(__name__):
    from mxgw_notebook.client import Samples
    from mxgw_notebook.frames.alarms import active_alarms_frame, transitions_frame
    from mxgw_notebook.frames.codes import DATA_TYPES, SECURITY
    from mxgw_notebook.frames.columns import chosen
    from mxgw_notebook.frames.formulas import with_formulas, without_formulas
    from mxgw_notebook.frames.galaxy import Page, galaxy_frames, page_of, reply_objects, reply_page
    from mxgw_notebook.frames.mixed import apart, kinds_apart, kinds_joined, text_of
    from mxgw_notebook.frames.over_time import (
        as_pandas,
        by_time,
        check_size,
        long_frame,
        mixed,
        stepped,
        stretch,
        texts_beside,
        wide_frame,
    )
    from mxgw_notebook.frames.pattern import Pattern, lower, matches
    from mxgw_notebook.frames.plant_table import (
        PlantTable,
        finishing,
        gives_table,
        gives_tables,
        have_plant_tables,
        plant_table,
    )
    from mxgw_notebook.frames.quality import quality_words
    from mxgw_notebook.frames.readings import read_frame, readings_frame
    from mxgw_notebook.frames.search import TagIndex, narrowed
    from mxgw_notebook.frames.snapshot import SETTINGS, read_galaxy, write_galaxy
    from mxgw_notebook.frames.suggest import FIXED, named, suggestions
    from mxgw_notebook.frames.times import MILLISECOND_NS, aware, in_reason, known_ns, moment_ns, utc
    from mxgw_notebook.frames.told_file import told_facts, write_told
    from mxgw_notebook.frames.tree import ROOT, Below, Rows
    from mxgw_notebook.frames.whole_file import being_written, put_whole, tell_replaced, whole_file
    from mxgw_notebook.frames.workbook import save_workbook
    from mxgw_notebook.globs import glob_matches, glob_regex, is_glob
    from mxgw_notebook.words import quality_word

# The name that people's scripts have.
TagColumns = Samples

__all__ = [
    "DATA_TYPES",
    "FIXED",
    "MILLISECOND_NS",
    "ROOT",
    "SECURITY",
    "SETTINGS",
    "Below",
    "Page",
    "Pattern",
    "PlantTable",
    "Rows",
    "Samples",
    "TagColumns",
    "TagIndex",
    "active_alarms_frame",
    "apart",
    "as_pandas",
    "aware",
    "being_written",
    "by_time",
    "check_size",
    "chosen",
    "finishing",
    "galaxy_frames",
    "gives_table",
    "gives_tables",
    "glob_matches",
    "glob_regex",
    "have_plant_tables",
    "in_reason",
    "is_glob",
    "kinds_apart",
    "kinds_joined",
    "known_ns",
    "long_frame",
    "lower",
    "matches",
    "mixed",
    "moment_ns",
    "named",
    "narrowed",
    "page_of",
    "plant_table",
    "put_whole",
    "quality_word",
    "quality_words",
    "read_frame",
    "read_galaxy",
    "readings_frame",
    "reply_objects",
    "reply_page",
    "save_workbook",
    "stepped",
    "stretch",
    "suggestions",
    "tell_replaced",
    "text_of",
    "texts_beside",
    "told_facts",
    "transitions_frame",
    "utc",
    "whole_file",
    "wide_frame",
    "with_formulas",
    "without_formulas",
    "write_galaxy",
    "write_told",
]
