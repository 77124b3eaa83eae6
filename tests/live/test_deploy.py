"""A tag that failed and comes with a deploy."""

from __future__ import annotations

from mxgw_notebook.live import Patience
from tests.live.chaos_site import IMPATIENT, TAGS, site
from tests.until import until


async def test_a_tag_that_comes_with_a_deploy_starts_by_itself() -> None:
    async with site(patience=IMPATIENT) as there:
        there.gateway.unknown = {TAGS[1]}
        _, late = await there.hub.subscribe(TAGS)
        assert late.failure == "invalid reference (6)"
        there.gateway.unknown = set()
        await until(lambda: not late.failure)
        await there.changes(2)
        assert len(late.history) == 1


async def test_a_deploy_hurries_the_next_try() -> None:
    slow = Patience(look=0.05, first_retry=60.0)
    async with site(patience=slow) as there:
        there.gateway.unknown = {TAGS[1]}
        _, late = await there.hub.subscribe(TAGS)
        there.gateway.unknown = set()
        there.hub.on_deployed()
        await until(lambda: not late.failure)
