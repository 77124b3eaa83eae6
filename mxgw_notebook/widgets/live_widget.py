"""The life of a widget that follows the plant: it sends what is new until it is stopped.

Why: DECISIONS.md, "A saved notebook has the picture of lately, not of the moment of saving".
"""

from __future__ import annotations

import threading
import time
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Generic, Protocol, TypeVar

from mxgw_notebook.widgets.outbox import Buffers, Outbox
from mxgw_notebook.widgets.page_widget import PageWidget, logged
from mxgw_notebook.widgets.sources import STOPPED, Ticker
from mxgw_notebook.words import Phase

# How old a kept picture may be. JupyterLab takes each new one for a change that has to be saved. The first is
# drawn sooner: who saves at once keeps no picture of waiting.
KEEP_SECONDS = 15.0
FIRST_KEPT_SECONDS = 3.0
MOST_OF_THE_TIME = 50.0  # a fiftieth of it is spent on drawing at most

Message = tuple[dict[str, object], Buffers]


class Delta(Protocol):
    """What is new since a cursor; see `sources`."""

    @property
    def cursor(self) -> int:
        """Where the next look begins."""

    @property
    def now_ms(self) -> float | None:
        """What time it is where the times come from; None where that is this machine's clock."""

    @property
    def as_of_ms(self) -> float | None:
        """When the source last heard anything, by the same clock; None where that is not known."""

    @property
    def phase(self) -> Phase:
        """Whether what is shown is the plant as it is now."""

    @property
    def status(self) -> str:
        """The same in words for a person."""


D = TypeVar("D", bound=Delta)
D_co = TypeVar("D_co", bound=Delta, covariant=True)


class Source(Protocol[D_co]):
    """Whatever hands out changes since a cursor."""

    def since(self, cursor: int) -> D_co:
        """Everything after `cursor`; after 0, everything kept."""


class LiveWidget(PageWidget, Generic[D]):
    """A widget that looks at its source on each tick and sends what is new, until `stop()`.

    The lock makes the looks one at a time and keeps the cursor, the numbers of the messages and what was
    told last in step. A subclass says what is new to it, and how that travels.
    """

    def __init__(
        self, source: Source[D], ticker: Ticker, *, updates_per_second: float, **traits: Any
    ) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._outbox = Outbox(self.send)
        self._cursor = 0
        self._told: object = None
        self._as_of_ms: float | None = None
        self._stopped = False
        self._is_newer, self._keep_at = False, 0.0
        super().__init__(**traits)
        self._cancel = ticker.every(1 / updates_per_second, self._publish)

    def stop(self) -> None:
        """Sends what is new, then nothing more. The views keep their contents and show "stopped"."""
        self._cancel()
        with self._lock:
            self._stopped = True
            with self._told_failure():
                self._send_news(always=True)

    def close(self) -> None:
        """Stops, and removes the views from the notebook."""
        # ipywidgets closes widgets from __del__ too, also those whose __init__ raised.
        if (cancel := getattr(self, "_cancel", None)) is not None:
            cancel()
        super().close()

    # -------------------------------------------------------------- what differs between widgets

    @abstractmethod
    def _has_news(self, delta: D) -> bool:
        """Whether there is anything in it beside what is told whole each time."""

    @abstractmethod
    def _whole(self, delta: D) -> object:
        """What is told whole each time, to be compared with what was told last."""

    @abstractmethod
    def _message(self, delta: D, *, reset: bool) -> Message:
        """How it travels; with `reset` the delta is everything kept."""

    def _take_wish(self, content: Mapping[Any, Any]) -> bool:
        """Takes what a page says beside how it shows the widget; whether that has to be answered."""
        return False

    def _serve_wishes(self) -> None:
        """Answers what pages asked for, after the news and without the lock."""

    # -------------------------------------------------------------- receiving and sending

    def _take(self, content: Mapping[Any, Any]) -> None:
        # Noted here and answered on the next tick. After stop() there are no ticks, and a page that is
        # loaded again still shows what was kept.
        if (self._outbox.hear(content) or self._take_wish(content)) and self._stopped:
            self._publish()

    def _publish(self) -> None:
        with self._lock:
            if not self._outbox.may_send():
                return
            with self._told_failure():
                self._send_news()
        self._serve_wishes()
        self._keep_picture()

    def keep_by(self, keep: Callable[[], None]) -> None:
        """Keeps a picture: `keep` draws it again, and is called while a page shows something new."""
        super().keep_by(keep)
        self._keep_at = time.monotonic() + min(FIRST_KEPT_SECONDS, KEEP_SECONDS)

    def _keep_picture(self) -> None:
        """Draws the picture that a saved notebook keeps anew, now and then.

        Only where a page has had something new since: a notebook that nobody looks at stays as it was saved.
        """
        begun = time.monotonic()
        if self._keep is None or not self._is_newer or begun < self._keep_at:
            return
        self._is_newer = False
        try:
            self._keep()
        except Exception as error:
            logged(error, f"the kept picture of {type(self).__name__}")
        # One that takes long to draw is drawn more seldom: live values go before.
        self._keep_at = begun + max(KEEP_SECONDS, MOST_OF_THE_TIME * (time.monotonic() - begun))

    @contextmanager
    def _told_failure(self) -> Iterator[None]:
        """A look that fails is told to the pages, which would take what they show for live."""
        try:
            yield
        except BaseException as error:
            self._outbox.want_resync()  # what was looked at may not have been sent
            if isinstance(error, Exception):
                phase = Phase.STOPPED if self._stopped else Phase.FAILING
                status = f"{phase.value}: {type(error).__name__}: {error}"
                facts = {"phase": phase.value, "status": status, "as_of_ms": self._as_of_ms}
                # Where it is sending that fails, the pages notice the silence.
                with suppress(Exception):
                    self._outbox.post({"kind": "trouble", **facts})
            raise

    def _refuse(self, content: Mapping[Any, Any], reason: str) -> None:
        del content
        self._post({"kind": "notice", "text": reason})

    def _post(self, content: dict[str, object]) -> None:
        """Sends one message that is no news of the feed; safe on any thread."""
        with self._lock:
            self._outbox.post(content)

    def _send_news(self, *, always: bool = False) -> None:
        """Sends what came since the last look, when there is any; called with the lock."""
        reset = self._outbox.take_resync()
        delta = self._source.since(0 if reset else self._cursor)
        self._cursor = delta.cursor
        whole = self._whole(delta)
        changed = self._has_news(delta) or whole != self._told
        if reset or always or changed or self._outbox.is_due():
            self._told, self._as_of_ms = whole, delta.as_of_ms
            content, buffers = self._message(delta, reset=reset)
            phase = Phase.STOPPED if self._stopped else delta.phase
            status = STOPPED if self._stopped else delta.status
            now_ms = time.time() * 1000 if delta.now_ms is None else delta.now_ms
            facts = {"phase": phase.value, "status": status, "now_ms": now_ms, "as_of_ms": delta.as_of_ms}
            self._outbox.post({**content, **facts}, buffers)
            self._is_newer = self._is_newer or reset or changed

    def _everything(self) -> D:
        """All that the source keeps; the next look of the views is at what is new to them all the same."""
        with self._lock:
            return self._source.since(0)
