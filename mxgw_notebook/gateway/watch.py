"""Tags that are watched: what a notebook holds after `gateway.watch(...)`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from IPython.display import HTML

from mxgw_notebook.frames import long_frame, wide_frame
from mxgw_notebook.gateway.alarm_trend import marks_of
from mxgw_notebook.gateway.blocking import Runner, blocking
from mxgw_notebook.gateway.display import Shown
from mxgw_notebook.gateway.trend_source import WatchedTags
from mxgw_notebook.live import Hub, Subscription
from mxgw_notebook.widgets import TrendTag

if TYPE_CHECKING:
    from mxgw_notebook.gateway.alarms import AlarmReview
    from mxgw_notebook.widgets import Trend


class Watch:
    """Live tags. Displayed in a notebook it is a trend; `frame()` and `wide()` are its values so far.

    `failures` maps each tag that the gateway refused to the reason.
    """

    def __init__(
        self, runner: Runner, hub: Hub, subscriptions: Sequence[Subscription], tags: Mapping[str, TrendTag]
    ) -> None:
        self.runner = runner
        self.failures = {found.tag: found.failure for found in subscriptions if found.failure}
        self.units = {tag: described.units for tag, described in tags.items()}
        self._hub = hub
        self._all = [found.tag for found in subscriptions]
        self._good = [found for found in subscriptions if not found.failure]
        self._source = WatchedTags(hub, self._good, [tags[found.tag] for found in self._good])
        self._trend: Trend | None = None
        self._shown = Shown()

    def __repr__(self) -> str:
        state = "stopped" if self._source.stopped else self._hub.status
        return f"<Watch of {', '.join(self.tags)}: {state}>"

    @property
    def stopped(self) -> bool:
        """Whether the watching has ended."""
        return self._source.stopped

    @property
    def tags(self) -> list[str]:
        """The tags that are watched, without those that failed."""
        return [subscription.tag for subscription in self._good]

    def frame(self) -> pd.DataFrame:
        """The values so far, one row a sample: `tag`, `timestamp` (UTC), `value`, `quality`.

        `attrs` carry `units` by tag and `outages` as pairs of UTC times.
        """
        return self._annotated(long_frame(self._columns()))

    def wide(self) -> pd.DataFrame:
        """The values so far, one column a tag, indexed by `timestamp` (UTC); a tag holds its last value."""
        return self._annotated(wide_frame(self._columns()))

    def trend(self) -> Trend:
        """The live trend of these tags; the same widget each time."""
        if self._trend is None:
            from mxgw_notebook.widgets import Trend

            self._trend = Trend(self._source, self.runner)
        return self._trend

    def mark(self, alarms: AlarmReview, *, everything: bool = False) -> None:
        """Shows alarms on the trend from now on: their transitions as markers, their limits as lines.

        Those of the watched tags (`Tank001.Level.Hi` is one of `Tank001.Level`), or with `everything` all
        that the review knows.
        """
        self._source.marks = marks_of(alarms.account, self.tags, everything=everything)

    @blocking
    async def collect(self, seconds: float) -> pd.DataFrame:
        """Waits some seconds, then gives the values so far as `frame()` does."""
        await asyncio.sleep(seconds)
        return self.frame()

    def snapshot(self) -> HTML:
        """The trend as it is now, as a picture that stays in the notebook."""
        return HTML(self.trend().snapshot_svg())

    def stop(self) -> None:
        """Ends the watching: the values so far stay, the trend becomes a picture. Harmless twice."""
        if self._source.stopped:
            return
        self._source.stopped = True
        if self._trend is not None:
            self._trend.stop()
            self._shown.replace(self._trend.snapshot_svg(), repr(self))
        self._release()

    @blocking
    async def _release(self) -> None:
        await self._hub.release(self._all)

    def _columns(self) -> dict[str, Any]:
        kept = {subscription.tag: subscription.history.all() for subscription in self._good}
        return {tag: (part.time_ns, part.number, part.quality, part.objects) for tag, part in kept.items()}

    def _annotated(self, frame: pd.DataFrame) -> pd.DataFrame:
        outages = [(utc_text(outage.start_ns), utc_text(outage.end_ns)) for outage in self._hub.outages]
        frame.attrs = {"units": dict(self.units), "outages": outages}
        return frame

    def _ipython_display_(self) -> None:
        self._shown.show(self.trend())


def utc_text(nanoseconds: int | None) -> str | None:
    """A time as ISO 8601 in UTC; None while it is not over."""
    return None if nanoseconds is None else pd.Timestamp(nanoseconds, tz="UTC").isoformat()
