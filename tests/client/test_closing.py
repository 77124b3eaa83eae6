"""Steps of closing: all are taken, whatever one of them meets."""

from __future__ import annotations

import asyncio
import logging

import grpc
import pytest

from mxgw_notebook.client import GalaxyRepositoryClient, close_each
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY
from tests.until import until

# Without waiting for gRPC's own ends about every second of these loops was complained of.
LOOPS = 15


class Steps:
    """Steps that note that they were taken."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def good(self) -> None:
        self.taken.append("good")

    async def failing(self) -> None:
        self.taken.append("failing")
        raise ValueError("this one")

    async def failing_otherwise(self) -> None:
        self.taken.append("failing otherwise")
        raise RuntimeError("that one")

    async def endless(self) -> None:
        self.taken.append("endless")
        await asyncio.Event().wait()


async def test_a_step_that_fails_keeps_none_from_being_taken() -> None:
    steps = Steps()
    with pytest.raises(ValueError, match="this one"):
        await close_each(steps.failing, steps.good)
    assert steps.taken == ["failing", "good"]


async def test_the_first_failure_is_raised_and_the_others_are_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    steps = Steps()
    with pytest.raises(ValueError, match="this one"):
        await close_each(steps.failing, steps.failing_otherwise)
    (record,) = caplog.records
    assert (record.levelno, "RuntimeError: that one" in record.getMessage()) == (logging.WARNING, True)


async def test_a_cancellation_is_still_one_after_a_step_that_fails() -> None:
    steps = Steps()
    task = asyncio.create_task(close_each(steps.failing, steps.endless, steps.good))
    await until(lambda: "endless" in steps.taken)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert steps.taken == ["failing", "endless", "good"]


@pytest.mark.skipif(
    tuple(map(int, grpc.__version__.split(".")[:2])) < (1, 85),
    reason="an older gRPC has more to tell of ended calls, later",
)
def test_loops_one_after_the_other_leave_nothing_to_complain_of(
    embedded: EmbeddedGateway, caplog: pytest.LogCaptureFixture
) -> None:
    async def look() -> None:
        async with (
            await GalaxyRepositoryClient.connect(
                endpoint=embedded.endpoint, api_key=KEY, plaintext=True
            ) as repository,
            repository.watch_deploy_events() as deploys,
        ):
            async for _ in deploys:
                break

    for _ in range(LOOPS):
        asyncio.run(look())
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []
