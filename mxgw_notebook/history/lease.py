"""Who alone may join and remove a folder's files, though several computers record there.

On one computer a lock tells, and ends with its process. Others see it or not, as the file system likes. So
whoever has the lock also needs the newest term: a file that only one computer can create. A term ends when it
is given back, when its process is gone from its own computer, or when it was not renewed for ten minutes.

Why: DECISIONS.md, "A lock tells of one computer only".
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from mxgw_notebook.history.computer import computer_mark, is_forsaken
from mxgw_notebook.history.folder import Hold

TIDYING: Final = ".tidying"
FREE: Final = "free"


class Lease:
    """The right to tidy a folder. Raises OSError where somebody else has it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / TIDYING).touch()
        self._hold = Hold(folder / TIDYING)
        try:
            self._term = self._next_term()
        except BaseException:
            self._hold.release()
            raise

    def renew(self) -> None:
        """Says that the work goes on; raises OSError where another computer took it for ended."""
        if self._terms()[-1:] != [self._term]:
            raise OSError("another computer tidies this folder by now")
        os.utime(self._term)

    def release(self) -> None:
        """Gives it back."""
        try:
            if self._term.exists():
                self._term.write_text(FREE)
        finally:
            self._hold.release()

    def _terms(self) -> list[Path]:
        return sorted(self._folder.glob(f"{TIDYING}.*"), key=lambda path: int(path.suffix[1:]))

    def _next_term(self) -> Path:
        """The term after the last one, which has ended."""
        known = self._terms()
        if known:
            owner = known[-1].read_text()
            # One of this computer whose process lives has the lock, where there are locks.
            ended = (FREE, computer_mark(self._folder)) if self._hold.is_sure else (FREE,)
            if owner not in ended and not is_forsaken(known[-1]):
                raise OSError("another computer tidies this folder")
        number = int(known[-1].suffix[1:]) + 1 if known else 1
        term = self._folder / f"{TIDYING}.{number}"
        with term.open("x") as file:  # of two computers that do it at once one fails
            file.write(computer_mark(self._folder))
        for path in known:
            path.unlink(missing_ok=True)
        return term
