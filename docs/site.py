"""Gathers the pages and has Sphinx make the site of them.

Why: DECISIONS.md, "The manual is made by Sphinx, and read from a file".
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from docs import columns, commands, decisions, licences, names, remedies, settings, tutorials

HERE = Path(__file__).parent
PAGES = HERE / "pages"
MANUAL = HERE.parent / "mxgw_notebook" / "manual"
# What a reader of the site has no use for.
LEFT_OUT = (".buildinfo", ".doctrees", "objects.inv", "_sources")
PROCESSES = "2"  # half the time of one; more gain little, as each begins with all that was read


def generated(*, run: bool = True) -> Mapping[str, str]:
    """The pages that are made of the code, by their path."""
    made: dict[str, str] = {}
    with ThreadPoolExecutor(1) as beside:
        # Their kernels are processes, and wait for the plant most of the time.
        tutorial_pages = beside.submit(tutorials.pages, run=run)
        for part in (names, commands, columns, remedies, settings, decisions, licences):
            made.update(part.pages())
        return {**made, **tutorial_pages.result()}


def written_pages() -> Iterator[Path]:
    """The pages by hand."""
    return PAGES.rglob("*.md")


def gather(folder: Path, *, run: bool = True) -> None:
    """Puts every page into a folder."""
    shutil.copytree(PAGES, folder, dirs_exist_ok=True)
    shutil.copytree(HERE.parent / "notebooks" / "images", folder / "images", dirs_exist_ok=True)
    shutil.copytree(HERE.parent / "examples", folder / "examples", dirs_exist_ok=True)
    for path, text in generated(run=run).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def build(target: Path, *, run: bool = True) -> int:
    """Builds the site, which takes the place of the one that is there; 0 when nothing was wrong with it."""
    from sphinx.cmd.build import build_main

    with tempfile.TemporaryDirectory(prefix="mxgw-manual-") as name:
        source, site = Path(name, "source"), Path(name, "site")
        gather(source, run=run)
        options = [
            "-q",
            "-W",
            "--keep-going",
            "-j",
            PROCESSES,
            "-b",
            "html",
            "-d",
            f"{name}/kept",
            "-c",
            str(HERE),
        ]
        if code := int(build_main([*options, str(source), str(site)])):
            return code
        for left in LEFT_OUT:
            found = site / left
            shutil.rmtree(found) if found.is_dir() else found.unlink(missing_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(site, target)
    return 0
