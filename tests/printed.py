"""What a program prints while it runs, line by line; no key may be in it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

from tests.spilled import look


def printed(process: subprocess.Popen[str]) -> Iterator[str]:
    """Each line that a program prints from now on, until it ends."""
    assert process.stdout is not None
    for line in process.stdout:
        look(line, "a program's output")
        yield line
