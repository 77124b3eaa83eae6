"""How kind the tests' gateways are: as usual, or with `MXGW_UNKIND=1` no kinder than the contract.

A test that is about what only a kind gateway gives is marked `kind_only(why, fault, ...)`: without those
faults the others stand all the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mxgw_notebook.simulator.clock import ManualClock
from mxgw_notebook.simulator.faults import UNKIND, parse
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.process import EmbeddedGateway

ASKED = os.environ.get("MXGW_UNKIND") == "1"
spared: set[str] = set()


@contextmanager
def sparing(*faults: str) -> Iterator[None]:
    """Gateways that are started in the block have none of these faults."""
    known = {parse(text)[0] for text in UNKIND}
    assert set(faults) <= known, f"kind_only names faults of the unkind set, not {set(faults) - known}"
    spared.update(faults)
    try:
        yield
    finally:
        spared.clear()


def faults() -> tuple[str, ...]:
    """What is wrong from the start with every gateway."""
    return tuple(text for text in UNKIND if parse(text)[0] not in spared) if ASKED else ()


def options(**settings: Any) -> GatewayOptions:
    """The options of a gateway in the test's own process, on a clock that only `advance` moves."""
    settings["faults"] = (*map(parse, faults()), *settings.get("faults", ()))
    return GatewayOptions(**{"clock": ManualClock(), **settings})


def start(**settings: Any) -> EmbeddedGateway:
    """A gateway in a process of its own, its plant in real time."""
    settings["faults"] = (*faults(), *settings.get("faults", ()))
    return EmbeddedGateway.start(**settings)
