"""DECISIONS.md as numbered pages, one a decision, in the order in which they were taken down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "DECISIONS.md"
NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")


def pages() -> Mapping[str, str]:
    """A page a decision, and the list of them."""
    _, *parts = SOURCE.read_text(encoding="utf-8").split("\n## ")
    made, listed = {}, []
    for number, part in enumerate(parts, 1):
        title, _, text = part.partition("\n")
        name = f"{number:04d}-{NOT_IN_A_NAME.sub('-', title.lower()).strip('-')[:60]}"
        made[f"decisions/{name}.md"] = f"# {number}. {title}\n\n{text.strip()}\n"
        listed.append(name)
    contents = "\n".join(listed)
    made["decisions/index.md"] = (
        "# Decisions\n\nChoices that could surprise a reader, and what they were weighed against.\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n\n{contents}\n```\n"
    )
    return made
