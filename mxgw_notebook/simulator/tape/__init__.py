"""A recording in the plant's place: what was seen of a plant once, played again on its own clock."""

from mxgw_notebook.simulator.tape.deck import Deck
from mxgw_notebook.simulator.tape.site import TapeSite, tape_site
from mxgw_notebook.simulator.tape.tape import TapeError, tape_times

__all__ = ["Deck", "TapeError", "TapeSite", "tape_site", "tape_times"]
