"""A recorder as a notebook shows it: a panel, which becomes a picture when the recording ends."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING, Final

from mxgw_notebook.frames import MILLISECOND_NS
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.shown_live import ShownLive
from mxgw_notebook.history import Recorder
from mxgw_notebook.live import Hub
from mxgw_notebook.profiles import Profile
from mxgw_notebook.widgets import RecorderDelta

if TYPE_CHECKING:
    from mxgw_notebook.widgets import RecorderPanel

RATE_SECONDS: Final = 1.0
MOST_RATES: Final = 120
RECORDING: Final = "recording"


class ShownRecorder:
    """What a recorder's panel shows, and the panel itself, made when it is looked at first."""

    def __init__(self, recorder: Recorder, hub: Hub, runner: Runner, profile: Profile | None) -> None:
        self._recorder, self._hub, self._runner = recorder, hub, runner
        self._live = ShownLive(self._make, profile, self._told)
        self._rates: deque[float] = deque(maxlen=MOST_RATES)
        self._rated = 0.0
        self._looks = 0
        recorder.show_by = self.show
        recorder.when_stopped.append(self._live.become_picture)

    def show(self) -> None:
        """Displays it in the cell that runs now; a recorder that has ended as a picture."""
        self._live.show()
        if self._recorder.stopped:
            self._live.become_picture()

    def _make(self) -> RecorderPanel:
        from mxgw_notebook.widgets import RecorderPanel

        return RecorderPanel(self, self._runner)

    def _told(self) -> str:
        return self._live.widget.told()

    # -------------------------------------------------------------- what the panel asks

    def since(self, cursor: int) -> RecorderDelta:
        """How it fares now."""
        del cursor
        recorder, told = self._recorder, self._recorder.progress()
        self._looks += 1
        self._note_rate(told.samples_per_second)
        standing = self._hub.standing if recorder.standing.is_live else recorder.standing
        return RecorderDelta(
            cursor=self._looks,
            folder=recorder.to,
            samples=told.samples,
            per_second=told.samples_per_second,
            rates=tuple(self._rates),
            written=told.written,
            waiting=told.waiting,
            dropped=told.dropped,
            free=told.free,
            least_free=recorder.least_free,
            tags=recorder.tags,
            since_ms=recorder.begun_ns / MILLISECOND_NS or None,
            status=RECORDING if standing.is_live else str(standing),
            phase=standing.phase,
            as_of_ms=recorder.until_ns / MILLISECOND_NS or None,
        )

    def stop(self) -> None:
        """Ends the recording, and waits for no disk."""
        self._runner.start(asyncio.to_thread(self._recorder.stop))

    def _note_rate(self, rate: float) -> None:
        now = time.monotonic()
        if now - self._rated >= RATE_SECONDS and not self._recorder.stopped:
            self._rates.append(rate)
            self._rated = now
