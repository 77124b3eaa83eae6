"""In a real kernel: what runs, what an interrupt does, and what is left behind."""

from __future__ import annotations

import queue
import re
import sys
import time

import psutil
import pytest

from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually
from tests.kernel.kernel import LOAD, Kernel

# A kernel keeps what is typed into it.
pytestmark = [pytest.mark.kernel, pytest.mark.keeps_keys("types it into a cell")]


def test_a_plant_is_watched_from_a_notebook(kernel: Kernel) -> None:
    assert "a simulated plant" in kernel.text(LOAD)
    (shown,) = [one for one in kernel.run("%mxgw read Tank001.Level") if one["type"] == "execute_result"]
    assert "Tank001.Level" in shown["data"]["text/html"]
    displays = [one for one in kernel.run("%mxgw watch Tank001.Level") if one["type"] == "display_data"]
    _picture, trend = displays  # a saved notebook keeps the one, a page shows the other
    assert "application/vnd.jupyter.widget-view+json" in trend["data"]
    kernel.run("levels = %mxgw watch Tank001.Level\n_ = levels.collect(0.5)")
    picture, _trend = [one for one in kernel.run("levels") if one["type"] == "display_data"]
    assert "<svg" in picture["data"]["text/html"]
    (failed,) = [
        one for one in kernel.run("w = %mxgw watch Tank002.Level Nope.Nope") if one["type"] == "stream"
    ]
    assert failed["text"].startswith("Not watched yet: Nope.Nope")
    kernel.run("w.collect(0.5); assert len(w.frame())")


def test_a_mistake_in_a_notebook_is_one_line(kernel: Kernel) -> None:
    message = kernel.send("%load_ext mxgw_notebook\n%mxgw raed Tank001.Level")
    assert kernel.reply(message)["status"] == "error"
    streams = [one for one in kernel.outputs(message) if one["type"] in ("stream", "error")]
    (line,) = "".join(one.get("text", "") for one in streams).splitlines()
    assert re.sub(r"\x1b\[[0-9;]*m", "", line).startswith("UsageError: %mxgw has no command 'raed'")


@pytest.mark.parametrize("waiting", ["w.collect(60)", "gateway.runner.run(asyncio.sleep(60))"])
def test_an_interrupt_returns_within_a_second_and_the_kernel_goes_on(kernel: Kernel, waiting: str) -> None:
    kernel.run(f"{LOAD}\nimport asyncio, mxgw_notebook as mx\ngateway = mx.current()")
    kernel.run("w = gateway.watch('Tank001.Level')")
    message = kernel.send(f"print('waiting', flush=True); {waiting}")
    kernel.until_printed("waiting")
    begun = time.monotonic()
    kernel.manager.interrupt_kernel()
    reply = kernel.reply(message)
    assert time.monotonic() - begun < 1.0
    assert reply["ename"] == "KeyboardInterrupt"
    kernel.run("assert w.collect(0.5)['tag'].iloc[0] == 'Tank001.Level'\ngateway.read('Pump001.Speed')")


def test_an_interrupt_of_a_magic_is_one_line(kernel: Kernel, own_embedded: EmbeddedGateway) -> None:
    kernel.run(f"import os; os.environ['MXGATEWAY_API_KEY'] = {KEY!r}\n%load_ext mxgw_notebook")
    kernel.run(f"%mxgw connect {own_embedded.endpoint} --plaintext")
    process = psutil.Process(own_embedded.pid)
    process.suspend()
    try:
        message = kernel.send("print('waiting', flush=True)\n%mxgw read Tank001.Level")
        kernel.until_printed("waiting")
        begun = time.monotonic()
        kernel.manager.interrupt_kernel()
        reply = kernel.reply(message)
        assert time.monotonic() - begun < 1.0
        assert reply["status"] == "error"
    finally:
        process.resume()
    shown = kernel.run("%mxgw read Tank001.Level")
    assert any(one["type"] == "execute_result" for one in shown)


def test_restarting_the_kernel_leaves_no_gateway(kernel: Kernel, eventually: Eventually) -> None:
    kernel.run(f"{LOAD}\n%mxgw watch Tank001.Level")
    gateways = kernel.gateways()
    assert len(gateways) == 1
    kernel.restart()
    eventually(lambda: not any(gateway.is_running() for gateway in gateways))
    assert kernel.gateways() == []
    assert "a simulated plant" in kernel.text(LOAD)


def test_shutting_the_kernel_down_leaves_nothing(kernel: Kernel, eventually: Eventually) -> None:
    kernel.run(f"{LOAD}\n%mxgw watch Tank001.Level\n%mxgw alarms")
    left = [psutil.Process(kernel.pid), *kernel.gateways()]
    assert len(left) == 2
    kernel.close()
    eventually(lambda: not any(process.is_running() for process in left))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_a_kernel_that_is_killed_leaves_no_gateway(kernel: Kernel, eventually: Eventually) -> None:
    kernel.run(LOAD)
    (gateway,) = kernel.gateways()
    psutil.Process(kernel.pid).kill()
    eventually(lambda: not gateway.is_running())


def test_disconnecting_leaves_no_gateway_and_no_reader(kernel: Kernel) -> None:
    kernel.run(f"{LOAD}\nw = %mxgw watch Tank001.Level")
    (gateway,) = kernel.gateways()
    kernel.run("%mxgw disconnect")
    assert not gateway.is_running()
    names = kernel.text("import threading; print([thread.name for thread in threading.enumerate()])")
    assert "mxgw events" not in names


def test_the_magics_speak_to_a_client_opened_with_await(kernel: Kernel, embedded: EmbeddedGateway) -> None:
    kernel.run(
        "import mxgw_notebook as mx\n%load_ext mxgw_notebook\n"
        f"client = await mx.GatewayClient.connect({embedded.endpoint!r}, api_key={KEY!r}, plaintext=True)\n"
        "async with await client.open_session() as session:\n    assert await session.ping() == 'ping'\n"
        "gateway = mx.use(client)"
    )
    first = kernel.send("frame = %mxgw read Tank001.Level")
    second = kernel.send("print(frame['tag'].iloc[0])")  # queued behind it, and not lost
    assert kernel.reply(first)["status"] == "ok"
    assert kernel.reply(second)["status"] == "ok"
    kernel.run("w = gateway.watch('Tank001.Level'); frame = w.collect(0.5); assert len(frame)")
    kernel.run("assert len(await client.query_active_alarms()) >= 0\nmx.disconnect()")


def test_nothing_comes_of_output_that_nobody_asked_for(kernel: Kernel) -> None:
    kernel.run(f"{LOAD}\nw = %mxgw watch Tank001.Level\n_ = w.collect(0.5)")
    with pytest.raises(queue.Empty):
        kernel.client.get_iopub_msg(timeout=0.5)
