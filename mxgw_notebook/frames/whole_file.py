"""A file that is written whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mxgw_notebook.errors import ConfigurationError, reason_of


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Where to write meanwhile: a file beside the target, which takes its place at the end. Raises OSError.

    Who reads meanwhile has the file of before, and a full disk leaves that as it is. Of two that write the
    same file at once, each has a place of its own.
    """
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def being_written(target: Path, *, is_named: bool = True) -> Iterator[None]:
    """What keeps a file from being written is a ConfigurationError; that a person's is replaced is said."""
    if is_named:
        tell_replaced(target)
    try:
        yield
    except OSError as error:
        reason = reason_of(error)
        raise ConfigurationError(f"{target} cannot be written: {reason}", hint="Name another file.") from None


def put_whole(target: Path, data: bytes) -> None:
    """Writes bytes as a file. Raises OSError."""
    with whole_file(target) as part:
        part.write_bytes(data)


def tell_replaced(target: Path) -> None:
    """Says that a file is there and will be replaced: no person's file is overwritten without a word."""
    if target.exists():
        print(f"{target} was there already, and is replaced.", flush=True)  # noqa: T201
