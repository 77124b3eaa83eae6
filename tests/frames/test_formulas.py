"""CSV: no text of a plant is a formula, wherever a table comes from, and each comes back as it was."""

from __future__ import annotations

import pandas as pd
import pytest

from mxgw_notebook.frames import with_formulas, without_formulas
from mxgw_notebook.words import plain_cell, safe_cell

TEXTS = ["=1+1", "+A1", "-2+3", "@SUM(A1)", "\t=1", "'=1", "''=1", "plain", "", "-", "it's"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_and_is_no_formula(text: str) -> None:
    safe = safe_cell(text)
    assert plain_cell(safe) == text
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("number", ["-5", "+5.5", "-1e-3", "-.5"])
def test_a_number_as_text_stays_as_it_is(number: str) -> None:
    assert safe_cell(number) == number == plain_cell(number)


@pytest.mark.parametrize("dtype", ["str", "object", "category"])
def test_a_table_comes_back_with_the_names_of_its_columns(dtype: str) -> None:
    table = pd.DataFrame({"=tag": pd.Series(TEXTS, dtype=dtype), "number": range(len(TEXTS))})
    safe = without_formulas(table)
    assert list(safe) == ["'=tag", "number"]
    assert safe["'=tag"].tolist() == [safe_cell(text) for text in TEXTS]
    again = with_formulas(safe)
    assert list(again) == list(table)
    assert again["=tag"].tolist() == TEXTS
    assert again["number"].dtype == table["number"].dtype
    assert without_formulas(table.iloc[:0]).shape == (0, 2)
