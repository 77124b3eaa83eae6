"""The writes that the pages of a value table have asked for, each from what was typed to what came of it.

Why: DECISIONS.md, "A table writes only what its kernel has shown".
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from mxgw_notebook.widgets.page_widget import logged
from mxgw_notebook.widgets.value_writes import PlannedValue, ValueWrites, WriteOutcome
from mxgw_notebook.widgets.wishes import LONGEST_TAG

MOST_KEPT = 64
# Cut off, a text would be another value: one that is longer is refused.
LONGEST_TEXT = 100_000
NO_PLAN = "no such plan: it was applied, given up, or gave way to newer ones; type the value again"
STOPPED = "not written: the table is stopped"


@dataclass(frozen=True)
class TypedWrite:
    """One write as a page shows it; `request` is the page's own name for it, `token` is what applies it."""

    request: str
    tag: str
    state: str  # planning, offered, writing, done, refused, unknown
    words: str = ""
    token: str = ""
    now: str = ""
    new: str = ""
    units: str = ""
    verdict: str = ""
    reason: str = ""


class WriteDesk:
    """Takes what pages say of writing. A page can send anything: it can apply only a plan that it was shown.

    The newest 64 writes are kept, so that a page that lost a message is told of them again.
    """

    def __init__(self, writes: ValueWrites) -> None:
        self._writes = writes
        self._lock = threading.Lock()
        self._entries: dict[str, TypedWrite] = {}  # by request, those that changed last at the end
        self._offers: dict[str, tuple[str, PlannedValue]] = {}  # request and plan by token
        self._news: set[str] = set()
        self._stopped = False

    @property
    def has_news(self) -> bool:
        """Whether anything has changed since `take`."""
        return bool(self._news)

    def take(self, *, everything: bool) -> list[dict[str, str]]:
        """What changed since the last call, or all there is, as it travels."""
        with self._lock:
            news, self._news = self._news, set()
            return [asdict(one) for one in self._entries.values() if everything or one.request in news]

    def stop(self) -> None:
        """No plan can be made or applied any more; what is under way goes on."""
        with self._lock:
            self._stopped = True
            self._offers.clear()

    def hear(self, content: Mapping[Any, Any]) -> bool:
        """Whether a message is about writing."""
        kind, request = content.get("kind"), name_given(content.get("request"))
        if kind not in ("propose", "apply", "give up") or not request:
            return False
        if kind == "propose":
            self._propose(request, content.get("tag"), content.get("text"))
        elif kind == "apply":
            self._apply(request, content.get("token"))
        else:
            self._give_up(request)
        return True

    def _propose(self, request: str, tag: object, text: object) -> None:
        tag = name_given(tag)
        if not tag or not isinstance(text, str):
            return
        with self._lock:
            if request in self._entries:
                return
            self._note(TypedWrite(request, tag, "planning"))
        if self._stopped:
            self._tell(request, WriteOutcome("refused", STOPPED))
        elif len(text) > LONGEST_TEXT:
            self._tell(request, WriteOutcome("refused", f"more than {LONGEST_TEXT:,} characters"))
        else:
            self._call(
                request, lambda: self._writes.propose(tag, text, lambda found: self._plan(request, found))
            )

    def _plan(self, request: str, found: PlannedValue | WriteOutcome) -> None:
        """Takes the plan of a request; one that was given up meanwhile is dropped."""
        if isinstance(found, WriteOutcome):
            self._tell(request, found)
            return
        with self._lock:
            entry = self._entries.get(request)
            if entry is None or self._stopped:
                return
            token = secrets.token_hex(16)
            self._offers[token] = (request, found)
            told = {name: getattr(found, name) for name in ("now", "new", "units", "verdict", "reason")}
            self._note(replace(entry, state="offered", token=token, **told))

    def _apply(self, request: str, token: object) -> None:
        """Applies the plan of this token, which is good once, and only with the request that it answered."""
        with self._lock:
            offer = self._offers.get(token) if isinstance(token, str) else None
            entry = self._entries.get(request)
            if offer is None or offer[0] != request or entry is None:
                # A plan that is under way, or over, keeps what it says: a second click changes nothing.
                if entry is None:
                    self._note(TypedWrite(request, "", "refused", STOPPED if self._stopped else NO_PLAN))
                elif entry.state == "offered" and self._stopped:
                    self._note(replace(entry, state="refused", words=STOPPED, token=""))
                return
            del self._offers[entry.token]
            self._note(replace(entry, state="writing", token=""))
        self._call(request, lambda: offer[1].apply(lambda outcome: self._tell(request, outcome)))

    def _give_up(self, request: str) -> None:
        """Forgets a plan that was not applied."""
        with self._lock:
            entry = self._entries.get(request)
            if entry is not None and entry.state in ("planning", "offered"):
                self._drop(request)

    def _call(self, request: str, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception as error:  # there is no caller to raise to but the page
            self._tell(request, WriteOutcome("refused", logged(error, "a write of a value table")))

    def _tell(self, request: str, outcome: WriteOutcome) -> None:
        with self._lock:
            if entry := self._entries.get(request):
                self._note(replace(entry, state=outcome.state, words=outcome.words, token=""))

    def _note(self, entry: TypedWrite) -> None:
        """Keeps an entry as the newest; called with the lock. Those under way do not give way."""
        self._entries.pop(entry.request, None)
        self._entries[entry.request] = entry
        self._news.add(entry.request)
        over = [name for name, one in self._entries.items() if one.state != "writing"]
        for name in over[: max(0, len(self._entries) - MOST_KEPT)]:
            self._drop(name)

    def _drop(self, request: str) -> None:
        entry = self._entries.pop(request)
        self._offers.pop(entry.token, None)
        self._news.discard(request)


def name_given(name: object) -> str:
    """A name of a message; empty for what is none."""
    return name if isinstance(name, str) and len(name) <= LONGEST_TAG else ""
