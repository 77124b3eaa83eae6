"""The pages of one listing, watched: one that cannot end is ended, with a line that says why."""

from __future__ import annotations

from mxgw_notebook.errors import GatewayError

# An honest gateway may filter a page empty; not one after the other.
MOST_EMPTY_PAGES = 20
# Where the gateway does not tell how many there are. The largest galaxies have a tenth of it.
MOST_OBJECTS = 10_000_000
HINT = "The gateway's galaxy cache is not in order: load again, or have the gateway restarted."


class Walk:
    """One walk over pages. Each is told to it in order, before anything of it is kept."""

    def __init__(self, call: str) -> None:
        self.objects = 0
        self._call = call
        self._tokens: set[str] = set()
        self._empty = 0

    def note_next(self, token: str) -> None:
        """The page names this one as the next. Raises GatewayError when it was there before."""
        if token in self._tokens:
            message = f"{self._call} names the same next page again, after {self.objects:,} objects"
            raise GatewayError(message, hint=HINT)
        if token:
            self._tokens.add(token)

    def note_objects(self, objects: int, total: int) -> None:
        """So many objects of `total` (0: not told) came with a page. Raises GatewayError for too many."""
        self.objects += objects
        self._empty = 0 if objects else self._empty + 1
        if self.objects > (total or MOST_OBJECTS):
            expected = f"though there are {total:,}" if total else "and does not say how many there are"
            raise GatewayError(f"{self._call} sends {self.objects:,} objects, {expected}", hint=HINT)
        if self._empty > MOST_EMPTY_PAGES:
            message = f"{self._call} sends empty pages without end, after {self.objects:,} objects"
            raise GatewayError(message, hint=HINT)
