"""What pip leaves of a package with entry points, without pip."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def put_package(folder: Path, module: str, code: str, group: str, points: Mapping[str, str]) -> None:
    """A module of that code, and beside it the list of its entry points in a group, by name."""
    name = module.replace("_", "-")
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    facts = folder / f"{module}-1.0.dist-info"
    facts.mkdir()
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    (facts / "METADATA").write_text(about, encoding="utf-8")
    lines = [f"[{group}]", *(f"{point} = {value}" for point, value in points.items())]
    (facts / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
