"""How much one has to read at once: functions of a few lines, files of one noun or verb.

Some things are long by what they are, a table of options or a docstring that says much: it is shares that
are held, docstrings counted with the rest.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import mxgw_notebook

PACKAGE = Path(mxgw_notebook.__file__).parent
LONG, LARGEST_SHARE_OF_LONG = 16, 0.10
LONGEST, LARGEST_SHARE_OF_LONGEST = 35, 0.007
LONG_FILE, LARGEST_SHARE_OF_LONG_FILES = 300, 0.02


def test_nine_of_ten_functions_have_few_lines() -> None:
    assert share_longer_than(LONG) <= LARGEST_SHARE_OF_LONG


def test_hardly_a_function_is_longer_than_a_screen() -> None:
    assert share_longer_than(LONGEST) <= LARGEST_SHARE_OF_LONGEST, longest_functions()


def test_hardly_a_file_is_long() -> None:
    lengths = {str(path.relative_to(PACKAGE)): len(path.read_text("utf-8").splitlines()) for path in files()}
    long = {name: length for name, length in lengths.items() if length > LONG_FILE}
    assert len(long) <= LARGEST_SHARE_OF_LONG_FILES * len(lengths), long


def files() -> Iterator[Path]:
    """The package's own; what is generated nobody reads."""
    return (path for path in PACKAGE.rglob("*.py") if "_generated" not in path.parts)


@cache
def functions() -> dict[str, int]:
    """Each function's length in lines, from its `def` on."""
    return {
        f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in files()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def share_longer_than(lines: int) -> float:
    """Of all functions."""
    return sum(length > lines for length in functions().values()) / len(functions())


def longest_functions() -> list[str]:
    """Those that are longer than a screen, the longest first."""
    found = sorted(functions().items(), key=lambda one: -one[1])
    return [f"{name}: {length} lines" for name, length in found if length > LONGEST]
