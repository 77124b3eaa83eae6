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
from mxgw_notebook.gateway.tags.trend_lines import Marks
from mxgw_notebook.gateway.tags.watch_list import PenLine, is_range, name_given, save_list
from mxgw_notebook.gateway.tags.watch_tables import WatchTables
from mxgw_notebook.gateway.tags.watch_views import WatchViews
from mxgw_notebook.gateway.tags.watched_set import WatchedSet
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
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
    """Live tags. Displayed it is a trend, of more than 200 a table; `frame()` and `wide()` are values so far.

    A tag that the gateway refuses is tried again in the background, and joins the others once it is there.
    """

    def __init__(self, watched: WatchedSet) -> None:
        super().__init__(watched)
        self._views = WatchViews(watched, self.__repr__)
        self._views.as_table = watched.asked.table
        if watched.asked.window:
            self._views.window_seconds = stretch(watched.asked.window).total_seconds()
        self._views.scales |= {
            one.units: ChosenScale(one.low, one.high, one.log) for one in watched.asked.scales
        }
        watched.call_when_stopped(self._views.become_pictures)

    def __repr__(self) -> str:
        often = f", buffered {self._watched.buffered_ms} ms" if self._watched.buffered_ms else ""
        return f"<Watch of {named(self.tags)}{often}: {self._watched.status}>"

    @property
    def stopped(self) -> bool:
        """Whether the watching has ended."""
        return self._watched.stopped

    @property
    def tags(self) -> list[str]:
        """The tags that are watched, without those that fail at present."""
        return [entry.tag for entry in self._watched.entries]

    @property
    def failures(self) -> dict[str, str]:
        """Each tag that the gateway refuses at present, with the reason."""
        return {entry.tag: entry.subscription.failure for entry in self._watched.refused}

    @property
    def watched(self) -> WatchedSet:
        """Its tags, for what runs on the loop: nothing of it blocks."""
        return self._watched

    @property
    def subscriptions(self) -> list[Subscription]:
        """Those of all tags, also of the ones that fail at present."""
        return [entry.subscription for entry in self._watched.everything]

    @property
    def entries(self) -> list[WatchedTag]:
        """What is known of each tag that is watched, in order."""
        return self._watched.entries

    @blocking
    async def add(self, *tags: Any) -> None:
        """Watches further tags: names, lists or Series of them, or tables with a column `tag`.

        Raises:
            TagError: The gateway refuses one of them; the others are watched.
        """
        failures = await self._watched.add(tags_given(tags))
        if failures:
            raise TagError(failures)

    @blocking
    async def remove(self, *tags: Any) -> None:
        """Watches tags no more; their values so far go, too."""
        await self._watched.remove(tags_given(tags))

    def selection(self) -> pd.DataFrame:
        """The samples of the interval that was brushed in the trend (Shift and the mouse), as in `frame`."""
        return self._annotated(self.trend().selection())

    @blocking
    async def pen(self, name: str, expression: str, *, units: str = "") -> None:
        """Adds a pen that is calculated: `levels.pen("diff", "Tank001.Level - Tank002.Level")`.

        It is drawn, listed and in the tables as a tag of that name, with a value whenever one of its tags
        changes, the worst of their qualities, and none in a gap. `remove(name)` takes it away. What it is
        calculated from is advised, and shown only where it is watched as well.

        Args:
            name: What it is called.
            expression: Tags and numbers, joined as in a condition of `Gateway.when`: `+`, `-`, `*`, `/`
                between blanks, `abs`, `min`, `max`, comparisons. It is parsed, not run.
            units: Its engineering units; pens of the same units share an axis.

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

        `levels.scale("Tank001.Level", 0, 100)`; `levels.scale("Tank001.Level")` is automatic again. In the
        trend an axis can be dragged as well: in its middle to move it, at its ends to stretch it, and a
        double click makes it automatic.

        Args:
            of: A tag or a pen, or the units of an axis: all that has these units is drawn on it.
            low: The lower end.
            high: The upper end.
            log: Whether equal steps are equal factors. Values that are not positive have no place on it.

        Raises:
            ConfigurationError: Nothing here is measured so, or there is no such axis.
        """
        units = {entry.tag: entry.pen.units for entry in self._watched.shown}
        if of not in units and of not in units.values():
            raise ConfigurationError(f"{of!r} is no tag of this watch, and no unit of one", hint=SCALE_HINT)
        if not is_range(low, high, log):
            words = "from 0 up" if log else "upwards"
            raise ConfigurationError(f"No axis goes {words} from {low} to {high}", hint=SCALE_HINT)
        self._views.scales[units.get(of, of)] = ChosenScale(low, high, log)

    def trend(self) -> Trend:
        """The live trend of these tags, at most 200; the same widget each time."""
        return self._views.trend

    def show_table(self) -> None:
        """Displays the watch as a table instead of a trend from now on."""
        self._views.as_table = True

    def table(self) -> ValueTable:
        """The live table of these tags, for many of them or texts: the same widget each time."""
        return self._views.table

    def mark(self, alarms: Marking, *, everything: bool = False) -> None:
        """Shows alarms on the trend from now on: their transitions as markers, their limits as lines.

        Those of the watched tags (`Tank001.Level.Hi` is one of `Tank001.Level`), or with `everything` all
        that the review knows.
        """
        self._views.lines.mark(alarms.marks(lambda: self.tags, everything=everything))

    def snapshot(self) -> HTML:
        """The trend, or of many tags the table, as it is now: a picture that stays in the notebook."""
        return HTML(as_written(self._views.picture()))

    def record(
        self,
        folder: str | Path,
        *,
        keep_hours: float | None = None,
        keep_megabytes: float | None = None,
        plant: str | None = None,
        least_free: int = LEAST_FREE,
    ) -> Recorder:
        """Records these tags to a folder from now on: every value as it comes, and what is written meanwhile.

        What stands there outlives this process, however that ends; a full disk makes a gap that is told, and
        nothing else. Tags that are added later are recorded, too. It ends with the watch, or by `stop()`.
        `mxgw_notebook.open_recording(folder)` reads it, also while it goes on.

        Args:
            folder: Made where it is not there; any number of recorders may share it.
            keep_hours: How long values are kept there; for ever without it.
            keep_megabytes: How much of them, the oldest giving way; all without it.
            plant: The plant's name in the folder; where its gateway is reached without it.
            least_free: So many megabytes are left free on the disk; where fewer are, nothing is recorded.

        Raises:
            ConfigurationError: The folder cannot be recorded to.
        """
        if self._watched.recorders is None or self.stopped:
            raise ConfigurationError(
                "This watch has stopped", hint="Watch the tags anew: gateway.watch(...)."
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
        """Writes what is watched to a `.toml` file, which `gateway.watch("@file")` watches again. Its path.

        That is what was asked for, globs as globs, with what was added and removed since, and how it is
        shown: as a table, or with which time span. No values: `record` keeps these.

        Raises:
            ConfigurationError: A watch list cannot be written to that file.
        """
        return save_list(self._views.of_list(self._watched.asked), file)

    def stop(self) -> None:
        """Ends the watching: the values so far stay, the trend becomes a picture. Harmless twice."""
        if not self.stopped:
            try:
                self._watched.stop()
            finally:  # a picture that fails leaves no tag advised
                self.runner.run(self._watched.release())

    def _ipython_display_(self) -> None:
        self._views.show()


@checks_arguments
def link(*watches: Watch) -> None:
    """Has the trends of these watches move together: each shows the time and the cursor of the others.

    `link(a, b)` joins two of one page; `link(a)` takes one out again.

    Raises:
        ConfigurationError: None is given, or something else than watches.
    """
    hint = "Give what gateway.watch(...) answers: mx.link(levels, flows)."
    if not watches or not all(isinstance(watch, Watch) for watch in watches):
        raise ConfigurationError("Only watches can be linked", hint=hint)
    group = secrets.token_hex(4) if len(watches) > 1 else ""
    for watch in watches:
        watch.trend().group = group
