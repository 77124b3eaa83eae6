"""No key and no password of a test comes out anywhere: not in what is printed, logged or written to a file.

The whole run is looked through: the output of each test and of each program that it starts, its logs, the
outputs of its kernels, and every file that it leaves in its folder. Files that are made for keys by
their name are left out; a test that puts a key elsewhere on purpose, as a user does, is marked `keeps_keys`.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

# The keys and the passwords of the tests; none of them stands for anything else.
KEYS = re.compile(
    r"mxgw_\w*?_\w*(?:s[e3]cret|5ecret|wrong|never|0123456789)\w*|wr0ng-passw0rd|demo-(?:operator|supervisor|engineer)"
)
# What a user makes for keys, and for nothing else.
OF_KEYS = ("*.key", "keys.json")
LARGEST = 64 * 1024 * 1024
found: list[str] = []


def look(text: str | bytes | None, where: str) -> None:
    """Notes each key in a text, to be told at the end of the test."""
    if text:
        told = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        found.extend(f"{where}: {key}" for key in sorted(set(KEYS.findall(told))))


def look_in_folder(folder: Path) -> None:
    """Looks through every file that a test has left in its folder."""
    for path in sorted(folder.rglob("*")):
        if any(map(path.match, OF_KEYS)) or not path.is_file() or path.is_symlink():
            continue
        if path.stat().st_size <= LARGEST:
            look(path.read_bytes(), str(path.relative_to(folder)))


@pytest.fixture(scope="session", autouse=True)
def programs_are_looked_at() -> Iterator[None]:
    """What programs print that tests start, and what a test takes out of its own output."""
    communicate, readouterr = subprocess.Popen.communicate, pytest.CaptureFixture.readouterr
    communicate_later = asyncio.subprocess.Process.communicate

    def communicated(self: Any, *given: Any, **named: Any) -> Any:
        printed = communicate(self, *given, **named)
        for text in printed:
            look(text, "a program's output")
        return printed

    async def communicated_later(self: Any, *given: Any, **named: Any) -> Any:
        printed = await communicate_later(self, *given, **named)
        for text in printed:
            look(text, "a program's output")
        return printed

    def read(self: Any) -> Any:
        printed = readouterr(self)
        look(printed.out, "standard output")
        look(printed.err, "standard error")
        return printed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess.Popen, "communicate", communicated)
        patch.setattr(asyncio.subprocess.Process, "communicate", communicated_later)
        patch.setattr(pytest.CaptureFixture, "readouterr", read)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fails a test by which a key came out."""
    report = yield
    if call.when != "call" or item.get_closest_marker("keeps_keys"):
        found.clear()
        return report
    for name, text in report.sections:
        look(text, name)
    if isinstance(folder := getattr(item, "funcargs", {}).get("tmp_path"), Path):
        look_in_folder(folder)
    if found and report.passed:
        report.outcome = "failed"
        report.longrepr = "A key came out.\n" + "\n".join(found)
    found.clear()
    return report
