"""Deploys that are followed: what a notebook holds after `gateway.deploys()`."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from datetime import datetime
from html import escape

import numpy as np
import pandas as pd
from IPython.core.getipython import get_ipython
from IPython.display import DisplayHandle

from mxgw_notebook.analysis import Snapshot, diff
from mxgw_notebook.client import GalaxyRepositoryClient
from mxgw_notebook.frames import galaxy_frames, gives_tables, utc
from mxgw_notebook.gateway.blocking import Runner, blocking
from mxgw_notebook.gateway.model import Galaxy, GalaxyModel
from mxgw_notebook.live import Deploy, DeployFeed
from mxgw_notebook.svg import as_written
from mxgw_notebook.words import counted

NOTHING = Snapshot(*galaxy_frames([]))
UNSEEN = (
    diff(NOTHING, NOTHING)
    .reindex([0], fill_value="")
    .assign(change="unknown", kind="galaxy", what="deployed while the galaxy was loaded for the first time")
)
# A cell that is run again shows the same line again; more places than these nobody looks at.
MOST_SHOWN = 8
MOST_CHANGES = 1_000_000
# How soon a line that is shown says that no deploys come any more.
LOOK_SECONDS = 1.0


@gives_tables
class Deploys:
    """Deploys as they happen. In a notebook it shows as a line that follows them.

    `loaded` is called after each deploy on the loop thread, when the new galaxy is in the cache.
    """

    def __init__(
        self,
        runner: Runner,
        client: GalaxyRepositoryClient,
        model: GalaxyModel,
        loaded: Callable[[], None],
    ) -> None:
        self.runner = runner
        self.feed = DeployFeed(client, self._compare)
        self.stopped = False
        self._model, self._loaded = model, loaded
        self._before: Galaxy | None = None
        self._changes: deque[pd.DataFrame] = deque()
        self._dropped = 0
        self._handles: list[DisplayHandle] = []
        self._drawn = ""
        self._cancel = runner.every(LOOK_SECONDS, self._look)
        self._following = self._start()

    def __repr__(self) -> str:
        return f"<Deploys: {self.line()}>"

    def frame(self) -> pd.DataFrame:
        """The deploys so far, one row each, the oldest first; the first row is the state at the beginning.

        Columns: `sequence` (begins again when the gateway restarts), `observed` and `deployed`
        (datetime64[ns, UTC]), `objects` and `attributes` (how many the galaxy then had).
        """
        kept = list(self.feed.deploys)
        return pd.DataFrame(
            {
                "sequence": np.array([one.sequence for one in kept], dtype=np.int64),
                "observed": utc([nanoseconds(one.observed) for one in kept]),
                "deployed": utc([nanoseconds(one.deployed) for one in kept]),
                "objects": np.array([one.objects for one in kept], dtype=np.int64),
                "attributes": np.array([one.attributes for one in kept], dtype=np.int64),
            }
        )

    def changes(self) -> pd.DataFrame:
        """What the deploys changed, one row per change, as `analysis.galaxy.diff`, with a column `deployed`.

        If a deploy came while the galaxy was loaded for the first time, it has one row with the change
        unknown: nobody has seen the galaxy before it. The newest million rows are kept; `attrs["dropped"]`
        counts the others.
        """
        found = [diff(NOTHING, NOTHING).assign(deployed=utc([])), *self._changes]
        frame = pd.concat(found, ignore_index=True) if len(found) > 1 else found[0]
        frame.attrs["dropped"] = self._dropped
        return frame

    def line(self) -> str:
        """The status in one line."""
        if not self.feed.deploys:
            return f"no deploy seen yet ({self.feed.status})"
        last, seen = self.feed.deploys[-1], len(self.feed.deploys) - 1
        when = deploy_words(last.deployed, never=last.never)
        state = "stopped" if self.stopped else self.feed.status
        newest = (
            f"last deploy {when}: {counted(last.objects, 'object')}, {counted(last.attributes, 'attribute')}"
        )
        missed = f", {self.feed.missed} more missed" if self.feed.missed else ""
        return f"{newest}; {seen} since we look{missed}{self._last_changes()} ({state})"

    def stop(self) -> None:
        """Ends the following; the deploys so far stay. A second call does nothing."""
        if not self.stopped:
            self.stopped = True
            self._cancel()
            self._finish()
            self.redraw()

    def redraw(self) -> None:
        """Updates the displayed lines."""
        self._drawn = self.line()
        for handle in self._handles:
            handle.update(self._bundle(), raw=True)

    def _look(self) -> None:
        """What is shown does not say that all is well when the feed has broken."""
        if self._handles and self.line() != self._drawn:
            self.redraw()

    @blocking
    async def _start(self) -> asyncio.Task[None]:
        return asyncio.create_task(self.feed.follow())

    @blocking
    async def _finish(self) -> None:
        self._following.cancel()
        await asyncio.gather(self._following, return_exceptions=True)

    async def _compare(self, deploy: Deploy) -> None:
        """After each deploy: the galaxy is loaded again, compared with what it was, and shown."""
        self.redraw()
        # By a time that is not known no cache can tell that it is old.
        nameless = deploy.deployed is None and not deploy.never and len(self.feed.deploys) > 1
        # What was compared last comes first: `known` may be the new one, loaded for another question.
        before, after = self._before or self._model.known, await self._model.load(again=nameless)
        self._before = after
        if len(self.feed.deploys) > 1:
            found = await find_changes(before, after)
            stamp = nanoseconds(deploy.deployed or deploy.observed)
            self._keep(found.assign(deployed=utc([stamp] * len(found))))
        self._loaded()
        self.redraw()

    def _keep(self, found: pd.DataFrame) -> None:
        """What a deploy changed; the oldest gives way where it is too much."""
        self._changes.append(found)
        # A deploy of a large galaxy may change all of its attributes, and a notebook runs for weeks.
        while len(self._changes) > 1 and sum(map(len, self._changes)) > MOST_CHANGES:
            self._dropped += len(self._changes.popleft())

    def _last_changes(self) -> str:
        if not self._changes:
            return ""
        last = self._changes[-1]
        counts = Counter(zip(last["kind"], last["change"], strict=True))
        if "unknown" in set(last["change"]):
            return ", what the last changed is not known"
        words = [f"{n} {kind}{'s' if n > 1 else ''} {change}" for (kind, change), n in counts.items()]
        return f", the last: {', '.join(words) or 'nothing changed'}"

    def _bundle(self) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": as_written(f"Deploys: {escape(self.line())}")}

    def _ipython_display_(self) -> None:
        handle = DisplayHandle()
        handle.display(self._bundle(), raw=True)
        # On a terminal nothing is brought up to date: each change would be a further line.
        if hasattr(get_ipython(), "kernel"):
            self._handles.append(handle)
        for old in self._handles[:-MOST_SHOWN]:
            old.update({"text/plain": "Deploys: shown again further on"}, raw=True)
        del self._handles[:-MOST_SHOWN]


def nanoseconds(time: datetime | None) -> int:
    """A time since 1970 UTC; 0 where it is not known."""
    return pd.Timestamp(time).as_unit("ns").value if time else 0


def deploy_words(deployed: datetime | None, *, never: bool) -> str:
    """When something was last deployed, for a person."""
    if deployed is None:
        return "never" if never else "at a time not known"
    return f"{deployed:%Y-%m-%d %H:%M:%S} UTC"


def tables(galaxy: Galaxy) -> Snapshot:
    """A loaded galaxy as what can be compared."""
    return Snapshot(galaxy.objects, galaxy.attributes)


async def find_changes(before: Galaxy | None, after: Galaxy) -> pd.DataFrame:
    """What a deploy changed; one row that says so where the galaxy of before was never seen."""
    if before is None or before is after:
        return UNSEEN
    # Comparing a large galaxy takes its time, and live values are taken in on this loop.
    return await asyncio.to_thread(diff, tables(before), tables(after))
