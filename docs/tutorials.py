"""The notebooks as pages, run from top to bottom, with what their cells show."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat

from mxgw_notebook.cli.demo.demo import shipped
from mxgw_notebook.cli.demo.report import execute

IMAGE = re.compile(r"\]\(images/")
OTHER = re.compile(r"\]\((\d\d_\w+)\.ipynb")
WIDGET = "application/vnd.jupyter.widget-view+json"
# What would run, or ask another machine: none of it belongs on a page that is read offline.
ACTIVE = re.compile(r"<(script|link|iframe|object)\b|\son\w+\s*=", re.IGNORECASE)
MOST_LINES = 40


def pages(*, run: bool = True) -> Mapping[str, str]:
    """A page a notebook, and the list of them; without `run` the cells stand there without what they show."""
    paths = sorted(shipped().glob("*.ipynb"))
    with ThreadPoolExecutor(len(paths)) as pool:
        notebooks = list(pool.map(executed if run else written, paths))
    made = {f"tutorials/{path.stem}.md": page(one) for path, one in zip(paths, notebooks, strict=True)}
    contents = "\n".join(path.stem for path in paths)
    made["tutorials/index.md"] = f"{ABOUT}\n```{{toctree}}\n:maxdepth: 1\n\n{contents}\n```\n"
    return made


def written(path: Path) -> Any:
    """The notebook as it is shipped."""
    return nbformat.read(path, as_version=4)


def executed(path: Path) -> Any:
    """The notebook with outputs, run in a folder of its own. Raises RuntimeError where a cell fails."""
    with tempfile.TemporaryDirectory(prefix="mxgw-tutorial-", ignore_cleanup_errors=True) as folder:
        notebook = written(Path(shutil.copy(path, folder)))
        if failure := execute(notebook, Path(folder), {}, lambda line: None):
            raise RuntimeError(f"{path.name}: {failure}")
    return notebook


def page(notebook: Any) -> str:
    """The cells one after the other."""
    return "\n\n".join(part for cell in notebook.cells for part in parts(cell)) + "\n"


def parts(cell: Any) -> Iterator[str]:
    """A cell's text or code, then what it showed."""
    if cell.cell_type == "markdown":
        yield OTHER.sub(r"](\1.md", IMAGE.sub("](../images/", cell.source))
    elif cell.source.strip():
        yield f"````ipython\n{cell.source}\n````"
        for output in cell.get("outputs", ()):
            yield from shown(output)


def shown(output: Any) -> Iterator[str]:
    """An output: a table or picture as it is, or text. Of a widget that lives, only a picture can be here."""
    if output.output_type == "stream":
        yield as_text(output.text)
        return
    data = output.get("data", {})
    html = data.get("text/html", "")
    if html and not ACTIVE.search(html):
        yield f'```{{raw}} html\n<div class="mxgw-output">\n{html}\n</div>\n```'
    elif "image/svg+xml" in data:
        yield f'```{{raw}} html\n<div class="mxgw-output">{data["image/svg+xml"]}</div>\n```'
    elif WIDGET not in data and data.get("text/plain", "").strip():
        yield as_text(data["text/plain"])


def as_text(text: str) -> str:
    """Text as it stands; of a long one the beginning."""
    lines = text.rstrip().splitlines()
    more = [f"... and {len(lines) - MOST_LINES} lines more"] if len(lines) > MOST_LINES else []
    return "\n".join(["````text", *lines[:MOST_LINES], *more, "````"])


ABOUT = """# Tutorials

Each notebook is a story from top to bottom. `mxgw-py demo` opens the first one with a simulated plant behind it. The pages below
show what the cells gave when this manual was made; live widgets stand there as the pictures that they leave when they are stopped.
"""
