"""DECISIONS.md as numbered pages, one a decision, in the order in which they were taken down."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
SOURCE = CHECKOUT / "DECISIONS.md"
NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")
# How the code names a decision that it follows, by the title: numbers are the manual's own.
CITED = re.compile(r'Why: DECISIONS\.md, "([^"]+)"\.')
FOLDERS = ("mxgw_notebook", "benchmarks", "docs", "protos", "tests")


def decisions() -> Iterator[tuple[str, str]]:
    """Title and text of each."""
    _, *parts = SOURCE.read_text(encoding="utf-8").split("\n## ")
    for part in parts:
        title, _, text = part.partition("\n")
        yield title, text.strip()


def citations() -> Mapping[str, list[str]]:
    """The files that name a decision, by its title."""
    found = defaultdict(list)
    for path in sorted(path for folder in FOLDERS for path in (CHECKOUT / folder).rglob("*.py")):
        for title in CITED.findall(path.read_text(encoding="utf-8")):
            found[title].append(path.relative_to(CHECKOUT).as_posix())
    return found


def pages() -> Mapping[str, str]:
    """A page a decision, and the list of them."""
    made, listed, cited = {}, [], citations()
    for number, (title, text) in enumerate(decisions(), 1):
        name = f"{number:04d}-{NOT_IN_A_NAME.sub('-', title.lower()).strip('-')[:60]}"
        files = ", ".join(f"`{path}`" for path in cited[title])
        made[f"decisions/{name}.md"] = (
            f"# {number}. {title}\n\n{text}\n\nThe code that follows it: {files}.\n"
        )
        listed.append(name)
    contents = "\n".join(listed)
    made["decisions/index.md"] = (
        "# Decisions\n\nChoices that could surprise a reader, and what they were weighed against.\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n\n{contents}\n```\n"
    )
    return made
