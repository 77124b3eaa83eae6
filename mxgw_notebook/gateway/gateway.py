"""The blocking facade: what a notebook holds after `connect`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from mxgw_notebook.analysis import AlarmReport
from mxgw_notebook.client import ClientOptions, GalaxyRepositoryClient, GatewayClient
from mxgw_notebook.errors import ConfigurationError, GatewayError, SessionClosedError, TagError, WriteError
from mxgw_notebook.frames import readings_frame
from mxgw_notebook.gateway.actions import ActionTrail
from mxgw_notebook.gateway.alarm_desk import AlarmDesk
from mxgw_notebook.gateway.alarm_filter import AlarmFilter
from mxgw_notebook.gateway.alarms import AlarmReview
from mxgw_notebook.gateway.blocking import Runner, blocking
from mxgw_notebook.gateway.browsing import LiveValues, SelectableTree
from mxgw_notebook.gateway.deploys import Deploys
from mxgw_notebook.gateway.event_watch import Act, EventWatch, Margins
from mxgw_notebook.gateway.explorer import Explorer, loaded_tree
from mxgw_notebook.gateway.model import GalaxyModel, RepositorySource
from mxgw_notebook.gateway.progress import LoadProgress
from mxgw_notebook.gateway.stream_facts import stream_facts
from mxgw_notebook.gateway.table_rows import tag_health
from mxgw_notebook.gateway.tree_browse import BrowseTree
from mxgw_notebook.gateway.watch import Watch, entries_of
from mxgw_notebook.live import Hub, ReaderKind
from mxgw_notebook.live.condition import parse
from mxgw_notebook.live.occasion import Lookout

READ_SECONDS = 5.0
WRITE_SECONDS = 10.0
# A galaxy of more objects is browsed level by level until something has it loaded.
LAZY_FROM = 20_000


class Gateway(Explorer):
    """A connected gateway. Made by `connect`; every method blocks until it has its answer.

    An interrupt (the stop button) ends any of them at once. All raise GatewayError, one line each.
    """

    def __init__(
        self,
        runner: Runner,
        client: GatewayClient,
        galaxy: GalaxyRepositoryClient,
        *,
        simulated: bool = False,
    ) -> None:
        self.runner = runner
        self.simulated = simulated
        self._client, self._galaxy = client, galaxy
        self._model = GalaxyModel(RepositorySource(galaxy), LoadProgress)
        self._hub = Hub(client, "mxgw_notebook")
        self._actions = ActionTrail()
        self._alarms = AlarmDesk(
            runner, client, self._hub, lambda tag: self._watching([tag]), self._actions.frame
        )
        self._live: list[Watch | AlarmReview | Deploys] = []
        self._closed = False

    def __repr__(self) -> str:
        kind = "simulated plant" if self.simulated else "gateway"
        return f"<Gateway {self.endpoint}: {kind}{', closed' if self._closed else ''}>"

    @property
    def endpoint(self) -> str:
        """host:port."""
        return self._client.options.target

    @property
    def options(self) -> ClientOptions:
        """How the gateway is reached; the key does not show."""
        return self._client.options

    # -------------------------------------------------------------- values

    @blocking
    async def read(
        self,
        *tags: str | Sequence[str],
        timeout: float = READ_SECONDS,
        errors: Literal["catalog", "raise"] = "catalog",
    ) -> pd.DataFrame:
        """The present values, one row a tag, in the order asked.

        Columns: `tag`, `value`, `quality`, `timestamp` (UTC), `quality_code`, `failure`.

        Args:
            tags: Tags, or lists of them.
            timeout: Seconds to wait for tags that answer slowly.
            errors: `catalog` puts the reason beside a tag that failed, `raise` raises for the first call with
                any. When all of them fail it is raised either way.

        Raises:
            TagError: See `errors`; lists each failed tag with its reason.
        """
        wanted = flattened(tags)
        self._check()
        readings = await self._hub.read(wanted, timeout=timeout)
        failures = {reading.tag: reading.failure for reading in readings if reading.failure}
        if failures and (errors == "raise" or len(failures) == len(set(wanted))):
            raise self._tag_error(failures)
        frame = readings_frame(readings)
        frame.attrs = {"endpoint": self.endpoint}
        return frame

    @blocking
    async def write(self, tag: str, value: Any, *, timeout: float = WRITE_SECONDS) -> pd.DataFrame:
        """Writes one value and waits until the plant has taken it; one row: `tag`, `written`, `outcome`.

        The value is converted to the attribute's type as the galaxy knows it.

        Raises:
            ConfigurationError: The value cannot be of the attribute's type.
            TagError: No such tag.
            WriteError: The plant refused it, e.g. a secured attribute (1012) or a verified one (1013).
        """
        self._check()
        attribute = await self._model.attribute(tag)
        with self._actions.recording(tag, value, attribute.get("object")) as action:
            try:
                statuses = await self._hub.write(
                    tag, value, data_type=attribute.get("data_type"), timeout=timeout
                )
            except TagError as error:
                raise self._tag_error(error.failures) from None
            except WriteError as error:
                if attribute and not error.hint:
                    error.hint = f"The attribute's security classification is {attribute['security']}."
                raise
            remarks = [str(status) for status in statuses if status.category not in ("OK", "UNSPECIFIED")]
            action.outcome = "; ".join(remarks) or "completed"
        return pd.DataFrame({"tag": [tag], "written": [value], "outcome": [action.outcome]})

    def actions(self) -> pd.DataFrame:
        """Every write made from here, one row each as its outcome came; the newest 10,000 are kept.

        Columns: `time` (UTC, this machine's clock, when it was asked for), `tag`, `object`, `value`,
        `operator` (the user's own name), `taken` (bool: the plant has confirmed it), `outcome` (`completed`,
        or the reason why not). `attrs["dropped"]` counts those no longer kept. `alarm_report` and
        `acknowledged_without_action` take it as `actions`; `AlarmReview.report` does so by itself.
        """
        return self._actions.frame()

    @blocking
    async def watch(self, *tags: str | Sequence[str]) -> Watch:
        """Live tags: a trend when displayed, DataFrames by `frame()` and `wide()`. Returns at once.

        Tags that fail stand in the result's `failures`.

        Raises:
            TagError: Every tag failed.
        """
        return await self._watching(flattened(tags))

    async def _watching(self, tags: Sequence[str]) -> Watch:
        wanted = list(dict.fromkeys(tags))
        self._check()
        subscriptions = await self._hub.subscribe(wanted)
        failures = {found.tag: found.failure for found in subscriptions if found.failure}
        if len(failures) == len(wanted):
            await self._hub.release(wanted)
            raise self._tag_error(failures)
        watch = Watch(self.runner, self._hub, await entries_of(self._hub, subscriptions))
        self._live = [*self._still_live(), watch]
        return watch

    def when(
        self,
        condition: str,
        *,
        before: str | float = "10s",
        after: str | float = "10s",
        act: Act | None = None,
    ) -> EventWatch:
        """Collects the times that a condition held, as `frame()` and `samples(event)`; returns at once.

        Args:
            condition: Comparisons of tags joined by `and`, `or`, `not`, and how long they have to hold:
                `Tank001.Level > 80 and Pump001.Running for 5s`. It is parsed, not run.
            before: What is kept before an event, as text or seconds; 0 for nothing.
            after: What is kept after it.
            act: Called with the watch and the event as each begins, on the loop thread: it must not block.

        Raises:
            ConfigurationError: The condition cannot be read.
            TagError: The gateway knows none of its tags.
        """
        parsed, margins = parse(condition), Margins.of(before, after)
        watch = self.watch(list(parsed.tags))
        lookout = Lookout(parsed, [entry.subscription for entry in watch.entries])
        return EventWatch(watch, self._hub, lookout, margins, act)

    # -------------------------------------------------------------- alarms

    def alarms(
        self,
        prefix: str = "",
        *,
        area: str = "",
        min_severity: int | None = None,
        state: str = "",
        text: str = "",
        operator: str | None = None,
    ) -> AlarmReview:
        """Live alarms: a table when displayed, DataFrames by `frame()`, `history()` and `episodes()`.

        Args:
            prefix: Only alarms whose reference begins with this; the gateway sends no others.
            area: A glob or a part of the area's name.
            min_severity: The least urgent to be shown: 500 lets 1, the most urgent, to 500 through.
            state: Only unacknowledged, acknowledged or cleared (unacknowledged) alarms.
            text: Words that all stand in reference, description, operator or comment.
            operator: The name that acknowledgements carry; the user's own by default.

        Raises:
            ConfigurationError: There is no such state or severity.
        """
        self._check()
        review = self._alarms.review(prefix, AlarmFilter(area, min_severity, state, text), operator)
        self._live = [*self._still_live(), review]
        return review

    @blocking
    async def acknowledge(
        self, *references: str, comment: str = "", operator: str | None = None
    ) -> pd.DataFrame:
        """Acknowledges alarms by reference, or by glob over the active ones; one row each with its `result`.

        Columns: `reference`, `result` (`acknowledged`, or the reason why not), `acknowledged` (bool).

        Raises:
            ConfigurationError: No reference given, or a glob that matches nothing.
            CallError: It was one alarm, and it failed.
        """
        self._check()
        return await self._alarms.acknowledge(references, comment=comment, operator=operator)

    def alarm_report(self, **settings: Any) -> AlarmReport:
        """The report of the newest review; see `AlarmReview.report`.

        Raises:
            ConfigurationError: There was none.
        """
        return self._alarms.newest().report(**settings)

    def audit(self, file: str | Path | None = None) -> pd.DataFrame:
        """Every acknowledge made from here, by call, magic or table, one row each as its outcome came.

        Columns: `time` (UTC), `reference`, `operator`, `comment`, `acknowledged` (bool), `result`, `asked_by`
        (call or table). With `file` each further one is appended to that CSV as well.
        """
        return self._alarms.audit(file)

    # -------------------------------------------------------------- the gateway itself

    def deploys(self) -> Deploys:
        """Follows deploys: a live line when displayed, DataFrames by `frame()` and `changes()`.

        After each the cached galaxy is loaded again, and watched tags that had failed are tried again.
        """
        self._check()
        deploys = Deploys(self.runner, self._galaxy, self._model, self._hub.deployed)
        self._live = [*self._still_live(), deploys]
        return deploys

    @blocking
    async def status(self) -> pd.DataFrame:
        """How things stand, one row a fact, in the column `value`. Answers also while the gateway is away."""
        self._check()
        options = self._client.options
        facts = {
            "gateway": options.target,
            "plant": "simulated" if self.simulated else "real",
            "transport": "plaintext" if options.plaintext else "TLS",
            **await self._galaxy_facts(),
            "live values": self._hub.status,
            "tags watched": len({entry.tag for watch in self._watches() for entry in watch.entries}),
            **stream_facts(self._hub),
        }
        return pd.DataFrame({"value": pd.Series(facts, dtype=object)}).rename_axis("fact")

    async def _galaxy_facts(self) -> dict[str, str]:
        try:
            reachable = await self._galaxy.test_connection()
            deployed = await self._galaxy.get_last_deploy_time()
        except GatewayError as error:
            return {"galaxy database": f"not known: {error.reason}", "last deploy": "not known"}
        return {
            "galaxy database": "reachable" if reachable else "not reachable",
            "last deploy": f"{deployed:%Y-%m-%d %H:%M:%S} UTC" if deployed else "never",
        }

    @blocking
    async def read_by(self, kind: ReaderKind) -> None:
        """Says who reads live events: a `thread`, a `process`, which no cell can hold up, or `auto`.

        `auto`, the default, changes to a process above 200 tags or 500 events a second.
        """
        self._check()
        await self._hub.read_by(kind)

    def tag_health(self) -> pd.DataFrame:
        """One row a watched tag: how often it changes, when last, what is kept of it. See `Watch.health`."""
        frames = [watch.health() for watch in self._watches()]
        return pd.concat(frames, ignore_index=True).drop_duplicates("tag") if frames else tag_health([])

    @blocking
    async def object_count(self) -> int:
        """How many objects the key shows of the galaxy."""
        self._check()
        return await self._galaxy.object_count()

    def close(self) -> None:
        """Ends every watch, stream and session; widgets become pictures. Harmless the second time."""
        if self._closed:
            return
        self._closed = True
        self._end()
        for live in self._still_live():
            live.stop()

    @blocking
    async def _end(self) -> None:
        await self._alarms.close()
        await self._hub.close()
        await self._client.close()
        await self._galaxy.close()

    # -------------------------------------------------------------- beneath

    def _still_live(self) -> list[Watch | AlarmReview | Deploys]:
        return [live for live in self._live if not live.stopped]

    def _check_model(self) -> None:
        self._check()

    @blocking
    async def _tree(self, root: str, lazy: bool | None) -> SelectableTree:
        if lazy is None:
            lazy = self._model.known is None and await self._galaxy.object_count() > LAZY_FROM
        return BrowseTree(self._galaxy, root) if lazy else await loaded_tree(self._model, root)

    def _live_values(self) -> LiveValues | None:
        return LiveValues(self._hub.read, self._watching)

    def _watches(self) -> list[Watch]:
        return [live for live in self._still_live() if isinstance(live, Watch)]

    def _check(self) -> None:
        if self._closed:
            raise SessionClosedError(
                f"The connection to {self.endpoint} is closed", hint="Connect again: %mxgw connect."
            )

    def _tag_error(self, failures: dict[str, str]) -> TagError:
        """The error of failed tags, with tags spelt alike where the galaxy is known."""
        near = [name for tag in islice(failures, 3) for name in self._model.similar(tag)]
        return TagError(failures, hint=f"Did you mean {', '.join(near[:3])}?" if near else None)


def flattened(tags: Sequence[str | Sequence[str]]) -> list[str]:
    """One list of tags from tags and lists of them, in order."""
    wanted = [tag for entry in tags for tag in ([entry] if isinstance(entry, str) else entry)]
    if not wanted:
        raise ConfigurationError("No tag given", hint="Name one or more, e.g. Pump001.Speed.")
    if not all(isinstance(tag, str) and tag.strip() for tag in wanted):
        raise GatewayError(f"{wanted!r} are not all tags", hint="A tag is a text such as Pump001.Speed.")
    return wanted
