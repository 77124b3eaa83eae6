"""Values of every kind, read back from Parquet: numbers by the columns of numbers, the others whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from mxgw_notebook.client import Value
from mxgw_notebook.history import Recording, open_recording
from mxgw_notebook.history.folder import prepare
from mxgw_notebook.history.journal import SUFFIX, Journal
from mxgw_notebook.history.month import DOUBLE, MONTH_BEGIN_NS
from mxgw_notebook.history.rolling import roll
from mxgw_notebook.history.rows import REPLAYED, sample_rows, samples_by_tag

BIG = 2**60 + 1
NUMBER, LATE, WORD, COUNT, ARRAY, NOTHING = (
    f"A.{name}" for name in ["Number", "Late", "Word", "Count", "Array", "None"]
)
TAGS = [NUMBER, LATE, WORD, COUNT, ARRAY, NOTHING]
OTHERS: dict[int, Value] = {2: "open", 3: BIG, 4: np.array([1.0, 2.0])}
EVENTS = 40


@pytest.fixture
def recording(folder: Path) -> Recording:
    """A segment of six tags, each with forty values of a kind of its own, as a recorder leaves it."""
    prepare(folder, "ours")
    place = np.tile(np.arange(len(TAGS)), EVENTS)
    count = len(place)
    rows = sample_rows(
        pa.array(TAGS).take(pa.array(place)),
        MONTH_BEGIN_NS + np.arange(count, dtype=np.int64) * 1_000_000,
        np.where(place < 2, place + 0.5, np.nan),
        np.full(count, 192, np.uint8),
        np.where(place < 2, DOUBLE, -1).astype(np.int8),
        {row: OTHERS[int(which)] for row, which in enumerate(place) if int(which) in OTHERS},
        np.where(place == 1, REPLAYED, 0).astype(np.uint8),
        np.arange(1, count + 1),
    )
    journal = Journal(folder / "journal" / "plant=ours" / f"run.000000{SUFFIX}")
    begin = {"table": "begin", "begin_ns": MONTH_BEGIN_NS, "run": "run", "plant": "ours", "tags": TAGS}
    journal.append(rows, [begin, {"table": "alive", "until_ns": MONTH_BEGIN_NS + count * 1_000_000}])
    journal.close()
    roll(folder, journal.path)
    return open_recording(folder)


@pytest.mark.parametrize("wanted", [[NUMBER], [WORD], TAGS])
def test_what_is_read_by_fewer_columns_is_what_stands_there(recording: Recording, wanted: list[str]) -> None:
    span = (MONTH_BEGIN_NS, MONTH_BEGIN_NS + 10**12)
    found = recording.source.samples(wanted, *span)
    whole = samples_by_tag(recording.source.rows(wanted, *span), wanted)
    assert list(found) == wanted
    for tag in wanted:
        one, other = found[tag], whole[tag]
        assert len(one) == EVENTS
        assert np.array_equal(one.time_ns, other.time_ns)
        assert np.array_equal(one.number, other.number, equal_nan=True)
        assert np.array_equal(one.quality, other.quality)
        assert (one.replayed is None) == (other.replayed is None) == (tag != LATE)
        assert str(one.objects) == str(other.objects)


def test_each_kind_is_what_was_sent(recording: Recording) -> None:
    found = recording.source.samples(TAGS, MONTH_BEGIN_NS, MONTH_BEGIN_NS + 10**12)
    assert found[NUMBER].number.tolist() == [0.5] * EVENTS
    assert found[NUMBER].objects is None
    others = {tag: list(found[tag].objects) for tag in (WORD, COUNT, ARRAY)}  # type: ignore[arg-type]
    assert others[WORD] == ["open"] * EVENTS
    assert others[COUNT] == [BIG] * EVENTS
    assert others[ARRAY][0].tolist() == [1.0, 2.0]
    assert np.isnan(found[NOTHING].number).all()
