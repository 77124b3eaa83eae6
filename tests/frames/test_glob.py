"""Our globs are the galaxy's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook._generated import galaxy_repository_pb2 as wire
from mxgw_notebook.client import GalaxyRepositoryClient
from mxgw_notebook.frames import glob_matches, is_glob
from mxgw_notebook.simulator.browse import Sieve
from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.plant.layout import build
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY

OBJECTS = list(build(1, 1_767_250_000.0).plant.objects.values())
NAMES = [item.tag_name for item in OBJECTS]


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


@given(
    st.lists(
        st.one_of(
            st.sampled_from(["*", "?", "[", "0", ".", "Pump", "tank", "IC"]), st.characters(codec="utf-8")
        ),
        max_size=6,
    ).map("".join)
)
def test_a_glob_matches_what_the_galaxys_own_browse_lets_through(pattern: str) -> None:
    if not pattern:
        return
    sieve = Sieve(wire.DiscoverHierarchyRequest(tag_name_glob=pattern), Key(KEY))
    assert glob_matches(pattern, NAMES) == [item.tag_name for item in OBJECTS if sieve.passes(item)]


async def test_a_glob_matches_what_the_gateway_finds(served: ServedGateway) -> None:
    async with await GalaxyRepositoryClient.connect(served.endpoint, api_key=KEY, plaintext=True) as client:
        names = [found.tag_name for found in await client.discover_hierarchy(include_attributes=False)]
        for pattern in ("*pump*", "T?nk00?", "*_00*", "nothing", "Reactor101"):
            found = await client.discover_hierarchy(tag_name_glob=pattern, include_attributes=False)
            assert glob_matches(pattern, names) == [one.tag_name for one in found]


def test_a_glob_is_told_from_a_name() -> None:
    assert is_glob("*Pump")
    assert is_glob("Pump00?")
    assert not is_glob(r"\\Galaxy\Area[1].Pump")
