"""What every test stands on: an embedded gateway on the real wire, and a look for what was left behind."""

from __future__ import annotations

import asyncio
import inspect
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from hypothesis import settings

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import ServedGateway, serving
from tests import kindness

pytest_plugins = ["tests.spilled"]
KEY = "mxgw_test_secret"
DEADLINE_SECONDS = 60.0  # only what fails takes it
ENDING_SECONDS = 2.0
Eventually = Callable[[Callable[[], object]], None]
# Tests write nothing to the user's own folders; those of the flight recorder say where.
os.environ.setdefault("MXGW_FLIGHTS", "off")
# How long one example takes says more about what else the machine does than about the code.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
# A shell that starts the tests in its background has them ignore Ctrl-C, and every process they start too.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):  # likewise under nohup
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def as_kind_as_marked(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that is `kind_only` meets gateways without the faults that it names."""
    mark = request.node.get_closest_marker("kind_only")
    with kindness.sparing(*(mark.args[1:] if mark is not None else ())):
        yield


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves an event reader's thread running, or, for a coroutine, a task."""
    if inspect.iscoroutinefunction(getattr(request.node, "obj", None)):
        request.getfixturevalue("no_leaked_tasks")
    before = reader_threads()
    yield
    left = reader_threads() - before
    for thread in left:  # one that was told to end may take a moment; one that was forgotten never does
        thread.join(ENDING_SECONDS)
    running = {thread.name for thread in left if thread.is_alive()}
    assert not running, f"threads left running: {running}"


@pytest.fixture
async def no_leaked_tasks() -> AsyncIterator[None]:
    """Set up before the test's other fixtures, so it looks after they are taken down."""
    before = asyncio.all_tasks()
    yield
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    if left:  # what was cancelled may take a moment to end; what was forgotten never does
        _, left = await asyncio.wait(left, timeout=ENDING_SECONDS)
    assert not left, f"tasks left running: {left}"


def reader_threads() -> set[threading.Thread]:
    """The threads that read events or alarms now."""
    names = ("mxgw events", "mxgw StreamAlarms")
    return {thread for thread in threading.enumerate() if thread.name.startswith(names)}


@pytest.fixture
async def served() -> AsyncIterator[ServedGateway]:
    """An embedded gateway in this process, on a clock that only `advance` moves."""
    async with serving(kindness.options(seed=1, api_key=KEY)) as gateway:
        yield gateway


@pytest.fixture
async def client(served: ServedGateway) -> AsyncIterator[GatewayClient]:
    """A client of it, on the test's own loop."""
    async with await GatewayClient.connect(served.endpoint, api_key=KEY, plaintext=True) as connected:
        connected.gate.arm("tests", minutes=None)
        yield connected


@pytest.fixture(scope="session")
def embedded() -> Iterator[EmbeddedGateway]:
    """An embedded gateway in a process of its own, its plant in real time; shared, so leave it as it was."""
    with kindness.start(seed=1, api_key=KEY) as gateway:
        yield gateway


@pytest.fixture
def own_embedded() -> Iterator[EmbeddedGateway]:
    """An embedded gateway that a test may kill."""
    with kindness.start(seed=1, api_key=KEY) as gateway:
        yield gateway


@pytest.fixture
def eventually() -> Eventually:
    """Waits until a condition holds that another thread or process brings about; fails after a deadline."""

    def wait(condition: Callable[[], object]) -> None:
        pause = threading.Event()
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, (
                f"not within {DEADLINE_SECONDS:g} s: {inspect.getsource(condition)}"
            )
            pause.wait(0.02)

    return wait
