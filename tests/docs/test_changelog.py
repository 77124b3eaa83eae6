"""CHANGELOG.md has the form of Keep a Changelog, and speaks of the version that pyproject.toml has."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
TEXT = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
VERSION = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
KINDS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
RELEASE = re.compile(r"\[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d{2}-\d{2})")
LINK = re.compile(r"\]\(([^)\s]+)\)")
PROSE, *PARTS = re.split(r"^## ", TEXT, flags=re.MULTILINE)
RELEASES = [part.partition("\n")[0] for part in PARTS[1:]]


def test_what_is_not_released_comes_first_and_names_the_version_that_it_will_be() -> None:
    title, _, text = PARTS[0].partition("\n")
    assert title == "[Unreleased]"
    released = [".".join(map(str, number(line))) for line in RELEASES]
    assert VERSION in (released[:1] or re.findall(r"\d+\.\d+\.\d+", text.partition("###")[0]))


def test_each_release_has_a_number_and_a_day_the_newest_first() -> None:
    numbers = [number(line) for line in RELEASES]
    assert all(newer > older for newer, older in pairwise(numbers))


def test_each_part_has_only_the_kinds_of_change_in_their_order_and_none_of_them_empty() -> None:
    for part in PARTS:
        _, *sections = part.split("\n### ")
        kinds = [section.partition("\n")[0] for section in sections]
        assert kinds == [kind for kind in KINDS if kind in kinds]
        assert all("\n- " in section for section in sections)


def test_no_change_is_listed_twice() -> None:
    lines = [line for line in TEXT.splitlines() if line.lstrip().startswith("- ") and len(line) > 60]
    assert [line for line in lines if lines.count(line) > 1] == []


def test_each_link_leads_to_a_file_of_the_checkout() -> None:
    assert [link for link in LINK.findall(TEXT) if not (CHECKOUT / link).exists()] == []


def number(title: str) -> tuple[int, ...]:
    """The version in the title of a release, which must have its day beside it."""
    matched = RELEASE.fullmatch(title)
    assert matched, title
    return tuple(map(int, matched.groups()[:3]))
