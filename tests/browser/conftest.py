from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.browser.widget_page import Bench, serve_checkout
from tests.widgets.doubles import record_comms

# What it asserts is explained as in a test.
pytest.register_assert_rewrite("tests.browser.lab_bench")
SCREENSHOTS = Path(__file__).parents[2] / "test-results"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def chromium_path() -> str:
    """The machine's Chromium; without one the test is skipped, and under CI=true it fails."""
    found = next((path for path in map(shutil.which, _NAMES) if path), None)
    if found:
        return found
    reason = "no Chromium on this machine; install it (Debian: apt-get install chromium) to run these tests"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless Chromium for one module: playwright's loop has to be gone before asyncio's next test."""
    path = chromium_path()
    with sync_playwright() as playwright:
        # Chromium refuses its sandbox to root, which a container's user often is.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def plant() -> Iterator[EmbeddedGateway]:
    """The plant behind a notebook, as `mxgw-py demo` starts it."""
    chromium_path()
    with EmbeddedGateway.start(seed=1) as gateway:
        yield gateway


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where pictures are left for a person to look at."""
    SCREENSHOTS.mkdir(exist_ok=True)
    return SCREENSHOTS


@pytest.fixture(scope="session")
def base() -> Iterator[str]:
    """Where the checkout's files are served."""
    with serve_checkout() as address:
        yield address


@pytest.fixture
def bench(chromium: Browser, base: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Opens widgets on pages of their own, which must complain of nothing and ask nothing of elsewhere."""
    record_comms(monkeypatch.setattr)
    made = Bench(chromium, base)
    yield made
    made.close()
    assert made.foreign == []
    assert made.complaints == []
