"""A batch of many tags' events, put into the histories."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.client import EventColumns
from mxgw_notebook.client.fast_events.columns import BOOLEAN, KINDS
from mxgw_notebook.live import Subscription
from mxgw_notebook.live.samples.ingest import EventIngest

HANDLES = st.integers(1, 6)
VALUES = st.one_of(st.floats(allow_nan=False), st.booleans(), st.text(max_size=2))
Came = tuple[int, Any, int]
BATCHES = st.lists(st.lists(st.tuples(HANDLES, VALUES, st.integers(0, 255)), max_size=12), max_size=6)


def columns(events: list[Came], first: int) -> EventColumns:
    sequence = np.arange(first, first + len(events))
    kinds = {bool: BOOLEAN, float: KINDS.index("double_value"), str: KINDS.index("string_value")}
    return EventColumns(
        sequence,
        np.array([handle for handle, _, _ in events], np.int32),
        np.array([quality for _, _, quality in events], np.uint8),
        sequence * 10,
        np.array([np.nan if isinstance(value, str) else value for _, value, _ in events], float),
        {row: value for row, (_, value, _) in enumerate(events) if isinstance(value, str)},
        seen=sequence,
        kind=np.array([kinds[type(value)] for _, value, _ in events], np.int8),
    )


@given(BATCHES, st.integers(0, 6))
def test_each_event_of_a_batch_stands_once_and_in_order_in_its_tags_history(
    batches: list[list[Came]], claimed: int
) -> None:
    intake, first, came = EventIngest(), 1, list[Came]()
    subscriptions = {handle: Subscription(f"T{handle}") for handle in range(1, 6)}  # 6 is of no tag
    intake.expect()
    for number, batch in enumerate(batches):
        if number == claimed:  # until now nobody knew whose they are
            intake.by_handle.update(subscriptions)
            intake.claim()
        intake.store(columns(batch, first), lambda _: None)
        first, came = first + len(batch), [*came, *batch]
    intake.by_handle.update(subscriptions)
    intake.claim()
    for handle, found in subscriptions.items():
        kept = found.history.all()
        assert kept.boolean == any(isinstance(value, bool) for owner, value, _ in came if owner == handle)
        values = [kept.value(row) for row in range(len(kept))]
        assert list(zip(values, kept.quality.tolist(), strict=True)) == [
            (value, quality) for owner, value, quality in came if owner == handle
        ]
        assert (np.diff(kept.time_ns) > 0).all()
