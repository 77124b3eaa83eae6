"""The tags of a watch: added, removed, described when they come and again after a deploy, released."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack

from mxgw_notebook.errors import ConfigurationError, GatewayError, TagError
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.notes import Notes
from mxgw_notebook.gateway.recorders import Recorders
from mxgw_notebook.gateway.tags.calculated import CalculatedPens
from mxgw_notebook.gateway.tags.calculated_past import CalculatedPast
from mxgw_notebook.gateway.tags.describing import MOST_LIMITED_TAGS, MOST_TAGS, read_descriptions
from mxgw_notebook.gateway.tags.watch_list import PenLine, WatchList
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
from mxgw_notebook.history import MemorySource, Past
from mxgw_notebook.live import Hub, Standing, Subscription
from mxgw_notebook.profiles import Profile
from mxgw_notebook.widgets import ValueWrites
from mxgw_notebook.words import Phase


class WatchedSet:
    """The tags of one watch, what is advised for them, and what is known of them.

    Made and changed on the loop thread; what it holds can be read on any, and `begin_to_...` called. A tag
    that was refused and has come is described in the background, once somebody has looked.
    """

    def __init__(
        self,
        hub: Hub,
        runner: Runner,
        entries: Sequence[WatchedTag],
        *,
        buffered_ms: int = 0,
        recorders: Recorders | None = None,
        asked: WatchList | None = None,
        profile: Profile | None = None,
        writes: ValueWrites | None = None,
        notes: Notes | None = None,
    ) -> None:
        self.hub, self.runner, self.buffered_ms = hub, runner, buffered_ms
        self.recorders, self.profile, self.writes, self.notes = recorders, profile, writes, notes
        self.asked = asked or WatchList(tuple(entry.tag for entry in entries))
        self.stopped = False
        self._stopped_ns = self._heard_ns = 0
        self._at_stop: list[Callable[[], None]] = []
        self._everything = list(entries)
        self.calculated = CalculatedPens(hub, buffered_ms, lambda: self.now_ns)
        self._lock = threading.Lock()
        self._present = self._not_refused()
        # A setpoint that is found while its tag is released would stay advised for ever, and so would a tag
        # that two add at once.
        self._changing = asyncio.Lock()
        self._loop = asyncio.get_running_loop()

    # -------------------------------------------------------------- what it holds

    @property
    def entries(self) -> list[WatchedTag]:
        """The tags in order, without those that the gateway refuses at present."""
        with self._lock:
            present = self._not_refused()
            if present != self._present:  # a tag that was refused may have come with a deploy
                self._present = present
                if self._late:
                    self.runner.start(self.describe_late())
        return list(present)

    @property
    def refused(self) -> list[WatchedTag]:
        """The tags that the gateway refuses at present."""
        return [entry for entry in self._everything if entry.subscription.failure]

    @property
    def everything(self) -> list[WatchedTag]:
        """All tags, the refused ones last, each once though it may come while one looks."""
        return list(dict.fromkeys([*self.entries, *self.refused]))

    @property
    def shown(self) -> list[WatchedTag]:
        """The tags and the pens that are calculated, as a trend draws them."""
        return [*self.entries, *self.calculated.look()]

    @property
    def standing(self) -> Standing:
        """How it stands: stopped, or as the values of its hub do."""
        return Standing(Phase.STOPPED) if self.stopped else self.hub.standing

    @property
    def status(self) -> str:
        """In words: that it has stopped, or how the connection is."""
        return str(self.standing)

    @property
    def now_ns(self) -> int:
        """The gateway's clock, or what it showed when this stopped."""
        return self._stopped_ns if self.stopped else self.hub.gateway_now

    @property
    def heard_ns(self) -> int:
        """The gateway's time of the newest event, until this stopped; 0 before one came."""
        return self._heard_ns if self.stopped else self.hub.heard_ns

    @property
    def past(self) -> Past:
        """What is known of its tags by time: from memory, and before that from what is recorded."""
        recorded = self.recorders.sources if self.recorders else []
        shown = self._memory(
            lambda: [entry.subscription for entry in (*self.everything, *self.calculated.look())]
        )
        if not self.calculated.pens:
            return Past([shown, *recorded])
        inputs = Past([self._memory(lambda: self.calculated.inputs), *recorded])
        return Past([shown, CalculatedPast(lambda: self.calculated.pens, inputs), *recorded])

    def _memory(self, subscriptions: Callable[[], Sequence[Subscription]]) -> MemorySource:
        return MemorySource(self.hub, subscriptions, now_ns=lambda: self.now_ns)

    def waits_for_late(self) -> bool:
        """Whether tags have come that are not described yet, and waiting for it holds up no loop."""
        return bool(self._late) and not self.stopped and running_loop() is not self._loop

    # -------------------------------------------------------------- its changes

    def begin_to_add(self, tag: str, done: Callable[[str | None], None]) -> None:
        """Begins to watch one more tag; `done` hears why it cannot, or None."""

        async def add() -> None:
            try:
                failures = await self.add([tag])
            except GatewayError as error:
                done(str(error))
            else:
                done(next((f"{tag}: {reason}" for tag, reason in failures.items()), None))

        self.runner.start(add())

    def begin_to_remove(self, tag: str) -> None:
        """Begins to watch a tag no more."""
        self.runner.start(self.remove([tag]))

    async def add(self, tags: Sequence[str], *, found: bool = False) -> dict[str, str]:
        """Watches those not watched yet; the reason of each that the gateway refuses.

        `found` are tags that what was asked for means anyway.

        Raises:
            GatewayError: It has stopped.
        """
        async with self._changing:
            if self.stopped:
                raise GatewayError("This watch has stopped", hint="Watch the tags again: gateway.watch(...).")
            known = {entry.tag for entry in self._everything}
            wanted = [tag for tag in dict.fromkeys(tags) if tag not in known]
            # Under the lock: two cells that add the same tag would each advise it, and removing it once would
            # leave it advised.
            subscriptions = await self.hub.subscribe(wanted, buffered_ms=self.buffered_ms)
            entries = await prepare_entries(self.hub, subscriptions)
            failures = {entry.tag: entry.subscription.failure for entry in entries}
            # Each `subscribe` counts a watcher; one that is refused has none here.
            await self._let_go([entry for entry in entries if failures[entry.tag]])
            self._everything = [*self.everything, *(entry for entry in entries if not failures[entry.tag])]
            if not found:
                self.asked = self.asked.having(tag for tag in tags if not failures.get(tag))
        return {tag: failure for tag, failure in failures.items() if failure}

    async def calculate(self, line: PenLine, *, waits: bool = False) -> None:
        """Adds a pen that is calculated; with `waits` also where one of its tags is refused yet.

        Raises:
            GatewayError: It has stopped, or its name is taken.
            TagError: The gateway refuses a tag.
        """
        async with self._changing:
            if self.stopped:
                raise GatewayError("This watch has stopped", hint="Watch the tags again: gateway.watch(...).")
            if line.name in {entry.tag for entry in (*self.everything, *self.shown)}:
                raise ConfigurationError(f"{line.name} is watched already", hint="Give the pen another name.")
            failures = await self.calculated.add(line.name, line.expression, line.units)
            if failures and not waits:
                await self.calculated.remove([line.name])
                raise TagError(failures)
            self.asked = self.asked.drawing(line)

    async def remove(self, tags: Sequence[str]) -> None:
        """Watches them no more."""
        async with self._changing:
            before, self.asked = self.everything, self.asked.lacking(tags)
            self._everything = [entry for entry in before if entry.tag not in tags]
            await self.calculated.remove(tags)
            await self._let_go([entry for entry in before if entry.tag in tags])

    async def describe_late(self) -> None:
        """Asks for tags that were refused at first, and have come."""
        async with self._changing:
            await self._describe(self._late)

    async def describe_again(self) -> None:
        """Asks for all that are there: there was a deploy."""
        async with self._changing:
            await self._describe(self.entries)

    # -------------------------------------------------------------- its end

    def call_when_stopped(self, call: Callable[[], None]) -> None:
        """Calls this once it stops, on the thread that stops it: a widget becomes a picture then."""
        self._at_stop.append(call)

    def stop(self) -> None:
        """Ends the watching; what is advised has to be released yet. Harmless twice, on any thread."""
        if not self.stopped:
            self._stopped_ns, self._heard_ns = self.hub.gateway_now, self.hub.heard_ns
            self.stopped = True
            with ExitStack() as ending:
                for call in reversed(self._at_stop):
                    ending.callback(call)

    async def release(self) -> None:
        """Lets go of everything, the watch having stopped."""
        async with self._changing:
            await self.calculated.remove()
            await self._let_go(self._everything)

    async def _let_go(self, entries: Sequence[WatchedTag]) -> None:
        """What is advised for them is not needed any more, their setpoints neither."""
        await self.hub.release([entry.tag for entry in entries], buffered_ms=self.buffered_ms)
        await self.hub.release([entry.setpoint.tag for entry in entries if entry.setpoint])

    async def end(self) -> None:
        """Stops and lets go."""
        if not self.stopped:
            try:
                self.stop()
            finally:
                await self.release()

    @property
    def _late(self) -> list[WatchedTag]:
        """The tags that were refused at first, are there now, and not described yet."""
        return [entry for entry in self._everything if not (entry.subscription.failure or entry.described)]

    def _not_refused(self) -> list[WatchedTag]:
        return [entry for entry in self._everything if not entry.subscription.failure]

    async def _describe(self, entries: Sequence[WatchedTag]) -> None:
        """Asks the plant. Of a tag of which it says nothing, what was known stays."""
        if self.stopped:
            return
        for start in range(0, min(len(entries), MOST_TAGS), MOST_LIMITED_TAGS):
            part = entries[start : start + MOST_LIMITED_TAGS]
            descriptions = await read_descriptions(self.hub, [entry.tag for entry in part])
            for entry in part:
                # A read that failed says nothing: units that are on the trend's axis must not vanish for it.
                if descriptions[entry.tag].is_known:
                    entry.description = descriptions[entry.tag]
        for entry in entries:
            # Also where nothing was found: it is not asked again at every look.
            entry.described = True
        with contextlib.suppress(GatewayError):  # values do without
            await advise_setpoints(self.hub, [entry for entry in entries if entry.setpoint is None])


async def prepare_entries(hub: Hub, subscriptions: Sequence[Subscription]) -> list[WatchedTag]:
    """What is watched, described; the setpoints of the tags are advised, too."""
    descriptions = await read_descriptions(hub, [found.tag for found in subscriptions])
    entries = [
        WatchedTag(found, descriptions[found.tag], described=not found.failure) for found in subscriptions
    ]
    await advise_setpoints(hub, entries)
    return entries


async def advise_setpoints(hub: Hub, entries: Iterable[WatchedTag]) -> None:
    """Watches the setpoint of each tag that has one."""
    having = [entry for entry in entries if entry.description.setpoint]
    if having:
        setpoints = await hub.subscribe([entry.description.setpoint or "" for entry in having])
        for entry, setpoint in zip(having, setpoints, strict=True):
            entry.setpoint = setpoint


def running_loop() -> asyncio.AbstractEventLoop | None:
    """The loop that runs on this thread, if one does."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
