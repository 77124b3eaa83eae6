"""A process that was forked from the one that connected: one line a call, its end, and an unharmed parent."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")

DEADLINE_SECONDS = 90.0
LINE = (
    "NotConnectedError: This process was forked from the one that connected. Connect in a process that is "
    "started new, not forked: multiprocessing.get_context('spawn')."
)
CONNECTED = """
import asyncio, multiprocessing, os, sys, warnings
import mxgw_notebook
from mxgw_notebook.client import GatewayClient
from mxgw_notebook.gateway import connect, current, disconnect
from mxgw_notebook.live import KernelLoop

warnings.simplefilter("ignore", DeprecationWarning)  # Python's own about forks of what has threads

def try_each(*calls):
    for call in calls:
        try:
            print("answer:", call(), flush=True)
        except Exception as error:
            print(f"{type(error).__name__}: {error}", flush=True)

def parent_goes_on():
    assert gateway.read("Tank001.Level")["value"].notna().all()
    assert not watch.collect(0.5).empty
    assert gateway.status()["value"]["live values"] == "live"
    print("the parent goes on", flush=True)

gateway = connect("demo", seed=1)
endpoint = gateway.endpoint
watch, review = gateway.watch("Pump001.Speed"), gateway.alarms()
"""
CALLS = """(
    lambda: current().read("Tank001.Level"),
    lambda: gateway.write("Tank001.Level", 5.0),
    gateway.status, gateway.objects, gateway.object_count, gateway.deploys, gateway.alarms,
    lambda: gateway.watch("Tank001.Level"),
    lambda: gateway.acknowledge("*"),
    lambda: gateway.when("Pump001.Speed > 5"),
    watch.stop, review.stop, gateway.close,
    lambda: connect(endpoint, api_key="mxgw_any_key", plaintext=True),
)"""


def said(script: str, *arguments: str | Path) -> Sequence[str]:
    """What a Python process of its own prints; it has to end well, and complain of nothing."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )
    assert (done.stderr, done.returncode) == ("", 0), done.stdout
    return done.stdout.splitlines()


def test_every_call_in_a_forked_process_is_one_line_and_the_process_ends() -> None:
    script = f"""{CONNECTED}
calls = {CALLS}
child = os.fork()
if child == 0:
    try_each(*calls)
    sys.exit(3)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), len(calls), flush=True)
parent_goes_on()
"""
    *lines, ended, last = said(script)
    code, calls = map(int, ended.split())
    assert lines == [LINE] * calls
    assert code == 3
    assert last == "the parent goes on"


def test_a_forked_process_may_disconnect_and_the_parents_plant_goes_on() -> None:
    script = f"""{CONNECTED}
child = os.fork()
if child == 0:
    try_each(disconnect, current)
    sys.exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
parent_goes_on()
"""
    assert said(script) == [
        "answer: None",
        "NotConnectedError: No gateway is connected. Connect first: mxgw_notebook.connect('host:port'), or "
        "connect('demo').",
        "0",
        "the parent goes on",
    ]


def test_a_worker_of_multiprocessing_gets_one_line_and_ends() -> None:
    script = f"""{CONNECTED}
worker = multiprocessing.get_context("fork").Process(target=try_each, args=(gateway.status,))
worker.start()
worker.join()
print(worker.exitcode, flush=True)
parent_goes_on()
"""
    assert said(script) == [LINE, "0", "the parent goes on"]


def test_an_async_client_in_a_forked_process_is_one_line() -> None:
    script = f"""{CONNECTED}
async def opened():
    return await GatewayClient.connect(options=gateway.options)

async def main():
    client = await opened()
    child = os.fork()
    if child == 0:
        # The forked process has no loop of its own, only what is left of the parent's.
        asyncio.events._set_running_loop(None)
        asyncio.set_event_loop(None)
        calls = (lambda: asyncio.run(client.open_session()), lambda: asyncio.run(client.close()))
        try_each(*calls, lambda: asyncio.run(opened()))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    await client.close()

asyncio.run(main())
parent_goes_on()
"""
    assert said(script) == [LINE, LINE, LINE, "0", "the parent goes on"]


def test_a_client_on_the_kernels_own_loop_is_one_line_in_a_forked_process() -> None:
    script = f"""{CONNECTED}
async def answer():
    return 5

async def main():
    runner = KernelLoop(asyncio.get_running_loop())
    child = os.fork()
    if child == 0:
        try_each(
            lambda: runner.run(answer()), lambda: runner.start(answer()), lambda: runner.every(1, print)
        )
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), runner.run(answer()), flush=True)

asyncio.run(main())
parent_goes_on()
"""
    assert said(script) == [LINE, LINE, LINE, "0 5", "the parent goes on"]


def test_a_saved_galaxy_can_be_opened_in_a_forked_process(tmp_path: Path) -> None:
    script = f"""{CONNECTED}
gateway.snapshot(sys.argv[1])
count = len(gateway.objects())
child = os.fork()
if child == 0:
    try_each(lambda: len(connect(sys.argv[1]).objects()) == count)
    sys.exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
parent_goes_on()
"""
    assert said(script, tmp_path / "plant.parquet") == ["answer: True", "0", "the parent goes on"]
