"""The loop thread: where a notebook's blocking calls run."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator

import pytest

from mxgw_notebook.client.backoff import backoff_seconds
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live import LoopThread
from tests.conftest import Eventually

LONG = 60.0


@pytest.fixture
def thread() -> Iterator[LoopThread]:
    made = LoopThread()
    yield made
    made.stop()


async def answer() -> int:
    return 42


def loop_threads() -> int:
    return sum(thread.name == "mxgw loop" for thread in threading.enumerate())


def test_a_coroutines_result_comes_back(thread: LoopThread) -> None:
    assert thread.run(answer()) == 42


def test_a_coroutines_error_comes_back(thread: LoopThread) -> None:
    async def fail() -> None:
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        thread.run(fail())


def test_a_call_that_takes_longer_than_a_slice_still_answers(thread: LoopThread) -> None:
    async def slowly() -> str:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.25):
                await asyncio.Event().wait()
        return "done"

    assert thread.run(slowly()) == "done"


def test_an_interrupt_returns_at_once_and_cancels_the_call(
    thread: LoopThread, eventually: Eventually
) -> None:
    begun, cancelled = threading.Event(), threading.Event()

    async def wait() -> None:
        begun.set()
        try:
            async with asyncio.timeout(LONG):
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    def interrupt() -> None:
        begun.wait(LONG)
        signal.raise_signal(signal.SIGINT)

    # The signal is raised on another thread, as a kernel's interrupt is, and delivered on this one.
    sender = threading.Thread(target=interrupt)
    sender.start()
    with pytest.raises(KeyboardInterrupt):
        thread.run(wait())
    sender.join()
    eventually(cancelled.is_set)
    assert thread.run(answer()) == 42


def test_a_blocking_call_on_the_loop_thread_is_told_and_not_waited_for(thread: LoopThread) -> None:
    async def nested() -> None:
        thread.run(answer())

    with pytest.raises(GatewayError, match="on the loop thread"):
        thread.run(nested())


def test_started_work_is_not_waited_for(thread: LoopThread) -> None:
    done = threading.Event()

    async def work() -> None:
        done.set()

    thread.start(work())
    assert done.wait(LONG)


def test_every_calls_until_it_is_told_to_stop(thread: LoopThread) -> None:
    ticks: list[None] = []
    third = threading.Event()

    def tick() -> None:
        ticks.append(None)
        if len(ticks) == 3:
            third.set()

    stop = thread.every(0.01, tick)
    assert third.wait(LONG)
    stop()
    thread.run(answer())
    seen = len(ticks)

    async def another_while() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await asyncio.Event().wait()

    thread.run(another_while())
    assert len(ticks) == seen


def test_stopping_cancels_what_runs_and_ends_the_thread() -> None:
    before = loop_threads()
    thread = LoopThread()
    cancelled, begun = threading.Event(), threading.Event()

    async def wait() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    thread.start(wait())
    assert begun.wait(LONG)
    thread.stop()
    thread.stop()
    assert cancelled.is_set()
    assert loop_threads() == before


def test_waits_double_up_to_the_longest_and_differ_between_notebooks() -> None:
    waits = backoff_seconds(first=1.0, longest=8.0)
    for expected in (1.0, 2.0, 4.0, 8.0, 8.0):
        assert 0.75 * expected <= next(waits) <= expected
    assert len({next(backoff_seconds()) for _ in range(5)}) > 1


def test_what_fails_is_called_again_and_each_reason_logged_once(
    thread: LoopThread, caplog: pytest.LogCaptureFixture
) -> None:
    ticks: list[None] = []
    third = threading.Event()

    def tick() -> None:
        ticks.append(None)
        if len(ticks) < 3:
            raise RuntimeError("a mistake of ours")
        third.set()

    stop = thread.every(0.01, tick)
    assert third.wait(LONG)
    stop()
    assert sum("a mistake of ours" in record.getMessage() for record in caplog.records) == 1


def test_work_that_nobody_waits_for_is_logged_when_it_fails(
    thread: LoopThread, caplog: pytest.LogCaptureFixture, eventually: Eventually
) -> None:
    async def fail() -> None:
        raise RuntimeError("a mistake of ours")

    thread.start(fail())
    eventually(lambda: "a mistake of ours" in caplog.text)
