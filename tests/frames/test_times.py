"""A moment as a person writes it: what says by itself when it is, and what pandas would guess at."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import moment_ns, stretch

SIX = pd.Timestamp("2026-05-04T06:00Z")


@pytest.mark.parametrize(
    "said", ["2026-05-04 06:00", "20260504T060000Z", "2026-05-04 08:00+02:00", "4 May 2026 06:00", SIX]
)
def test_a_moment_whose_year_and_month_are_clear_is_taken(said: Any) -> None:
    assert moment_ns(said) == SIX.value


def test_a_moment_may_be_a_day() -> None:
    assert moment_ns(date(2026, 5, 4)) == moment_ns("2026-05-04") == SIX.normalize().value


@pytest.mark.parametrize(
    "said",
    [
        *("04.05.2026", "5/4/2026 06:00", "26-05-04", "04.05.2026 06:00 UTC", "06.2026", "12h", "06:00", ""),
        *(1_777_874_400, 1.7e18, True, None, pd.NaT, np.datetime64("NaT", "ns")),
    ],
)
def test_what_pandas_would_guess_at_is_no_moment(said: Any) -> None:
    with pytest.raises(ConfigurationError, match="not a time"):
        moment_ns(said)


def test_now_is_now_wherever_the_machine_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    tzset = getattr(time, "tzset", None)
    if tzset is None:
        pytest.skip("The zone of a Windows process is the machine's.")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    tzset()
    try:
        assert abs(moment_ns("now") - time.time_ns()) < 60e9
    finally:
        monkeypatch.undo()
        tzset()


@pytest.mark.parametrize("length", ["60", " 5 "])
def test_digits_alone_are_no_length_of_time(length: str) -> None:
    with pytest.raises(ConfigurationError, match="not a length of time"):
        stretch(length)


@pytest.mark.parametrize(
    ("said", "seconds"), [("1d", 86_400), ("2H", 7200), ("1d12h", 129_600), ("500ms", 0.5)]
)
def test_a_length_of_time_is_understood_in_small_and_capital_letters(said: str, seconds: float) -> None:
    assert stretch(said).total_seconds() == seconds
    assert stretch(said.swapcase() if "ms" not in said else said).total_seconds() == seconds
