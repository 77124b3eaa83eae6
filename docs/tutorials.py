"""The notebooks as pages, with what their cells show where they are run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
IMAGE = re.compile(r"\]\(images/")
OTHER = re.compile(r"\]\((\d\d_\w+)\.ipynb")


def pages(*, run: bool = False) -> Mapping[str, str]:
    """A page a notebook, and the list of them."""
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    made = {
        f"tutorials/{path.stem}.md": page(json.loads(path.read_text(encoding="utf-8")), path)
        for path in paths
    }
    contents = "\n".join(path.stem for path in paths)
    made["tutorials/index.md"] = f"{ABOUT}\n```{{toctree}}\n:maxdepth: 1\n\n{contents}\n```\n"
    return made


def page(notebook: Mapping[str, Any], path: Path) -> str:
    """The cells one after the other."""
    return "\n\n".join(part for cell in notebook["cells"] for part in parts(cell)) + "\n"


def parts(cell: Mapping[str, Any]) -> Iterator[str]:
    """A cell's text or code, then what it showed."""
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        yield OTHER.sub(r"](\1.md", IMAGE.sub("](../images/", source))
    elif source.strip():
        yield f"````ipython\n{source}\n````"


ABOUT = """# Tutorials

Four notebooks, each a story from top to bottom. `mxgw-py demo` opens the first one with a simulated plant behind it.
"""
