"""The programs of `examples` through restart, freeze and SIGTERM: nothing open, nothing lost unmarked."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import psutil
import pyarrow.parquet as pq
import pytest

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY
from tests.examples.program import running
from tests.live.chaos_gateway import ChaosGateway
from tests.live.conftest import start_at
from tests.until import until

pytestmark = pytest.mark.long

TAGS = ["Tank001.Level", "Tank002.Level"]
# Until a program has started on a busy machine, or has waited between two attempts.
SECONDS = 60.0


def nothing_is_open(gateway: EmbeddedGateway) -> bool:
    status = gateway.status()
    return not status["sessions"] and not any(status["streams"].values())


@asynccontextmanager
async def numbered_plant() -> AsyncIterator[ChaosGateway]:
    """A gateway whose every change has a number that no other has."""
    gateway = ChaosGateway(TAGS, 200)
    await gateway.start()
    changing = asyncio.create_task(gateway.run_plant())
    try:
        yield gateway
    finally:
        changing.cancel()
        await asyncio.gather(changing, return_exceptions=True)
        await gateway.kill()


class Receiver:
    """Takes lines of JSON, on one connection after the other."""

    def __init__(self) -> None:
        self.lines: dict[int, dict[str, Any]] = {}
        self._writers: list[asyncio.StreamWriter] = []

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        with contextlib.suppress(ConnectionError):
            async for line in reader:
                told = json.loads(line)
                self.lines[told["n"]] = told
                writer.write(b"%d\n" % told["n"])

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    @property
    def numbers(self) -> list[int]:
        """The values that came, in the order of their lines."""
        return [int(self.lines[n]["value"]) for n in sorted(self.lines) if "value" in self.lines[n]]

    @property
    def gaps(self) -> list[tuple[int, int]]:
        newest = {line["gap"]: line for _, line in sorted(self.lines.items()) if "gap" in line}
        return [(gap["start_ns"], gap["end_ns"] or 2**63) for gap in newest.values() if not gap["filled"]]


def lost(gateway: ChaosGateway, numbers: list[int], gaps: list[tuple[int, int]]) -> list[int]:
    """Changes between the first and the last that came, which neither came nor lie in a gap."""
    known = set(numbers)
    return [
        number
        for number, at in gateway.sent[min(numbers) - 1 : max(numbers)]
        if number not in known and not any(start <= at <= end for start, end in gaps)
    ]


async def test_events_are_forwarded_once_each_or_marked_whoever_comes_and_goes() -> None:
    receiver = Receiver()
    async with (
        numbered_plant() as gateway,
        await asyncio.start_server(receiver.take, "127.0.0.1", 0) as server,
    ):
        port = server.sockets[0].getsockname()[1]
        endpoint = f"127.0.0.1:{gateway.port}"
        async with running("forward_events", endpoint, f"127.0.0.1:{port}", *TAGS) as program:
            await until(lambda: len(receiver.numbers) > 50, SECONDS)
            await gateway.kill()
            await until(lambda: receiver.gaps, SECONDS)
            await gateway.start()
            seen = len(receiver.numbers)
            await until(lambda: len(receiver.numbers) > seen + 50, SECONDS)
            receiver.cut()
            seen = len(receiver.numbers)
            await until(lambda: len(receiver.numbers) > seen + 50, SECONDS)
            await program.stop()
        assert not gateway.living
        assert len(set(receiver.numbers)) == len(receiver.numbers)
        assert sorted(receiver.lines) == list(range(1, len(receiver.lines) + 1))
        assert lost(gateway, receiver.numbers, receiver.gaps) == []


def recorded(folder: Path) -> tuple[list[int], list[tuple[int, int]]]:
    """The values and the gaps in the files of a folder."""
    numbers = [
        int(number)
        for file in sorted(folder.glob("values-*.parquet"))
        for number in pq.read_table(file).column("number").to_pylist()
    ]
    gaps = [
        (row["start"].value, row["end"].value if row["end"] else 2**63)
        for file in folder.glob("gaps-*.parquet")
        for row in pq.read_table(file).to_pylist()
        if not row["filled"]
    ]
    return numbers, gaps


async def test_values_are_in_files_once_each_or_in_the_table_of_gaps(tmp_path: Path) -> None:
    async with numbered_plant() as gateway:
        endpoint = f"127.0.0.1:{gateway.port}"
        async with running("poll_to_parquet", endpoint, tmp_path, *TAGS, FILE_SECONDS="1") as program:
            await until(lambda: recorded(tmp_path)[0], SECONDS)
            await gateway.kill()
            await until(lambda: recorded(tmp_path)[1], SECONDS)
            await gateway.start()
            seen = len(recorded(tmp_path)[0])
            await until(lambda: len(recorded(tmp_path)[0]) > seen + 50, SECONDS)
            await program.stop()
        assert not gateway.living
        numbers, gaps = recorded(tmp_path)
        assert len(set(numbers)) == len(numbers)
        assert lost(gateway, numbers, gaps) == []
        assert not [name for name in await asyncio.to_thread(os.listdir, tmp_path) if name.startswith(".")]


async def got(port: int, path: str) -> tuple[int, Any]:
    """The status and the answer at a path; 0 where nobody listens."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return 0, None
    writer.write(f"GET {path} HTTP/1.1\r\n\r\n".encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return int(head.split()[1]), json.loads(body)


async def free_port() -> int:
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0) as server:
        port: int = server.sockets[0].getsockname()[1]
        return port


async def until_answered(port: int, status: int) -> Any:
    """What /health answers once it does so."""
    async with asyncio.timeout(SECONDS):
        while (answer := await got(port, "/health"))[0] != status:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return answer[1]


async def test_the_web_service_says_when_its_values_are_old_and_stops_beside_a_frozen_gateway(
    own_embedded: EmbeddedGateway,
) -> None:
    web, port = await free_port(), int(own_embedded.endpoint.rpartition(":")[2])
    async with running("current_values", own_embedded.endpoint, web, *TAGS, "Nope.Nope") as program:
        await until_answered(web, 200)
        async with asyncio.timeout(SECONDS):
            while len((answer := (await got(web, "/values"))[1])["values"]) < len(TAGS):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert set(answer["values"]) == set(TAGS)
        assert "invalid reference" in answer["failures"]["Nope.Nope"]
        assert (await got(web, "/nowhere"))[0] == 404
        await asyncio.to_thread(own_embedded.stop)
        told = await until_answered(web, 503)
        assert told["values"].startswith("reconnecting")
        again = await asyncio.to_thread(start_at, port)
        try:
            await until_answered(web, 200)
            psutil.Process(again.pid).suspend()
            await program.stop()
            psutil.Process(again.pid).resume()
            await until(lambda: not any(again.status()["streams"].values()))
        finally:
            await asyncio.to_thread(again.stop)


class Postbox:
    """A mail server that takes every mail."""

    def __init__(self) -> None:
        self.mails: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        async for line in reader:
            command = line[:4].upper()
            if command == b"DATA":
                writer.write(b"354 go on\r\n")
                lines: list[bytes] = []
                while (part := await reader.readline()) != b".\r\n":
                    lines.append(part)
                mail = message_from_bytes(b"".join(lines), policy=default)
                self.mails.append(f"Subject: {mail['Subject']}\n{mail.get_content()}")
            writer.write(b"221 bye\r\n" if command == b"QUIT" else b"250 ok\r\n")
            if command == b"QUIT":
                break
        writer.close()


async def test_alarms_are_mailed_also_those_raised_while_the_gateway_was_away(served: ServedGateway) -> None:
    postbox = Postbox()
    await served.advance(600)
    active = await standing(served)
    async with await asyncio.start_server(postbox.serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with running("alarms_to_mail", served.endpoint, f"127.0.0.1:{port}", "me@here") as program:
            await until(lambda: postbox.mails, SECONDS)
            assert "alarms stand" in postbox.mails[0]
            await served.fault("refuse", rpc="StreamAlarms")
            await served.fault("drop")
            await until(lambda: not served.open_calls["StreamAlarms"])
            while not await standing(served) - active:
                await served.advance(60)
            await served.clear_faults("refuse")
            await until(lambda: any("only after the gateway" in mail for mail in postbox.mails), SECONDS)
            await program.stop()
        assert not served.open_calls["StreamAlarms"]
    raised = [mail for mail in postbox.mails if "Subject: Alarm: " in mail]
    assert len(set(raised)) == len(raised)


async def standing(served: ServedGateway) -> set[str]:
    """The alarms that are active now."""
    async with await GatewayClient.connect(served.endpoint, api_key=KEY, plaintext=True) as client:
        return {alarm.reference for alarm in await client.query_active_alarms()}


async def test_the_galaxy_is_compared_after_a_deploy(served: ServedGateway, tmp_path: Path) -> None:
    async with running("galaxy_differences", served.endpoint, tmp_path) as program:
        await until((tmp_path / "galaxy.json").exists, SECONDS)
        await until(lambda: served.open_calls["WatchDeployEvents"])
        await served.advance(1)
        served.plant.make("Tank999", "$Tank", None)
        served.plant.complete()
        served.deploy()
        log = tmp_path / "changes.log"
        await until(lambda: log.exists() and "+ Tank999" in log.read_text(), SECONDS)
        await program.stop()
    assert not sum(served.open_calls.values())


@pytest.mark.parametrize(("bad", "code"), [({}, 0), ({"Pump001.Cmd": 0.4}, 1)])
async def test_a_recipe_is_done_whole_or_undone(
    served: ServedGateway, tmp_path: Path, bad: dict[str, Any], code: int
) -> None:
    attribute = served.plant.attribute("FIC101.SP")
    assert attribute is not None
    before = attribute.value
    file = tmp_path / "recipe.json"
    file.write_text(json.dumps([{"FIC101.SP": 42.0}, bad or {"TIC103.SP": 43.0}]))
    async with running("write_recipe", served.endpoint, file) as program:
        ended, _, errors = await program.ended()
    assert ended == code, errors
    assert attribute.value == (before if code else 42.0)
    assert not served.sessions.ready()


async def test_a_recipe_that_is_stopped_half_way_is_undone(served: ServedGateway, tmp_path: Path) -> None:
    attribute = served.plant.attribute("FIC101.SP")
    assert attribute is not None
    before = attribute.value
    file = tmp_path / "recipe.json"
    file.write_text(json.dumps([{"FIC101.SP": 42.0}, {"TIC103.SP": 43.0}]))
    async with running("write_recipe", served.endpoint, file) as program:
        await served.fault("delay-command", command="write_bulk", seconds=30.0, times=1)
        await until(lambda: attribute.value == 42.0, SECONDS)
        await program.stop()
    assert attribute.value == before
    assert not served.sessions.ready()


async def test_a_recipe_whose_gateway_is_restarted_half_way_is_undone(
    served: ServedGateway, tmp_path: Path
) -> None:
    attribute = served.plant.attribute("FIC101.SP")
    assert attribute is not None
    before = attribute.value
    file = tmp_path / "recipe.json"
    file.write_text(json.dumps([{"FIC101.SP": 42.0}, {"TIC103.SP": 43.0}]))
    async with running("write_recipe", served.endpoint, file) as program:
        await served.fault("delay-command", command="write_bulk", seconds=30.0, times=1)
        await until(lambda: attribute.value == 42.0, SECONDS)
        await served.fault("restart")
        ended, _, errors = await program.ended()
    assert (ended, attribute.value) == (1, before), errors


SERVICES = ["poll_to_parquet", "current_values", "alarms_to_mail", "galaxy_differences", "forward_events"]


async def arguments_of(name: str, folder: Path) -> tuple[object, ...]:
    """What a program is started with, the other ends of its connections not there."""
    nobody = f"127.0.0.1:{await free_port()}"
    return {
        "poll_to_parquet": (folder, *TAGS),
        "current_values": (await free_port(), *TAGS),
        "alarms_to_mail": (nobody, "me@here"),
        "galaxy_differences": (folder,),
        "forward_events": (nobody, *TAGS),
    }[name]


@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_leaves_nothing_open(
    own_embedded: EmbeddedGateway, tmp_path: Path, name: str
) -> None:
    assert own_embedded.api_key == KEY
    async with running(name, own_embedded.endpoint, *await arguments_of(name, tmp_path)) as program:
        await until(lambda: not nothing_is_open(own_embedded), SECONDS)
        await program.stop()
    await until(lambda: nothing_is_open(own_embedded))


@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_stops_beside_a_gateway_that_stands_still(
    own_embedded: EmbeddedGateway, tmp_path: Path, name: str
) -> None:
    frozen = psutil.Process(own_embedded.pid)
    async with running(name, own_embedded.endpoint, *await arguments_of(name, tmp_path)) as program:
        await until(lambda: not nothing_is_open(own_embedded), SECONDS)
        frozen.suspend()
        try:
            await program.stop()
        finally:
            frozen.resume()
    await until(lambda: not any(own_embedded.status()["streams"].values()))


@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_stops_while_its_gateway_is_gone(
    own_embedded: EmbeddedGateway, tmp_path: Path, name: str
) -> None:
    async with running(name, own_embedded.endpoint, *await arguments_of(name, tmp_path)) as program:
        await until(lambda: not nothing_is_open(own_embedded), SECONDS)
        await asyncio.to_thread(own_embedded.stop)
        await program.stop()
