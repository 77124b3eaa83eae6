"""Decisions and the code that they explain name one another."""

from __future__ import annotations

from docs.decisions import citations, decisions


def test_each_decision_is_named_by_the_code_that_it_explains() -> None:
    titles = {title for title, _ in decisions()}
    assert sorted(titles - citations().keys()) == []


def test_the_code_names_no_decision_that_is_not_there() -> None:
    titles = {title for title, _ in decisions()}
    assert sorted(citations().keys() - titles) == []
