"""The file that a recorder appends to: Arrow's IPC stream, of which any beginning can be read.

A batch is written by one call, whole or not at all: what a full disk took half of is cut off again. So a
process may be killed at any moment and loses what it had not written, nothing else. Beside samples a batch
may hold facts: rows without a tag, whose column `fact` is JSON with the name of its table.

Why: DECISIONS.md, "A journal is read until it is removed".
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa

from mxgw_notebook.history.computer import FORSAKEN_SECONDS
from mxgw_notebook.history.rows import SAMPLE_SCHEMA

JOURNAL_SCHEMA: Final = SAMPLE_SCHEMA.append(pa.field("fact", pa.string()))
OPTIONS: Final = pa.ipc.IpcWriteOptions(compression="lz4")
END_BYTES = 8  # what Arrow puts at a stream's end
SUFFIX = ".arrow"

Fact = Mapping[str, Any]


class Journal:
    """One file that is appended to. `rows` and `size` count what stands in it for certain.

    Raises:
        OSError: It cannot be created; from `append`: the batch was not written, and nothing stands of it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = self.size = 0
        # Of a computer that slept only the second one has gone on.
        self._appended = (time.monotonic(), time.time())
        # Never one that is there: two that append to one file would make it unreadable.
        self._file: BinaryIO | None = path.open("xb", buffering=0)
        try:
            self._put(HEAD)
        except BaseException:  # of one that has no head nothing is left
            self.close()
            path.unlink(missing_ok=True)
            raise

    @property
    def is_taken(self) -> bool:
        """Whether another computer may have taken it for one that was left: it has gone, or was silent.

        Nobody takes one that was appended to in the last ten minutes; an own one is given up after five.
        """
        passed = max(time.monotonic() - self._appended[0], time.time() - self._appended[1])
        is_gone = self._file is not None and os.fstat(self._file.fileno()).st_nlink == 0
        return is_gone or passed > FORSAKEN_SECONDS / 2

    @property
    def is_open(self) -> bool:
        """Whether more can be appended: not after a failure that could not be taken back."""
        return self._file is not None

    def append(self, samples: Any, facts: Sequence[Fact] = ()) -> None:
        """Writes samples, a record batch or None, and facts; on return they outlive this process."""
        batches = [samples_as_journaled(samples)] if samples is not None and samples.num_rows else []
        batches += [facts_as_journaled(facts)] if facts else []
        self._put(b"".join(map(framed, batches)))
        self.rows += sum(batch.num_rows for batch in batches)

    def sync(self) -> None:
        """Has the disk itself take what was written, for a loss of power."""
        if self._file is not None:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Ends the appending. Harmless the second time."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _put(self, data: bytes) -> None:
        if self._file is None:
            raise OSError(f"{self.path} is closed")
        try:
            put = self._file.write(data)
            while put is not None and put < len(data):  # a disk that is nearly full takes a part
                put += self._file.write(data[put:]) or 0
        except OSError:
            self._take_back()
            raise
        self.size += len(data)
        self._appended = (time.monotonic(), time.time())

    def _take_back(self) -> None:
        """Cuts off what was half written: behind it nothing could be read any more."""
        try:
            if self._file is not None:
                self._file.truncate(self.size)
                self._file.seek(self.size)
        except OSError:
            self.close()


def framed(batch: Any = None) -> bytes:
    """A batch as it stands in a stream; without one, what a stream begins with."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, JOURNAL_SCHEMA, options=OPTIONS) as stream:
        if batch is not None:
            stream.write_batch(batch)
    whole: bytes = sink.getvalue().to_pybytes()
    return whole[:-END_BYTES] if batch is None else whole[len(HEAD) : -END_BYTES]


HEAD: Final = framed()


def samples_as_journaled(samples: Any) -> Any:
    """Samples with a column for facts, empty."""
    return pa.record_batch([*samples.columns, pa.nulls(samples.num_rows, pa.string())], schema=JOURNAL_SCHEMA)


def facts_as_journaled(facts: Sequence[Fact]) -> Any:
    """Facts as rows without a sample."""
    texts = pa.array([json.dumps(fact) for fact in facts], pa.string())
    empty = [pa.nulls(len(facts), field.type) for field in SAMPLE_SCHEMA]
    return pa.record_batch([*empty, texts], schema=JOURNAL_SCHEMA)


def journaled_batches(source: Any) -> Iterator[Any]:
    """The batches that stand whole in a journal, from its path, or a binary file that is open.

    Its writer may be at work, or have been killed in the midst of one: that one is left out.
    """
    try:
        stream = pa.ipc.open_stream(pa.OSFile(str(source)) if isinstance(source, Path) else source)
        yield from stream
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError, EOFError):
        return


def read_journal(source: Any) -> tuple[Any, list[dict[str, Any]]]:
    """A journal's samples as a table, and its facts in the order in which they were written."""
    table = pa.Table.from_batches(list(journaled_batches(source)), schema=JOURNAL_SCHEMA)
    texts = table["fact"].drop_null().to_pylist()
    samples = table.filter(table["tag"].is_valid()).select(SAMPLE_SCHEMA.names)
    return samples, [json.loads(text) for text in texts]
