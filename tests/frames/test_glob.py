"""Our globs are the galaxy's."""

from __future__ import annotations

from itertools import product

import pytest

from mxgw_notebook.client import GalaxyRepositoryClient
from mxgw_notebook.frames import glob_matches, is_glob
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY

PIECES = ("*", "?", "[", "0", ".", "Pump", "tank", "??01")


@pytest.mark.parametrize(
    ("pattern", "names", "matched"),
    [
        ("pump00?", ["Pump001", "Pump0011", "XPump001"], ["Pump001"]),
        ("*", ["", "A"], ["", "A"]),
        ("Tank[01]", ["Tank0", "Tank[01]"], ["Tank[01]"]),
        ("A.B", ["A.B", "AxB"], ["A.B"]),
        (r"\\Galaxy\*", [r"\\Galaxy\Area.Pump", "Galaxy"], [r"\\Galaxy\Area.Pump"]),
        ("a*c", ["a\nc"], ["a\nc"]),
    ],
)
def test_only_star_and_question_mark_are_wild(pattern: str, names: list[str], matched: list[str]) -> None:
    assert glob_matches(pattern, names) == matched


async def test_a_glob_matches_what_the_galaxys_own_browse_lets_through(served: ServedGateway) -> None:
    async with await GalaxyRepositoryClient.connect(served.endpoint, api_key=KEY, plaintext=True) as client:
        names = [found.tag_name for found in await client.discover_hierarchy(include_attributes=False)]
        matched = set[str]()
        for pattern in map("".join, product(PIECES, PIECES, ("", "*"))):
            found = await client.discover_hierarchy(tag_name_glob=pattern, include_attributes=False)
            assert glob_matches(pattern, names) == [one.tag_name for one in found], pattern
            matched.update(one.tag_name for one in found)
    assert matched == set(names)


def test_a_glob_is_told_from_a_name() -> None:
    assert is_glob("*Pump")
    assert is_glob("Pump00?")
    assert not is_glob(r"\\Galaxy\Area[1].Pump")
