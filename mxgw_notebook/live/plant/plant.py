"""A plant for programs that run for long: values, alarms and deploys, whatever becomes of its gateway."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self, Unpack
from weakref import WeakSet

from mxgw_notebook.client import (
    Allowed,
    ClientOptions,
    ClientSettings,
    GalaxyRepositoryClient,
    Gate,
    GatewayClient,
    Inbox,
    LooseEnds,
    Reading,
    ValueType,
    Written,
    checks_all_arguments,
    close_each,
    hide,
    on_its_way,
    seconds_given,
    values_by_tag,
)
from mxgw_notebook.errors import GatewayError, GatewayUnavailableError, SessionClosedError
from mxgw_notebook.live.buffering import in_steps
from mxgw_notebook.live.deploys import Deploy
from mxgw_notebook.live.hub import Hub
from mxgw_notebook.live.plant.alarm_rounds import AlarmRounds
from mxgw_notebook.live.plant.connecting import await_clients
from mxgw_notebook.live.plant.deploy_news import DeployNews
from mxgw_notebook.live.plant.following import Following
from mxgw_notebook.live.plant.metrics import forget, measure
from mxgw_notebook.live.plant.rounds import Rounds
from mxgw_notebook.live.plant.status import PlantStatus
from mxgw_notebook.live.samples import CAPACITY
from mxgw_notebook.live.session import ReaderKind
from mxgw_notebook.words import Phase

log = logging.getLogger(__name__)

READ_SECONDS = 5.0
WRITE_SECONDS = 10.0
LOOK_SECONDS = 0.2
# How long closing takes while an exception, a cancellation say, is on its way out. A gateway that is there
# answers in less, and whoever stops a service does not wait for one that is not.
HURRIED_SECONDS = 0.75


@checks_all_arguments
class Plant:
    """A gateway's plant: `async with await Plant.connect(...) as plant`.

    It has one session, opened when it is first needed. A lost session is resumed, or opened again with all
    its tags; the waits between attempts double from half a second to half a minute. Buffers are limited, and
    count what they drop. Nothing here blocks, and everything runs on the loop that connected.

    `client` and `galaxy` are the connected clients, for everything else.

    Args:
        client: The gateway. Both clients are closed with the plant.
        galaxy: The same gateway's galaxy.
        name: The session's name in the gateway's own lists.
        reader: Who reads events: a `thread`, a `process` (nothing here can delay it), or `auto`, which uses a
            process above 200 tags or 500 events a second.
        kept: How many of the newest samples of each tag are kept until you take them.
    """

    def __init__(
        self,
        client: GatewayClient,
        galaxy: GalaxyRepositoryClient,
        *,
        name: str = "mxgw_notebook",
        reader: ReaderKind = "auto",
        kept: int = CAPACITY,
    ) -> None:
        self.client, self.galaxy, self.name = client, galaxy, name
        self.hub = Hub(client, name, reader=reader, kept=kept)
        self.writes: Counter[str] = Counter()
        self._deploys = DeployNews(galaxy, self.hub.on_deployed)
        self._rounds: WeakSet[Rounds[Any]] = WeakSet()
        self._ends = LooseEnds()
        self._closed = False
        measure(self)

    def __repr__(self) -> str:
        return f"<Plant {self.client.options.target}: {self.hub.status}>"

    @classmethod
    async def connect(
        cls,
        endpoint: str | Sequence[str] | None = None,
        *,
        options: ClientOptions | None = None,
        wait: float = 0.0,
        name: str = "mxgw_notebook",
        reader: ReaderKind = "auto",
        kept: int = CAPACITY,
        **settings: Unpack[ClientSettings],
    ) -> Plant:
        """Returns a plant whose gateway has answered and accepts the key.

        Args:
            endpoint: `host:port`, or several of one plant: if one is lost, the next takes its place.
            options: Ready options, instead of an endpoint and settings.
            wait: Seconds to try again if there is no gateway yet.
            name: As in Plant.
            reader: As in Plant.
            kept: As in Plant.
            **settings: The other fields of ClientOptions: `api_key`, `plaintext`, `ca_file` ...

        Raises:
            ConfigurationError: The options contradict each other, or one is not valid.
            GatewayUnavailableError: Nobody answers, or what answers is not a gateway.
            AuthenticationError: The gateway does not accept the key.
        """
        chosen = ClientOptions.chosen(endpoint, options, hide(settings))  # the very dict: tracebacks show it
        client, galaxy = await await_clients(chosen, wait)
        log.info("connected to %s", chosen.target, extra={"mxgw_gateway": chosen.target})
        return cls(client, galaxy, name=name, reader=reader, kept=kept)

    @property
    def gate(self) -> Gate:
        """Checks every write of values; `gate.arm("why")` opens it for a limited time."""
        return self.client.gate

    # -------------------------------------------------------------- values

    def follow(self, tags: Sequence[str], *, every: float = 1.0, buffered: float | None = None) -> Following:
        """Updates of tags at this interval in seconds, also if nothing has come: see `Update`.

        Each tag's first sample is its present value. Then every value comes once, or is in a gap that you
        receive. If the gateway refuses a tag, the reason is in `tags`; its values follow when the tag works.
        If there is no gateway, also at the beginning, this waits. If you take updates too slowly, you lose
        the oldest samples, and get a gap of that tag.

        Args:
            tags: Their names.
            every: Seconds between two updates. Each has everything that came since the one before.
            buffered: For tags that change very fast: seconds between two batches, in steps of 100 ms. Batches
                have every value.

        Raises:
            ConfigurationError: There is no tag, or an interval is not valid.
            AuthenticationError, PermissionDeniedError: While iterating, if waiting cannot help.
        """
        self._check()
        buffered_ms = 0 if buffered is None else in_steps(seconds_given(buffered, "buffered") * 1000)
        following = Following(self.hub, tags, every, buffered_ms, self._ends)
        self._deploys.begin()
        self._rounds.add(following)
        return following

    async def read(self, tags: Sequence[str], *, timeout: float = READ_SECONDS) -> dict[str, Reading]:
        """The present value of each tag, by its name, within `timeout` seconds.

        A failed tag has its reason in `failure`. If there is no gateway, this waits that long.

        Raises:
            GatewayError: There is still no gateway, or it refuses, or it does not answer in time.
        """
        self._check()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        wanted = list(dict.fromkeys(tags))
        while True:
            left = deadline - loop.time()
            try:
                async with asyncio.timeout_at(deadline + LOOK_SECONDS):
                    readings = await self.hub.read(wanted, timeout=max(0.0, left))
            except TimeoutError:
                raise GatewayError(f"No answer to the read came within {timeout:g} s") from None
            except GatewayError as error:
                if left <= LOOK_SECONDS or not self._may_come_back(error):
                    raise
                await asyncio.sleep(LOOK_SECONDS)
            else:
                return {reading.tag: reading for reading in readings}

    async def write(
        self,
        values: Any,
        *,
        timeout: float = WRITE_SECONDS,
        types: Mapping[str, str | ValueType] | None = None,
        **allowed: Unpack[Allowed],
    ) -> dict[str, Written]:
        """Writes values and waits for every outcome; returns the result of each, by tag.

        `outcome` is `completed`, `refused` (certainly not written, `failure` says why) or `unknown` (it may
        have been written: read the tag). A single tag raises no error, and nothing is sent twice.

        Args:
            values: {tag: value}, a table with the columns `tag` and `value`, or pairs.
            timeout: Seconds for everything.
            types: The types of tags that do not show theirs, e.g. `Double`.
            **allowed: `allow_nonfinite` sends infinity and NaN, `allow_empty` None and empty arrays.

        Raises:
            NotArmedError: `gate` is not armed for these tags.
            GatewayError: Nothing was sent at all: there is no gateway.
        """
        self._check()
        wanted = values_by_tag(values)
        results = await self.hub.writer.write_many(wanted, timeout=timeout, types=types, **allowed)
        self.writes.update(result.outcome for result in results)
        return {result.tag: result for result in results}

    # -------------------------------------------------------------- alarms and deploys

    def alarms(self, prefix: str = "", *, every: float = 1.0) -> AlarmRounds:
        """Updates of alarms at this interval in seconds, also if nothing changed: see `AlarmUpdate`.

        The first has all alarms that stand. Changes during an outage are concluded from the gateway's next
        list, and marked. `prefix` is the beginning of the wanted references.
        """
        self._check()
        rounds = AlarmRounds(self.client, prefix, every, self._ends)
        self._rounds.add(rounds)
        return rounds

    def deploys(self) -> Inbox[Deploy]:
        """The galaxy's deploys as they happen, the present state first: an async iterator.

        Raises AuthenticationError or PermissionDeniedError while iterating, if the key may not see them.
        """
        self._check()
        return self._deploys.read()

    # -------------------------------------------------------------- how it stands, and its end

    def status(self) -> PlantStatus:
        """The plant's status now. Sends nothing to the gateway."""
        target = self.client.options.target
        return PlantStatus.of(self.hub, target, self._deploys.standing, self.writes)

    async def close(self) -> None:
        """Ends session, streams and both clients; iterators get a last update. A second call does nothing.

        While an exception is raised, it takes at most about a second, whatever the gateway does.
        """
        await self._close(on_its_way())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close(error or on_its_way())

    # -------------------------------------------------------------- beneath

    async def _close(self, error: BaseException | None) -> None:
        if self._closed:
            return
        self._closed = True
        forget(self)
        closing = asyncio.ensure_future(self._end())
        try:
            await asyncio.wait({closing}, timeout=None if error is None else HURRIED_SECONDS)
        finally:
            if not closing.done():
                closing.cancel()  # what is left is ended here, without the gateway
                await asyncio.wait({closing}, timeout=HURRIED_SECONDS)
        if error is None:
            closing.result()
        elif closing.cancelled() or closing.exception() is not None:
            error.add_note(f"{self!r} was not closed at the gateway")

    async def _end(self) -> None:
        try:
            await close_each(
                self._deploys.close, self.hub.close, self._end_rounds, self.client.close, self.galaxy.close
            )
        finally:
            log.info("closed", extra={"mxgw_gateway": self.client.options.target})

    async def _end_rounds(self) -> None:
        for rounds in list(self._rounds):
            rounds.end()
        await self._ends.end(hurried=True)

    def _may_come_back(self, error: GatewayError) -> bool:
        away = (Phase.CONNECTING, Phase.RECONNECTING, Phase.FAILING)
        return isinstance(error, GatewayUnavailableError) or self.hub.standing.phase in away

    def _check(self) -> None:
        if self._closed:
            raise SessionClosedError(f"The plant at {self.client.options.target} is closed")
