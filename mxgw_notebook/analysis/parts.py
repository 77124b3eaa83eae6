"""What is worked out of one part of divided data, and what the parts make together: for who divides it.

People call the functions of `mxgw_notebook.analysis`, or the methods of `Recording.parts(...)`.
"""

from mxgw_notebook.analysis.alarm_measures import EACH, measure_of
from mxgw_notebook.analysis.alarm_parts import EpisodesOfSome, episodes_of_some, joined_episodes
from mxgw_notebook.analysis.alarm_tuning import settings_of, tuned
from mxgw_notebook.analysis.alarm_values import HeldValues, held_values
from mxgw_notebook.analysis.part_quality import (
    PartQuality,
    Window,
    joined_means,
    joined_percent,
    joined_states,
)

__all__ = [
    "EACH",
    "EpisodesOfSome",
    "HeldValues",
    "PartQuality",
    "Window",
    "episodes_of_some",
    "held_values",
    "joined_episodes",
    "joined_means",
    "joined_percent",
    "joined_states",
    "measure_of",
    "settings_of",
    "tuned",
]
