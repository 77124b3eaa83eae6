"""A number that a person reads has the digits that matter, and none that are made up."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mxgw_notebook.words import exact, figures


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (12.3456789, "12.3457"),
        (1234567.8, "1234568"),  # 1.23457e+06 is nobody's total
        (12345678901.0, "12345678901"),
        (2.0**53, "9007199254740992"),
        (1e20, "1e+20"),
        (0.00001234567, "1.23457e-05"),
        (-0.0, "0"),
        (math.inf, "inf"),
        (math.nan, "nan"),
    ],
)
def test_a_figure_has_six_digits_and_never_fewer_than_its_whole_part(number: float, text: str) -> None:
    assert figures(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (92.0000004, "92.0000004"),  # is above a limit of 92, and says so
        (1234567890.125, "1234567890.125"),
        (12345678901.0, "12345678901"),
        (0.1 + 0.2, "0.3"),
        (float(np.float32(22.278)), "22.278"),
        (float(np.float32(1e-7)), "1e-07"),
        (1e300, "1e+300"),
        (-0.0, "-0"),
        (math.nan, "nan"),
    ],
)
def test_an_exact_number_has_all_its_digits_and_a_single_those_it_was_sent_with(
    number: float, text: str
) -> None:
    assert exact(number) == text


def test_of_fewer_digits_a_number_has_those_of_its_whole_part_too() -> None:
    assert [figures(number, 3) for number in (1440.25, 999.9, 0.0123456, 12.34)] == [
        "1440",
        "1000",
        "0.0123",
        "12.3",
    ]
