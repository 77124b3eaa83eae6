"""An engineer's work while everything fails in turn, in its shortest form: each fault once."""

from __future__ import annotations

import pytest

from benchmarks.benchmark import Setting
from benchmarks.endurance import FAULTS, engineer

pytestmark = pytest.mark.patient


def test_nothing_is_unhandled_untrue_or_lost_while_everything_fails_in_turn() -> None:
    figures = engineer(Setting("", 1))
    assert (figures["unhandled"], figures["outcomes_wrong"], figures["audit_missing"]) == (0, 0, 0)
    assert figures["written"] + figures["unknown"] + figures["not_written"] >= len(FAULTS)
    assert figures["written"] > 0
    assert figures["reads"] > figures["reads_failed"]
