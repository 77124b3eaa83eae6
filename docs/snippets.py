"""An example for each public name: a file a page in `docs/snippets`, which runs from top to bottom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "snippets"
PART = re.compile(r"^## (?P<names>.+)\n(?P<text>(?:(?!^## ).*\n?)*)", re.MULTILINE)


def files() -> list[Path]:
    """The files, one a page of the reference."""
    return sorted(FOLDER.glob("*.md"))


@cache
def examples() -> Mapping[str, str]:
    """The example of each name, as Markdown. It runs after those before it on its page."""
    return {
        name.strip(): part["text"].strip()
        for file in files()
        for part in PART.finditer(file.read_text(encoding="utf-8"))
        for name in part["names"].split(",")
    }


def headings_of(path: str) -> tuple[str, str]:
    """What an example's heading may call a name: with its package, as in `compat.GatewayClient`, or alone."""
    return path.removeprefix("mxgw_notebook."), path.rpartition(".")[2]


def example_of(path: str) -> str:
    """The example to stand below a name's description; empty where there is none."""
    found = next((examples()[name] for name in headings_of(path) if name in examples()), "")
    return f"\n**Example**\n\n{found}\n" if found else ""
