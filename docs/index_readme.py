"""Hatchling's hook: README as a package index shows it, where a path of the checkout leads nowhere.

Why: DECISIONS.md, "There are no project URLs".
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

PATH = r"(?![a-z]+:|#)[^)\s]+"
IMAGE = re.compile(rf"^!\[[^]]*\]\({PATH}\)\n+", re.MULTILINE)
LINK = re.compile(rf"\[([^]]+)\]\(({PATH})\)")


def shown(readme: str) -> str:
    """The text with the path in place of each link to a file, and without images that are files."""
    return LINK.sub(lambda link: named(*link.groups()), IMAGE.sub("", readme))


def named(text: str, path: str) -> str:
    """What a link to a file becomes."""
    return f"`{path}`" if path.startswith(text) else f"{text} (`{path}`)"


class IndexReadme(MetadataHookInterface):
    """Puts it into the metadata."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Sets the long description."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": shown(text)}
