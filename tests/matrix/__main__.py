"""`python -m tests.matrix` tries each combination and writes the table of them into the manual.

An environment is made for each row by `uv`, and thrown away after its tests. All rows take most of an hour;
`--only TEXT` takes those whose name has the text, and leaves the other lines of the table as they are.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from tests.matrix.rows import ROWS, Row

CHECKOUT = Path(__file__).parents[2]
PAGE = CHECKOUT / "docs" / "pages" / "project" / "matrix.md"
BEGIN, END = "<!-- made by python -m tests.matrix -->\n", "<!-- until here -->"
HEADER = "| | Versions | Result | Run on |\n|---|---|---|---|\n"
COUNTS = re.compile(r"(\d+) (passed|failed|errors?|skipped)")
SECONDS = 1800
VERSIONS = """
import sys
from importlib.metadata import version
from platform import python_version
print(python_version(), *map(version, sys.argv[1:]))
"""


def main() -> int:
    """Tries the rows one after the other; 1 where one of them failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.matrix", description="Try combinations of versions."
    )
    parser.add_argument("--only", default="", metavar="TEXT", help="the rows whose name has this")
    chosen = [row for row in ROWS if parser.parse_args().only.lower() in row.name.lower()]
    failed = 0
    for row in chosen:
        line, ok = tried(row)
        failed += not ok
        write_line(row.name, line)
        sys.stdout.write(f"{line}\n")
    return 1 if failed else 0


def tried(row: Row) -> tuple[str, bool]:
    """The row's line of the table, and whether all its tests passed."""
    today = datetime.now(UTC).date().isoformat()
    with tempfile.TemporaryDirectory(prefix="mxgw-matrix-") as folder:
        interpreter = python_of(row.python)
        if interpreter is None:
            return f"| {row.name} | Python {row.python} is not on this machine | not run | {today} |", True
        python = Path(folder, "bin", "python")
        install(interpreter, Path(folder), row)
        result, ok = tests_of(row, python)
        versions = ", ".join(f"{name} {version}" for name, version in versions_of(python, row).items())
    return f"| {row.name} | {versions} | {result} | {today} |", ok


def tests_of(row: Row, python: Path) -> tuple[str, bool]:
    """How many of a row's tests passed, and whether all did; what fails is tried once more alone."""
    kept = f"cache_dir={python.parent / 'pytest_cache'}"
    command = [str(python), "-m", "pytest", "-q", "-o", kept]
    told = []
    for beside in ((), ("--last-failed", "--last-failed-no-failures", "none")):
        run = subprocess.run(
            [*command, *row.tests, *beside],
            cwd=CHECKOUT, env=environment(), capture_output=True, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip
        counts = COUNTS.findall(last_line(run.stdout))
        told.append(", ".join(f"{count} {word}" for count, word in counts) or "did not run")
        if run.returncode == 0:
            break
        sys.stderr.write(run.stdout[-5_000:] + run.stderr[-2_000:])
    return "; once more alone: ".join(told), run.returncode == 0


def python_of(version: str) -> str | None:
    """A Python of that version: on the path, or as pyenv has them; one that does not start is none."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    found = [shutil.which(f"python{version}"), *map(str, sorted(root.glob(f"{version}.*/bin/python")))]
    asked = [sys.executable, *filter(None, found)]
    return next((one for one in asked if minor_version(one) == version), None)


def minor_version(python: str) -> str:
    """Such as 3.12; empty for what does not start."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    run = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return run.stdout.strip()


def install(interpreter: str, folder: Path, row: Row) -> None:
    """Makes the environment: this checkout with what its tests need, and the row's versions."""
    uv = shutil.which("uv")
    if uv is None:
        raise SystemExit("The matrix needs uv: python -m pip install uv")
    subprocess.run([interpreter, "-m", "venv", "--without-pip", str(folder)], check=True)
    wanted = ["-e", ".[test]", *row.requirements]
    subprocess.run(
        [uv, "pip", "install", "--quiet", "--python", str(folder / "bin" / "python"), *wanted],
        cwd=CHECKOUT, check=True,
    )  # fmt: skip


def environment() -> Mapping[str, str]:
    """Without what would take Python elsewhere, and with browsers asked for."""
    left_out = {"PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME"}
    return {**{name: value for name, value in os.environ.items() if name not in left_out}, "CI": "true"}


def versions_of(python: Path, row: Row) -> dict[str, str]:
    """What is installed there, of the packages that the row shows; Python's own first."""
    run = subprocess.run(
        [str(python), "-c", VERSIONS, *row.shown], capture_output=True, text=True, check=True
    )
    return dict(zip(("Python", *row.shown), run.stdout.split(), strict=True))


def last_line(text: str) -> str:
    """The line with the counts; empty where nothing was said."""
    return next((line for line in reversed(text.splitlines()) if COUNTS.search(line)), "")


def write_line(name: str, line: str) -> None:
    """Puts a row's line into the page's table, in the order of the rows."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    table, _, after = rest.partition(END)
    known = {one.split("|")[1].strip(): one for one in table.removeprefix(HEADER).splitlines()}
    known[name] = line
    lines = [known[row.name] for row in ROWS if row.name in known]
    made = HEADER + "".join(f"{one}\n" for one in lines)
    PAGE.write_text(f"{before}{BEGIN}{made}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
