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

    It has one session, opened when it is first needed, resumed or opened anew when it is lost, with every tag
    asked for again; waits between attempts double from half a second to half a minute. Buffers are bounded,
    and count what they lose. Nothing here blocks, and everything runs on the loop that connected.

    `client` and `galaxy` are the connected clients, for whatever is not here.

    Args:
        client: The gateway. Both clients are closed with the plant.
        galaxy: The same gateway's galaxy.
        name: What the gateway's own lists call the session.
        reader: Who reads events: a `thread`, a `process`, which nothing here can hold up, or `auto`, which
            takes a process above 200 tags or 500 events a second.
        kept: The newest samples kept of each tag until they are looked at.
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
        """A plant whose gateway has answered and takes the key.

        Args:
            endpoint: `host:port`, or several of one plant: whenever one is gone, the next takes its place.
            options: Ready options, in place of endpoint and settings.
            wait: Seconds to go on trying where the gateway is not there yet.
            name: As in Plant.
            reader: As in Plant.
            kept: As in Plant.
            **settings: The other fields of ClientOptions: `api_key`, `plaintext`, `ca_file` ...

        Raises:
            ConfigurationError: The options contradict each other, or one is not valid.
            GatewayUnavailableError: Nobody answers, or not as a gateway would.
            AuthenticationError: The key is not accepted.
        """
        chosen = ClientOptions.chosen(endpoint, options, settings)
        client, galaxy = await await_clients(chosen, wait)
        log.info("connected to %s", chosen.target, extra={"mxgw_gateway": chosen.target})
        return cls(client, galaxy, name=name, reader=reader, kept=kept)

    @property
    def gate(self) -> Gate:
        """What is asked before values are written; `gate.arm("why")` opens it for a time."""
        return self.client.gate

    # -------------------------------------------------------------- values

    def follow(self, tags: Sequence[str], *, every: float = 1.0, buffered: float | None = None) -> Following:
        """Updates of tags, one every so many seconds, also where nothing has come: see `Update`.

        Each tag's first sample is its present value. Then every value comes once, or lies in a gap that is
        told; a tag that the gateway refuses has its reason in `tags`, and its values once it comes. A gateway
        that is away, at the beginning too, is waited for. Whoever looks too seldom loses the oldest samples,
        and is told of them as a gap of that tag.

        Args:
            tags: Their names.
            every: Seconds between two updates. Each has all that came since the one before.
            buffered: For tags that change faster than the gateway tells by itself: seconds between two
                batches of it, in steps of 100 ms. Every value is in them.

        Raises:
            ConfigurationError: There is no tag, or an interval is not valid.
            AuthenticationError, PermissionDeniedError: While iterating, where no waiting helps.
        """
        self._check()
        buffered_ms = 0 if buffered is None else in_steps(seconds_given(buffered, "buffered") * 1000)
        following = Following(self.hub, tags, every, buffered_ms, self._ends)
        self._deploys.begin()
        self._rounds.add(following)
        return following

    async def read(self, tags: Sequence[str], *, timeout: float = READ_SECONDS) -> dict[str, Reading]:
        """The present value of each tag, by its name, within so many seconds.

        A tag that fails has its reason in `failure`. A gateway that is away is waited for as long.

        Raises:
            GatewayError: It is still away, refuses, or does not answer in time.
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
        """Writes values and waits for every outcome, so many seconds in all; what became of each, by tag.

        `outcome` is `completed`, `refused` (certainly not written, `failure` says why) or `unknown` (it may
        have been written: read the tag). Nothing is raised for a tag, and nothing is sent twice.

        Args:
            values: {tag: value}, a table with the columns `tag` and `value`, or pairs.
            timeout: Seconds for the whole.
            types: What tags take that do not tell it themselves, e.g. `Double`.
            **allowed: `allow_nonfinite` sends infinity and NaN, `allow_empty` None and empty arrays.

        Raises:
            NotArmedError: `gate` is not armed for them.
            GatewayError: Nothing was sent at all: the gateway is away.
        """
        self._check()
        wanted = values_by_tag(values)
        results = await self.hub.writer.write_many(wanted, timeout=timeout, types=types, **allowed)
        self.writes.update(result.outcome for result in results)
        return {result.tag: result for result in results}

    # -------------------------------------------------------------- alarms and deploys

    def alarms(self, prefix: str = "", *, every: float = 1.0) -> AlarmRounds:
        """Updates of alarms, one every so many seconds, also where nothing changed: see `AlarmUpdate`.

        The first has all that stand. What happened while the gateway was away is concluded from its next
        list, and told as such. `prefix` is the beginning of the references that are wanted.
        """
        self._check()
        rounds = AlarmRounds(self.client, prefix, every, self._ends)
        self._rounds.add(rounds)
        return rounds

    def deploys(self) -> Inbox[Deploy]:
        """The galaxy's deploys as they happen, the present state first: an async iterator.

        Raises AuthenticationError or PermissionDeniedError while iterating, where the key may not see them.
        """
        self._check()
        return self._deploys.read()

    # -------------------------------------------------------------- how it stands, and its end

    def status(self) -> PlantStatus:
        """How the plant does as of now. Nothing is asked of the gateway."""
        target = self.client.options.target
        return PlantStatus.of(self.hub, target, self._deploys.standing, self.writes)

    async def close(self) -> None:
        """Ends session, streams and both clients; who iterates has a last update. Harmless the second time.

        While an exception is on its way it takes about a second at the most, whatever the gateway does.
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
