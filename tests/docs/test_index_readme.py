"""What an index shows of the package has no link that is dead there."""

from __future__ import annotations

import re
from pathlib import Path

from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager

CHECKOUT = Path(__file__).parents[2]
TARGET = re.compile(r"\]\(([^)\s]+)\)|\b(?:src|href)=\"([^\"]+)\"")


def long_description() -> str:
    """The README that the built metadata has."""
    core = ProjectMetadata(str(CHECKOUT), PluginManager()).core
    assert core.readme_content_type == "text/markdown"
    return core.readme


def test_each_link_on_an_index_leads_to_an_address() -> None:
    targets = [one or other for one, other in TARGET.findall(long_description())]
    assert [target for target in targets if not target.startswith("https://")] == []


def test_nothing_else_of_the_readme_is_left_out() -> None:
    readme, told = (CHECKOUT / "README.md").read_text(encoding="utf-8"), long_description()
    assert readme.count("](") > 5
    assert "Run a service in a container (`docs/pages/howto/container.md`)" in told
    assert "`DECISIONS.md` explains" in told
    for kind in ("```", "\n## ", "\n| "):
        assert told.count(kind) == readme.count(kind)
