"""The file that is appended to: whatever it is cut off at, all that was written before can be read."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from mxgw_notebook.history.journal import HEAD, Journal, read_journal
from mxgw_notebook.history.rows import samples_by_tag
from tests.history.journaled import rows


def test_a_journal_that_is_cut_anywhere_has_every_batch_before_that(tmp_path: Path) -> None:
    path = tmp_path / "run.000000.arrow"
    journal = Journal(path)
    ends = [len(HEAD)]
    for number in range(4):
        journal.append(rows("A", [number + 1] * 3, [1.0, "text", None]), [{"table": "note", "n": number}])
        ends.append(journal.size)
    journal.close()
    data = path.read_bytes()
    assert len(data) == journal.size
    for cut in sorted(
        {*range(0, len(data), 97), *(end + step for end in ends for step in (-1, 0, 1)), len(data)}
    ):
        samples, facts = read_journal(pa.BufferReader(data[:cut]))
        whole = sum(end <= cut for end in ends) - 1
        # A batch of facts follows that of samples: the samples may stand alone.
        assert len(facts) == max(0, whole)
        assert samples.num_rows - 3 * max(0, whole) in (0, 3)


def test_a_journal_that_is_there_is_not_opened_again(tmp_path: Path) -> None:
    Journal(tmp_path / "a.000000.arrow").close()
    with pytest.raises(FileExistsError):
        Journal(tmp_path / "a.000000.arrow")


def test_a_journal_that_has_no_room_for_its_head_leaves_nothing(tmp_path: Path) -> None:
    with room_for(len(HEAD) - 1), pytest.raises(OSError, match="too large"):
        Journal(tmp_path / "run.000000.arrow")
    assert list(tmp_path.iterdir()) == []
    Journal(tmp_path / "run.000000.arrow").close()


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file grows beyond a size: as where a disk is full, a write takes a part, and the next one none."""
    resource = pytest.importorskip("resource", reason="Windows bounds no file's size")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_could_not_be_written_leaves_a_journal_that_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "run.000000.arrow"
    journal = Journal(path)
    journal.append(rows("A", [1], [1.0]))
    with room_for(journal.size + 300), pytest.raises(OSError, match="too large"):
        journal.append(rows("A", list(range(1, 500)), [float(one) ** 3 for one in range(499)]))
    assert path.stat().st_size == journal.size
    journal.append(rows("A", [2], [2.0]))
    journal.close()
    samples, _ = read_journal(path)
    assert samples["value"].to_pylist() == [1.0, 2.0]
    assert journal.rows == 2


@pytest.mark.parametrize("seed", range(3))
def test_a_disk_that_is_full_at_random_writes_takes_nothing_acknowledged_and_doubles_nothing(
    tmp_path: Path, seed: int
) -> None:
    chance, path = random.Random(seed), tmp_path / "run.000000.arrow"
    journal, acknowledged, refused = Journal(path), list[float](), 0
    for number in range(100):
        batch = [float(100 * number + row) for row in range(chance.randint(1, 40))]
        more = chance.choice([1 << 20, chance.randint(0, 2000)])
        try:
            with room_for(journal.size + more):
                journal.append(rows("A", list(range(1, len(batch) + 1)), batch), [{"table": "note"}])
            acknowledged += batch
        except OSError:
            refused += 1
        # Whoever reads it at any moment reads what was acknowledged until then.
        assert read_journal(path)[0]["value"].to_pylist() == acknowledged
    journal.close()
    assert refused > 10
    assert journal.rows == len(acknowledged) + 100 - refused


VALUES = [
    "text", "", "é€𝄞", 2**63 - 1, -(2**53) - 1, b"\x00\xff",
    np.datetime64("2026-05-04T06:00:00.123456789", "ns"), np.datetime64("NaT", "ns"),
    np.array([[1.5, np.nan], [np.inf, -0.0]]), np.array([True, False]), np.array([2**62, -1]),
    np.array(["a", ""], object), np.array(["2026-05-04"], "datetime64[ns]"), np.array([], np.float64), None,
    float("inf"), -0.0,
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=[str(value)[:20] for value in VALUES])
def test_a_value_of_any_kind_comes_back_as_it_was(tmp_path: Path, value: Any) -> None:
    journal = Journal(tmp_path / "run.000000.arrow")
    journal.append(rows("A", [1, 2], [value, 7.0]))
    journal.close()
    found = samples_by_tag(read_journal(journal.path)[0], ["A"])["A"]
    back = found.value(0)
    if isinstance(value, np.ndarray):
        assert isinstance(back, np.ndarray)
        assert (back.dtype, back.shape) == (value.dtype, value.shape)
        assert np.array_equal(back, value, equal_nan=value.dtype.kind == "f")
    else:
        assert type(back) is type(value)
        assert str(back) == str(value)
    assert found.value(1) == 7.0


def test_nan_that_was_sent_is_a_number_and_nothing_is_none(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "run.000000.arrow")
    journal.append(rows("A", [1, 2], [float("nan"), None]))
    journal.close()
    kinds = read_journal(journal.path)[0]
    assert kinds["kind"].to_pylist()[0] == "double"
    assert np.isnan(kinds["value"].to_pylist()[0])
