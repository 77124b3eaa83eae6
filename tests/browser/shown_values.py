"""What stands in a live widget, to be compared with what the kernel has."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator

LISTED = "row => [row.dataset.tag, row.cells[1].textContent]"


def last_ms(trend: Locator) -> float:
    """The newest sample that a trend has, in epoch milliseconds."""
    return float(trend.get_attribute("data-last-ms") or 0)


def legend(trend: Locator) -> dict[str, str]:
    """What a trend's legend says of each tag."""
    return rows(trend, ".mxgw-legend tbody tr", "row => [row.cells[0].textContent, row.cells[1].textContent]")


def rows(root: Locator, selector: str, pair: str) -> dict[str, str]:
    """The rows in the page as pairs."""
    return dict(root.locator(selector).evaluate_all(f"found => found.map({pair})"))


def same(seen: dict[str, str], kept: dict[str, str], *, some: bool = False) -> bool:
    """Whether each tag has its value, numbers by what they are; `some`: not every tag has to be in sight."""
    whole = bool(seen) if some else seen.keys() == kept.keys()
    return whole and all(equal(value, kept[tag]) for tag, value in seen.items())


def equal(seen: str, kept: str) -> bool:
    """Six digits written by two languages."""
    try:
        return float(seen) == pytest.approx(float(kept), rel=1e-5)
    except ValueError:
        return seen == kept
