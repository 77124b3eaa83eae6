"""What is not installed, told by the name of what needs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mxgw_notebook.errors import MissingPackageError


@contextmanager
def saying_what_is_missing(wanted: str) -> Iterator[None]:
    """An import that fails in the block raises MissingPackageError by that name: what was asked for, not what
    that imports in its turn. A module of our own that is not there is no package, and raised as it is.
    """
    try:
        yield
    except (ModuleNotFoundError, MissingPackageError) as error:
        raise MissingPackageError.of(wanted, error) from None
