"""The services of `examples`, each with who stands at its other end, and what it has to have told."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY
from tests.examples.far_ends import Postbox, Receiver, got
from tests.examples.sites import TAGS, NumberedSite, PlantSite
from tests.live.chaos_gateway import ChaosGateway
from tests.until import until

# Until a program has started on a busy machine, or has waited between two attempts.
SECONDS = 60.0
LASTING = 2**63
Gaps = list[tuple[int, int]]


class Service(ABC):
    """One of them, at a site."""

    arguments: tuple[object, ...]
    variables: dict[str, str] = {}  # noqa: RUF012

    @abstractmethod
    async def works(self) -> None:
        """Returns once it tells of the plant."""

    async def notices(self) -> None:  # noqa: B027  # not all have a word for it
        """Returns once it says that the plant is away."""

    @abstractmethod
    async def change(self) -> None:
        """Something happens at the plant that it has to tell of."""

    @abstractmethod
    async def tells(self) -> None:
        """Returns once it has told of that."""

    def check(self) -> None:  # noqa: B027  # of pages that show the newest value nothing is counted
        """Nothing was lost unmarked, and nothing came twice."""


class NumberService(Service):
    """It tells of every change, or marks that it may be missing."""

    def __init__(self, site: NumberedSite) -> None:
        self._gateway, self._until = site.gateway, 0

    @property
    @abstractmethod
    def numbers(self) -> list[int]:
        """The changes that it has told."""

    @property
    @abstractmethod
    def gaps(self) -> Gaps:
        """When it says that some may be missing."""

    async def works(self) -> None:
        await until(lambda: self.numbers, SECONDS)

    async def notices(self) -> None:
        await until(lambda: any(end == LASTING for _, end in self.gaps), SECONDS)

    async def change(self) -> None:
        self._until = len(self._gateway.sent) + 20
        await until(lambda: len(self._gateway.sent) > self._until)

    async def tells(self) -> None:
        await until(lambda: max(self.numbers) > self._until, SECONDS)

    def check(self) -> None:
        assert len(set(self.numbers)) == len(self.numbers)
        assert lost(self._gateway, self.numbers, self.gaps) == []


def lost(gateway: ChaosGateway, numbers: list[int], gaps: Gaps) -> list[int]:
    """Changes between the first and the last that came, which neither came nor lie in a gap."""
    known = set(numbers)
    return [
        number
        for number, at in gateway.sent[min(numbers) - 1 : max(numbers)]
        if number not in known and not any(start <= at <= end for start, end in gaps)
    ]


class Polled(NumberService):
    """Files of values and gaps."""

    variables = {"FILE_SECONDS": "0.3"}  # noqa: RUF012

    def __init__(self, site: NumberedSite, folder: Path) -> None:
        super().__init__(site)
        self._folder, self._read = folder, dict[Path, list[int]]()
        self.arguments = (folder, *TAGS)

    @property
    def numbers(self) -> list[int]:
        for file in self._folder.glob("values-*.parquet"):
            if file not in self._read:
                self._read[file] = [
                    int(number) for number in pq.read_table(file).column("number").to_pylist()
                ]
        return [number for file in sorted(self._read) for number in self._read[file]]

    @property
    def gaps(self) -> Gaps:
        rows = [
            row for file in self._folder.glob("gaps-*.parquet") for row in pq.read_table(file).to_pylist()
        ]
        found = [(row["start"], row["end"]) for row in rows if not row["filled"]]
        return [(start.value, end.value if end else LASTING) for start, end in found]

    def check(self) -> None:
        super().check()
        assert not list(self._folder.glob(".*"))


class Forwarded(NumberService):
    """Lines to another program."""

    def __init__(self, site: NumberedSite, receiver: Receiver, port: int) -> None:
        super().__init__(site)
        self.receiver, self.arguments = receiver, (f"127.0.0.1:{port}", *TAGS)

    @property
    def numbers(self) -> list[int]:
        lines = self.receiver.lines
        return [int(lines[n]["value"]) for n in sorted(lines) if "value" in lines[n]]

    @property
    def gaps(self) -> Gaps:
        newest = {line["gap"]: line for _, line in sorted(self.receiver.lines.items()) if "gap" in line}
        return [(gap["start_ns"], gap["end_ns"] or LASTING) for gap in newest.values() if not gap["filled"]]

    def check(self) -> None:
        super().check()
        assert sorted(self.receiver.lines) == list(range(1, len(self.receiver.lines) + 1))


class Shown(Service):
    """Pages with current values."""

    def __init__(self, site: NumberedSite, port: int) -> None:
        self._gateway, self._port, self._until = site.gateway, port, 0
        self.arguments = (port, *TAGS)

    async def works(self) -> None:
        await self._until_healthy(200)
        await self.tells()

    async def notices(self) -> None:
        await self._until_healthy(503)
        assert not (await got(self._port, "/values"))[1]["live"]

    async def change(self) -> None:
        self._until = len(self._gateway.sent) + 20
        await until(lambda: len(self._gateway.sent) > self._until)

    async def tells(self) -> None:
        async with asyncio.timeout(SECONDS):
            while not self._is_new(await got(self._port, "/values")):  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    def _is_new(self, answer: tuple[int, Any]) -> bool:
        values = answer[1]["values"] if answer[0] else {}
        return len(values) == len(TAGS) and min(one["value"] for one in values.values()) > self._until

    async def _until_healthy(self, status: int) -> None:
        async with asyncio.timeout(SECONDS):
            while (await got(self._port, "/health"))[0] != status:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


class Mailed(Service):
    """Mails of alarms."""

    def __init__(self, site: PlantSite, postbox: Postbox, port: int) -> None:
        self._served, self._postbox, self._raised = site.served, postbox, set[str]()
        self.arguments = (f"127.0.0.1:{port}", "me@here")

    async def works(self) -> None:
        await until(lambda: self._postbox.mails, SECONDS)
        assert "alarms stand" in self._postbox.mails[0]

    async def change(self) -> None:
        before = await standing(self._served)
        while not (raised := await standing(self._served) - before):
            await self._served.advance(20)
        self._raised |= raised

    async def tells(self) -> None:
        await until(lambda: self._raised <= {*self._mailed()}, SECONDS)

    def check(self) -> None:
        mailed = Counter(self._mailed())
        assert {reference: mailed[reference] for reference in self._raised} == dict.fromkeys(self._raised, 1)

    def _mailed(self) -> list[str]:
        subjects = [mail.partition("\n")[0] for mail in self._postbox.mails]
        return [subject.removeprefix("Subject: Alarm: ") for subject in subjects if "Alarm: " in subject]


async def standing(served: ServedGateway) -> set[str]:
    """The alarms that are active now."""
    async with await GatewayClient.connect(served.endpoint, api_key=KEY, plaintext=True) as client:
        return {alarm.reference for alarm in await client.query_active_alarms()}


class Compared(Service):
    """A log of what has changed in the galaxy."""

    def __init__(self, site: PlantSite, folder: Path) -> None:
        self._served, self._folder, self._made = site.served, folder, list[str]()
        self.arguments = (folder,)

    async def works(self) -> None:
        await until((self._folder / "galaxy.json").exists, SECONDS)
        await until(lambda: self._served.open_calls["WatchDeployEvents"])

    async def change(self) -> None:
        await self._served.advance(1)
        self._made.append(f"Tank{900 + len(self._made)}")
        self._served.plant.make(self._made[-1], "$Tank", None)
        self._served.plant.complete()
        self._served.deploy()

    async def tells(self) -> None:
        await until(lambda: set(self._made) <= set(self._added()), SECONDS)

    def check(self) -> None:
        assert [name for name in self._added() if name in self._made] == self._made

    def _added(self) -> list[str]:
        log = self._folder / "changes.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [line[2:].partition(":")[0] for line in lines if line.startswith("+ ")]
