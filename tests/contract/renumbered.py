"""A second set of protos: the same names, and every number different."""

from __future__ import annotations

import re
from pathlib import Path

PROTOS = Path(__file__).parents[2] / "protos"
NUMBERED = re.compile(r"^(?P<lead>\s+(?!reserved|option|syntax)[\w<>,. ]+?) = (?P<number>\d+);", re.MULTILINE)
RESERVED = re.compile(r"^\s+reserved .*\n", re.MULTILINE)


def renumbered(text: str) -> str:
    """The same proto with each field's and each enum value's number changed, but for the zeros of enums."""

    def changed(found: re.Match[str]) -> str:
        number = int(found["number"])
        return f"{found['lead']} = {number * 3 + 7 if number else 0};"

    return NUMBERED.sub(changed, RESERVED.sub("", text))


def write_renumbered(folder: Path) -> Path:
    """Writes the second set, under other file names and in one more folder, as it may come."""
    target = folder / "from the gateway"
    target.mkdir()
    for source in PROTOS.glob("*.proto"):
        (target / f"their_{source.name}").write_text(renumbered(source.read_text()))
    return folder
