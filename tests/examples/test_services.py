"""The services of `examples` through whatever becomes of their gateway, and SIGTERM, each of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import psutil
import pytest

from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import ServedGateway
from tests.examples.far_ends import Postbox, Receiver, free_port, got, listening
from tests.examples.program import running
from tests.examples.services import SECONDS, Compared, Forwarded, Mailed, Polled, Service, Shown
from tests.examples.sites import FAULTS, TAGS, Site, numbered_site, plant_site
from tests.until import until

pytestmark = pytest.mark.long

SERVICES = ["poll_to_parquet", "forward_events", "current_values", "alarms_to_mail", "galaxy_differences"]
SEEN = ("cut", "killed")  # as long as they last; the others are over, or noticed only after many seconds


@asynccontextmanager
async def at_a_site(name: str, served: ServedGateway, folder: Path) -> AsyncIterator[tuple[Service, Site]]:
    """A service by its name, and where its gateway is."""
    async with AsyncExitStack() as stack:
        if name in ("alarms_to_mail", "galaxy_differences"):
            plant = await stack.enter_async_context(plant_site(served))
            if name == "galaxy_differences":
                yield Compared(plant, folder), plant
            else:
                postbox = Postbox()
                yield Mailed(plant, postbox, await stack.enter_async_context(listening(postbox.serve))), plant
            return
        site = await stack.enter_async_context(numbered_site())
        if name == "poll_to_parquet":
            yield Polled(site, folder), site
        elif name == "current_values":
            yield Shown(site, await free_port()), site
        else:
            receiver = Receiver()
            port = await stack.enter_async_context(listening(receiver.take))
            yield Forwarded(site, receiver, port), site


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_goes_on_and_can_be_stopped_whatever_becomes_of_its_gateway(
    served: ServedGateway, tmp_path: Path, name: str, fault: str
) -> None:
    async with at_a_site(name, served, tmp_path) as (service, site):
        async with running(name, site.endpoint, *service.arguments, **service.variables) as program:
            await service.works()
            await site.fail(fault)
            if fault in SEEN:
                await service.notices()
            await service.change()
            await site.mend()
            await service.tells()
            await site.fail(fault)
            await program.stop()
        await site.mend()
        # Of a session that nobody could be told to close the gateway knows by its lease.
        await until(lambda: not site.streams())
        service.check()


@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_that_is_stopped_leaves_nothing_open(
    served: ServedGateway, tmp_path: Path, name: str
) -> None:
    async with at_a_site(name, served, tmp_path) as (service, site):
        async with running(name, site.endpoint, *service.arguments, **service.variables) as program:
            await service.works()
            await service.change()
            await service.tells()
            await program.stop()
        assert (site.streams(), site.sessions()) == (0, 0)
        service.check()


async def test_a_receiver_that_comes_and_goes_gets_each_value_once_or_its_mark(
    served: ServedGateway, tmp_path: Path
) -> None:
    async with at_a_site("forward_events", served, tmp_path) as (service, site):
        assert isinstance(service, Forwarded)
        async with running("forward_events", site.endpoint, *service.arguments) as program:
            await service.works()
            service.receiver.cut()
            await service.change()
            await service.tells()
            await program.stop()
        service.check()


async def test_a_receiver_that_is_slow_to_answer_is_waited_for_and_gets_all_then(
    served: ServedGateway, tmp_path: Path
) -> None:
    async with at_a_site("forward_events", served, tmp_path) as (service, site):
        assert isinstance(service, Forwarded)
        service.receiver.answers = False
        few = {"MOST_WAITING": "50"}
        async with running("forward_events", site.endpoint, *service.arguments, **few) as program:
            await until(lambda: len(service.receiver.lines) >= 50, SECONDS)
            await service.change()
            service.receiver.answer()
            await service.tells()
            await program.stop()
        service.check()


async def test_what_a_mail_server_never_took_is_said_and_holds_up_no_stop(served: ServedGateway) -> None:
    async def keep_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        del writer
        called.set()
        await reader.read()

    called = asyncio.Event()
    async with listening(keep_silent) as port:
        arguments = f"127.0.0.1:{port}", "me@here"
        async with running("alarms_to_mail", served.endpoint, *arguments) as program:
            async with asyncio.timeout(SECONDS):
                await called.wait()
            _, complaints = await program.stop()
    assert "never sent: " in complaints


async def test_whoever_is_connected_and_asks_nothing_holds_up_no_stop(
    served: ServedGateway, tmp_path: Path
) -> None:
    web = await free_port()
    async with running("current_values", served.endpoint, web, *TAGS, "Nope.Nope") as program:
        async with asyncio.timeout(SECONDS):
            while "Nope.Nope" not in ((await got(web, "/values"))[1] or {}).get("failures", {}):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert (await got(web, "/nowhere"))[0] == 404
        _, writer = await asyncio.open_connection("127.0.0.1", web)
        await program.stop()
        writer.close()


async def test_all_of_them_stop_beside_a_gateway_that_stands_still(
    own_embedded: EmbeddedGateway, tmp_path: Path
) -> None:
    nobody = f"127.0.0.1:{await free_port()}"
    arguments: dict[str, tuple[object, ...]] = {
        "poll_to_parquet": (tmp_path / "values", *TAGS),
        "forward_events": (nobody, *TAGS),
        "current_values": (await free_port(), *TAGS),
        "alarms_to_mail": (nobody, "me@here"),
        "galaxy_differences": (tmp_path / "galaxy",),
    }
    frozen = psutil.Process(own_embedded.pid)
    async with AsyncExitStack() as stack:
        programs = [
            await stack.enter_async_context(running(name, own_embedded.endpoint, *words))
            for name, words in arguments.items()
        ]
        await until(lambda: own_embedded.status()["sessions"] == 3, SECONDS)
        await until(lambda: sum(own_embedded.status()["streams"].values()) >= 8, SECONDS)
        frozen.suspend()
        try:
            for program in programs:
                await program.stop()
        finally:
            frozen.resume()
    await until(lambda: not any(own_embedded.status()["streams"].values()))
