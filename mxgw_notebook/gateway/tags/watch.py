"""Tags that are watched: what a notebook holds after `gateway.watch(...)`.

Why: DECISIONS.md, "Widgets are a layer below the facade".
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd
from IPython.display import HTML

from mxgw_notebook.client import checks_all_arguments, checks_arguments
from mxgw_notebook.errors import ConfigurationError, TagError
from mxgw_notebook.frames import stretch
from mxgw_notebook.gateway.blocking import blocking
from mxgw_notebook.gateway.display import named
from mxgw_notebook.gateway.plant_named import names_its_plant
from mxgw_notebook.gateway.tags.annotations import description_feed
from mxgw_notebook.gateway.tags.naming import tags_given
from mxgw_notebook.gateway.tags.overlay import overlay_line, shift_given
from mxgw_notebook.gateway.tags.trend_lines import Marks
from mxgw_notebook.gateway.tags.watch_list import PenLine, XYLine, name_given
from mxgw_notebook.gateway.tags.watch_list_file import is_range, is_stretch, save_list
from mxgw_notebook.gateway.tags.watch_tables import WatchTables
from mxgw_notebook.gateway.tags.watch_views import WatchViews
from mxgw_notebook.gateway.tags.watched_set import WatchedSet
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
from mxgw_notebook.gateway.tags.xy import XY
from mxgw_notebook.history import LEAST_FREE, Keep, Recorder
from mxgw_notebook.live import Subscription
from mxgw_notebook.svg import as_written
from mxgw_notebook.widgets import ChosenScale

if TYPE_CHECKING:
    from mxgw_notebook.widgets import Trend, ValueTable


SCALE_HINT = 'Write e.g. levels.scale("Tank001.Level", 0, 100); log=True needs ends above 0.'


class Marking(Protocol):
    """What can be marked on a trend: an alarm review."""

    def marks(self, tags: Callable[[], Sequence[str]], *, everything: bool = False) -> Callable[[], Marks]:
        """What to draw of it on a trend of these tags, asked for again and again."""


@names_its_plant
@checks_all_arguments
class Watch(WatchTables):
    """Live tags: a trend when displayed, or a table above 200 tags. `frame()` and `wide()` return its values.

    A tag that the gateway refuses is tried again in the background, and joins the others when it works.
    """

    def __init__(self, watched: WatchedSet) -> None:
        super().__init__(watched)
        self.views = WatchViews(watched, self.__repr__)
        self.views.as_table = watched.asked.table
        if watched.asked.window:
            self.views.window_seconds = stretch(watched.asked.window).total_seconds()
        self.views.scales |= {
            one.units: ChosenScale(one.low, one.high, one.log) for one in watched.asked.scales
        }
        if said := watched.asked.overlay:
            self._lay(*((said, None) if is_stretch(said) else (None, said)))
        watched.call_when_stopped(self.views.become_pictures)

    def __repr__(self) -> str:
        often = f", buffered {self._watched.buffered_ms} ms" if self._watched.buffered_ms else ""
        return f"<Watch of {named(self.tags)}{often}: {self._watched.status}>"

    @property
    def stopped(self) -> bool:
        """Whether the watch has ended."""
        return self._watched.stopped

    @property
    def tags(self) -> list[str]:
        """The watched tags, without those that fail at present."""
        return [entry.tag for entry in self._watched.entries]

    @property
    def failures(self) -> dict[str, str]:
        """Each tag that the gateway refuses at present, with the reason."""
        return {entry.tag: entry.subscription.failure for entry in self._watched.refused}

    @property
    def watched(self) -> WatchedSet:
        """The watch's tags for code on the loop: nothing of it blocks."""
        return self._watched

    @property
    def subscriptions(self) -> list[Subscription]:
        """The subscriptions of all tags, also of those that fail at present."""
        return [entry.subscription for entry in self._watched.everything]

    @property
    def entries(self) -> list[WatchedTag]:
        """The known facts of each watched tag, in order."""
        return self._watched.entries

    @blocking
    async def add(self, *tags: Any) -> None:
        """Watches more tags: names, lists or Series of them, or tables with a column `tag`.

        Raises:
            TagError: The gateway refuses one of them; the others are watched.
        """
        failures = await self._watched.add(tags_given(tags))
        if failures:
            raise TagError(failures)

    @blocking
    async def remove(self, *tags: Any) -> None:
        """Ends the watch of these tags; their values so far are dropped, too."""
        await self._watched.remove(tags_given(tags))

    def selection(self) -> pd.DataFrame:
        """The samples of the time selected in the trend (Shift and the mouse), as in `frame`."""
        return self._annotated(self.trend().selection())

    @blocking
    async def pen(self, name: str, expression: str, *, units: str = "") -> None:
        """Adds a calculated pen: `levels.pen("diff", "Tank001.Level - Tank002.Level")`.

        It is drawn, listed and in the tables like a tag of that name. It gets a value when one of its tags
        changes, with the worst of their qualities, and no value in a gap. `remove(name)` removes it. Its tags
        are advised, but only shown if you watch them as well.

        Args:
            name: Its name.
            expression: Tags and numbers, as in a condition of `Gateway.when`: `+`, `-`, `*`, `/` between
                blanks, `abs`, `min`, `max`, comparisons. It is parsed, not run.
            units: Its engineering units; pens with the same units share an axis.

        Raises:
            ConfigurationError: The expression cannot be read, or the name is watched already.
            TagError: The gateway refuses one of the tags.
        """
        line = PenLine(name_given(name), expression, units)
        await self._watched.calculate(line)

    def scale(
        self, of: str, low: float | None = None, high: float | None = None, *, log: bool = False
    ) -> None:
        """Draws an axis of the trend from `low` to `high`; an end that is None follows the values.

        `levels.scale("Tank001.Level", 0, 100)`; `levels.scale("Tank001.Level")` is automatic again. You can
        also drag an axis in the trend: its middle moves it, its ends stretch it, and a double click makes it
        automatic.

        Args:
            of: A tag or a pen, or the units of an axis: everything with these units is drawn on it.
            low: The lower end.
            high: The upper end.
            log: Use a logarithmic axis. It does not show values that are not positive.

        Raises:
            ConfigurationError: Nothing here has these units, or the axis is not valid.
        """
        units = {entry.tag: entry.pen.units for entry in self._watched.shown}
        if of not in units and of not in units.values():
            raise ConfigurationError(
                f"{of!r} is not a tag of this watch, and no unit of one", hint=SCALE_HINT
            )
        if not is_range(low, high, log):
            words = "from 0 up" if log else "upwards"
            raise ConfigurationError(f"No axis goes {words} from {low} to {high}", hint=SCALE_HINT)
        self.views.scales[units.get(of, of)] = ChosenScale(low, high, log)

    def trend(self) -> Trend:
        """The live trend of these tags, at most 200; the same widget each time."""
        return self.views.trend

    def show_table(self) -> None:
        """Displays the watch as a table instead of a trend from now on."""
        self.views.as_table = True

    def overlay(self, by: Any = None, *, start: Any = None) -> None:
        """Draws an earlier period of the same tags on the trend, dashed and paler: `levels.overlay("-24h")`.

        It comes from where `frame(start=...)` has its values: memory, recordings, the flight recorder. The
        legend says by how much it is shifted, what a tag read then, and where nothing is known of that time.
        Into a gap, and where the quality was bad, no line is drawn. Tables, files of values and
        measures are of the present alone. `levels.overlay(None)` takes it away.

        Args:
            by: How much earlier: `"-24h"`, `"7d"`, a timedelta, or seconds.
            start: A time, `"2026-05-04 06:00"` (UTC unless it says otherwise): what was then stands where the
                trend begins now, and goes on from there.

        Raises:
            ConfigurationError: That is no stretch of time, no time, or not before what the trend shows.
        """
        if start is not None:
            self.trend()
        self._lay(by, start)

    def xy(self, x: str, y: str) -> XY:
        """One tag over another: `levels.xy("Tank001.Level", "Pump001.Speed")`; shown it is live.

        There is a point whenever one of both changes, with what the other held then, in the window that the
        trend shows. Older points are paler, the newest is marked, those of uncertain quality are open. Where
        a value is not known or of bad quality there is no point, and the track is not joined over it.
        `save` keeps it: a watch of the list has it below its trend, as from the trend's button XY.

        Args:
            x: The tag, or calculated pen, of the axis that goes right.
            y: That of the axis that goes up. Both are of this watch, with numbers or booleans.

        Raises:
            ConfigurationError: One of them is not watched here, or has texts.
        """
        made = XY(self._watched, x, y, self.views.window_ms)
        self._watched.asked = self._watched.asked.crossing(XYLine(x, y))
        return made

    def _lay(self, by: Any, start: Any) -> None:
        now_ns = self._watched.now_ns
        shift_ns = shift_given(by, start, self.views.begin_ns(), now_ns)
        self.views.lines.lay_by(shift_ns, overlay_line(by, start, shift_ns, now_ns))

    def table(self) -> ValueTable:
        """The live table of these tags, for many tags or texts; the same widget each time."""
        return self.views.table

    def mark(self, alarms: Marking, *, everything: bool = False) -> None:
        """Shows alarms on the trend from now on: their transitions as markers, their limits as lines.

        Only alarms of the watched tags (`Tank001.Level.Hi` belongs to `Tank001.Level`), or with `everything`
        all alarms of the review.
        """
        self.views.lines.mark(alarms.marks(lambda: self.tags, everything=everything))

    def snapshot(self) -> HTML:
        """A picture of the trend, or of the table of many tags, as it is now; it stays in the notebook."""
        return HTML(as_written(self.views.picture()))

    def record(
        self,
        folder: str | Path,
        *,
        keep_hours: float | None = None,
        keep_megabytes: float | None = None,
        plant: str | None = None,
        least_free: int = LEAST_FREE,
    ) -> Recorder:
        """Records these tags to a folder from now on: every value as it comes, and writes made meanwhile.

        Recorded values stay if this process ends in any way. A full disk makes a gap, which is shown, and
        does no other harm. Tags that you add later are recorded, too. It ends with the watch, or by `stop()`.
        `mxgw_notebook.open_recording(folder)` reads it, also while it grows.

        Args:
            folder: Made if it does not exist; any number of recorders may share it. Or the URL of a store
                (`s3://...`): it gets each hour when it is over, and the rest at the end.
            keep_hours: How long values are kept there. Default: for ever.
            keep_megabytes: How much is kept; the oldest values are deleted. Default: everything.
            plant: The plant's name in the folder. Default: the gateway's endpoint.
            least_free: This many megabytes stay free on the disk; below that nothing is recorded.

        Raises:
            ConfigurationError: The folder cannot be used for a recording.
        """
        if self._watched.recorders is None or self.stopped:
            raise ConfigurationError(
                "This watch has stopped", hint="Watch the tags again: gateway.watch(...)."
            )
        recorder = self._watched.recorders.begin(
            folder,
            lambda: self.subscriptions,
            [description_feed(lambda: self._watched.entries)],
            keep=Keep(keep_hours, keep_megabytes),
            plant=plant,
            least_free=least_free,
        )
        self._watched.call_when_stopped(recorder.stop)
        return recorder

    def save(self, file: str | Path) -> Path:
        """Writes the watch list to a `.toml` file for `gateway.watch("@file")`. Returns its path.

        The list has the tags and globs as you gave them, with those added and removed since, and how they are
        shown: as a table, or with which time span. It has no values: use `record` for these.

        Raises:
            ConfigurationError: A watch list cannot be written to that file.
        """
        return save_list(self.views.of_list(self._watched.asked), file)

    def stop(self) -> None:
        """Ends the watch: the values so far stay, the trend becomes a picture. A second call does nothing."""
        if not self.stopped:
            try:
                self._watched.stop()
            finally:  # a picture that fails leaves no tag advised
                self.runner.run(self._watched.release())

    def _ipython_display_(self) -> None:
        self.views.show()


@checks_arguments
def link(*watches: Watch) -> None:
    """Links the trends of these watches: each shows the time and the cursor of the others.

    `link(a, b)` links two on one page; `link(a)` unlinks one.

    Raises:
        ConfigurationError: No watch is given, or something that is not a watch.
    """
    hint = "Give what gateway.watch(...) answers: mx.link(levels, flows)."
    if not watches or not all(isinstance(watch, Watch) for watch in watches):
        raise ConfigurationError("Only watches can be linked", hint=hint)
    group = secrets.token_hex(4) if len(watches) > 1 else ""
    for watch in watches:
        watch.trend().group = group
