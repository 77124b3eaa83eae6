"""The reading processes that a test's own process has started, told from all its other children."""

from __future__ import annotations

import psutil


def reading() -> list[psutil.Process]:
    """The reading processes below this one, ended ones that nobody looked after among them."""
    below = psutil.Process().children()
    ended = [child for child in below if child.status() == psutil.STATUS_ZOMBIE]
    return ended + [child for child in below if child not in ended and "reader_child" in str(child.cmdline())]
