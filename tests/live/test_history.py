"""The ring of samples against a plain list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mxgw_notebook.client.values import Value
from mxgw_notebook.live import History, Samples
from mxgw_notebook.live.samples.history import FIRST_SIZE
from mxgw_notebook.live.samples.room import Room, size_of

Sample = tuple[int, float, int, Value]
Added = Callable[[History, Sequence[Sample]], None]
SAMPLES = st.tuples(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.integers(0, 255),
    st.one_of(st.none(), st.text(max_size=3)),
)


def add(history: History, samples: Sequence[Sample]) -> None:
    history.append(
        np.array([sample[0] for sample in samples], np.int64),
        np.array([sample[1] for sample in samples], np.float64),
        np.array([sample[2] for sample in samples], np.uint8),
        {row: sample[3] for row, sample in enumerate(samples) if sample[3] is not None},
    )


def add_singly(history: History, samples: Sequence[Sample]) -> None:
    for time_ns, number, quality, value in samples:
        history.add(time_ns, number, quality, value)


def listed(samples: Samples) -> list[Sample]:
    objects = [None] * len(samples) if samples.objects is None else samples.objects.tolist()
    return list(
        zip(samples.time_ns.tolist(), samples.number.tolist(), samples.quality.tolist(), objects, strict=True)
    )


def test_a_boolean_tags_samples_are_booleans_again() -> None:
    history = History()
    add(history, [(1, 1.0, 192, None), (2, np.nan, 0, None), (3, np.nan, 192, "Maintenance")])
    history.boolean = True
    history.add(4, 0.0, 192)
    history.add(5, 37.5, 192)
    kept = history.all()
    assert str([kept.value(row) for row in range(5)]) == "[True, None, 'Maintenance', False, 37.5]"
    assert kept.booleans.tolist() == [True, False, False, True, False]
    assert not kept.all_boolean
    assert kept.rows(slice(0, 2)).boolean
    assert kept.rows(slice(0, 2)).value(0) is True


def numbered(start: int, count: int) -> list[Sample]:
    return [(number, float(number), 192, None) for number in range(start, start + count)]


@given(
    st.integers(1, 100),
    st.lists(st.tuples(st.sampled_from([add, add_singly]), st.lists(SAMPLES, max_size=90)), max_size=8),
    st.integers(0, 300),
)
def test_the_ring_keeps_what_the_tail_of_a_list_would(
    capacity: int, batches: list[tuple[Added, list[Sample]]], start: int
) -> None:
    history, everything = History(capacity), list[Sample]()
    for added, batch in batches:
        added(history, batch)
        everything += batch
        assert listed(history.all()) == everything[-capacity:]
    assert history.total == len(everything)
    assert len(history) == min(capacity, len(everything))
    assert history.forgotten == max(0, len(everything) - capacity)
    first_kept = max(start, len(everything) - capacity)
    assert listed(history.since(start)) == everything[first_kept:]
    assert history.since(start).total == len(everything)


@pytest.mark.parametrize("batch", [1, 100, FIRST_SIZE, FIRST_SIZE + 1, 3000])
def test_the_ring_grows_without_losing_anything(batch: int) -> None:
    history = History(capacity=2000)
    for start in range(0, 3000, batch):
        add(history, numbered(start, min(batch, 3000 - start)))
    assert listed(history.all()) == numbered(1000, 2000)


@given(
    st.lists(
        st.tuples(st.sampled_from([add, add_singly]), st.integers(0, 150), st.integers(1, 300)), max_size=6
    )
)
def test_a_smaller_capacity_forgets_the_oldest_alone(steps: list[tuple[Added, int, int]]) -> None:
    history, kept, total = History(capacity=300), 0, 0
    for added, count, capacity in steps:
        added(history, numbered(total, count))
        total, kept = total + count, min(history.capacity, kept + count)
        history.limit(min(history.capacity, capacity))
        kept = min(history.capacity, kept)
        assert listed(history.all()) == numbered(total - kept, kept)
        assert (history.total, history.forgotten) == (total, total - kept)


@pytest.mark.parametrize("added", [add, add_singly])
def test_only_samples_that_came_late_are_flagged(added: Added) -> None:
    history = History(capacity=100)
    added(history, numbered(0, 2))
    assert history.all().replayed is None
    history.add(2, 2.0, 192, replayed=True)
    history.append(*one(3), replayed=np.array([True]))
    added(history, numbered(4, 80))
    flags = history.all().replayed
    assert flags is not None
    assert np.flatnonzero(flags).tolist() == [2, 3]


def one(number: int) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.uint8]]:
    return np.array([number]), np.array([float(number)]), np.array([192], np.uint8)


def test_values_that_are_no_numbers_survive_growth() -> None:
    history = History()
    add(history, [(0, float("nan"), 192, "on")])
    add(history, numbered(1, 5000))
    objects = history.all().objects
    assert objects is not None
    assert objects[0] == "on"
    assert all(value is None for value in objects[1:])


def test_a_history_of_numbers_has_no_objects() -> None:
    history = History()
    add(history, numbered(0, 3))
    assert history.all().objects is None


def test_what_was_handed_out_does_not_change_afterwards() -> None:
    history = History(capacity=4)
    add(history, numbered(0, 4))
    before = history.all()
    add(history, numbered(4, 4))
    assert listed(before) == numbered(0, 4)


# ------------------------------------------------------------------ bytes


def test_texts_are_bounded_in_bytes_and_what_gives_way_is_counted() -> None:
    room = Room(most=1_000_000)
    history = History(capacity=1_000, room=room)
    for number in range(100):
        history.add(number + 1, np.nan, 192, str(number).zfill(50_000))
    assert room.used <= 1_000_000
    assert len(history) == 19
    assert history.forgotten == 81
    kept = history.all()
    assert kept.time_ns.tolist() == list(range(82, 101))
    assert [len(str(kept.value(row))) for row in range(len(kept))] == [50_000] * 19


def test_batches_of_arrays_are_bounded_alike_and_the_newest_always_stays() -> None:
    history = History(capacity=1_000, room=Room(most=10_000))
    for start in (1, 11):
        values = {row: np.zeros(50_000) for row in range(10)}
        history.append(
            np.arange(start, start + 10), np.full(10, np.nan), np.full(10, 192, np.uint8), dict(values)
        )
    assert (len(history), history.forgotten) == (1, 19)
    assert history.newest(5).time_ns.tolist() == [20]


def test_a_tag_with_more_than_its_share_gives_way_to_the_others() -> None:
    room = Room(most=200_000)
    room.share_out(2)
    first, second = History(room=room), History(room=room)
    for number in range(20):
        first.add(number, np.nan, 192, "x" * 10_000)
    assert len(first) > 15  # alone it may have everything
    for number in range(20):
        second.add(number, np.nan, 192, "x" * 10_000)
        first.add(100 + number, np.nan, 192, "x" * 10_000)
    assert room.used <= 200_000 + 2 * 10_100
    assert min(len(first), len(second)) >= 8


def test_numbers_know_nothing_of_bytes() -> None:
    room = Room(most=0)
    history = History(capacity=1_000, room=room)
    for number in range(500):
        history.add(number, float(number), 192)
    assert (len(history), history.forgotten, room.used) == (500, 0, 0)


def test_what_goes_round_or_is_cut_gives_its_bytes_back() -> None:
    room = Room()
    history = History(capacity=100, room=room)
    for number in range(250):
        history.add(number, np.nan, 192, "x" * 1_000)
    full = room.used
    assert full == 100 * size_of("x" * 1_000)
    history.limit(10)
    assert room.used == full // 10
    history.leave_room()
    assert room.used == 0
    assert len(history) == 10
