"""What is typed in the table of a watch, let through to be planned where it is of a tag of that table."""

from __future__ import annotations

from collections.abc import Callable

from mxgw_notebook.gateway.tags.watched_set import WatchedSet
from mxgw_notebook.widgets import PlannedValue, ValueWrites, WriteOutcome


class WatchedWrites:
    """Plans writes of watched tags and of no others: a page can send any name."""

    def __init__(self, watched: WatchedSet, writes: ValueWrites) -> None:
        self._watched, self._writes = watched, writes

    def propose(self, tag: str, text: str, done: Callable[[PlannedValue | WriteOutcome], None]) -> None:
        """Plans to write what was typed; returns at once. Nothing is written."""
        if refusal := self._refusal(tag):
            done(WriteOutcome("refused", refusal))
        else:
            self._writes.propose(tag, text, done)

    def _refusal(self, tag: str) -> str:
        if self._watched.stopped:
            return "the watch has stopped: watch the tags again"
        if any(entry.tag == tag for entry in self._watched.everything):
            return ""
        if any(entry.tag == tag for entry in self._watched.shown):
            return "it is calculated: write one of the tags that it is calculated from"
        return "it is not a tag of this table: watch it first"
