"""An example for each public name: a file a page in `docs/snippets`; what one needs of those before it is added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from docs.standalone import standing_alone

FOLDER = Path(__file__).parent / "snippets"
PART = re.compile(r"^## (?P<names>.+)\n(?P<text>(?:(?!^## ).*\n?)*)", re.MULTILINE)
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def files() -> list[Path]:
    """The files, one a page of the reference."""
    return sorted(FOLDER.glob("*.md"))


def parts_of(file: Path, *, bench: bool = True) -> Iterator[tuple[list[str], str]]:
    """The names and the text of each example of a file, each block of which can be pasted alone."""
    before = ""
    for part in PART.finditer(file.read_text(encoding="utf-8")):
        names, text = [name.strip() for name in part["names"].split(",")], part["text"].strip()
        (code,) = BLOCK.findall(text)
        yield names, text.replace(code, standing_alone(code, before, bench=bench))
        before += code


@cache
def examples() -> Mapping[str, str]:
    """The example of each name, as Markdown."""
    return {name: text for file in files() for names, text in parts_of(file) for name in names}


def headings_of(path: str) -> tuple[str, str]:
    """What an example's heading may call a name: with its package, as in `compat.GatewayClient`, or alone."""
    return path.removeprefix("mxgw_notebook."), path.rpartition(".")[2]


def example_of(path: str) -> str:
    """The example to stand below a name's description; empty where there is none."""
    found = next((examples()[name] for name in headings_of(path) if name in examples()), "")
    return f"\n**Example**\n\n{found}\n" if found else ""
