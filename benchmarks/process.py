"""The processes of a benchmark: a source as long as it runs, a child for each measurement."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from benchmarks.benchmark import CannotMeasure, Figures

ROOT = Path(__file__).resolve().parents[1]


class MeasurementError(Exception):
    """A variant's process failed or was stuck; the message carries what it wrote to standard error."""


@contextmanager
def source(module: str, *arguments: str) -> Iterator[str]:
    """Runs `python -m module` and yields the host:port that its first line of output names.

    The source ends when its standard input does, so it goes with us even when we are killed.
    """
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        if not address:
            raise MeasurementError(f"the source {module} ended with {process.wait()} before it listened")
        yield address


@contextmanager
def no_source(_size: int) -> Iterator[str]:
    """For variants that make their own data."""
    yield "nowhere:0"


def measured(name: str, variant: str, address: str, size: int, timeout: float | None = None) -> Figures:
    """The figures of one variant, from a process of its own that is given so many seconds."""
    command = [sys.executable, "-m", "benchmarks.child", name, variant, address, str(size)]
    try:
        child = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        raise MeasurementError(f"{name}/{variant} was not done after {timeout:g} s") from None
    if child.returncode != 0:
        raise MeasurementError(f"{name}/{variant} failed:\n{child.stderr}")
    found = json.loads(child.stdout.splitlines()[-1])
    if "cannot" in found:
        raise CannotMeasure(f"{name}/{variant} cannot be measured here: {found['cannot']}")
    return cast(Figures, found)
