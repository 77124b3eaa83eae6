"""Pages on loopback that show a widget: its Python side is the real one, the notebook is left out."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from tests.widgets.doubles import HandTicker, Sent, comm_of

ROOT = Path(__file__).parents[2]
PAGE = "/tests/browser/widget_page.html"
STATIC = "/mxgw_notebook/widgets/static"
WIDTHS = {"narrow": 500, "wide": 1200}


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Tests print nothing."""


@contextmanager
def serve_checkout() -> Iterator[str]:
    """The checkout's files over HTTP on a free loopback port, as its base address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_QuietHandler, directory=str(ROOT)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class WidgetPage:
    """Carries messages between a widget and its page whenever `deliver` is called."""

    def __init__(self, page: Page, base: str, widget: Any, bundle: str, theme: str) -> None:
        self.page = page
        self.widget = widget
        self._comm = comm_of(widget)
        self._delivered = 0
        page.expose_function("toKernel", self._comm.say)
        page.goto(f"{base}{PAGE}?theme={theme}")
        page.add_style_tag(url=f"{base}{STATIC}/{bundle}.css")
        page.evaluate("([bundle, state]) => mount(bundle, state)", [f"{STATIC}/{bundle}.js", self._state()])

    def deliver(self) -> None:
        """Bring what the widget has sent since the last call to the page."""
        messages = self._comm.custom()
        for message in messages[self._delivered :]:
            buffers = [base64.b64encode(buffer).decode() for buffer in message.buffers]
            self.page.evaluate(
                "([content, buffers]) => deliver(content, buffers)", [message.content, buffers]
            )
        self._delivered = len(messages)

    def sent(self) -> list[Sent]:
        """All that the widget has sent so far."""
        return self._comm.custom()

    def lose(self) -> None:
        """Drop what the widget has sent since the last call, as an overrun server would."""
        self._delivered = len(self._comm.custom())

    def add_view(self) -> None:
        """Show the same widget a second time on the page."""
        self.page.evaluate("() => addView()")

    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = self.widget.get_state()
        return {key: value for key, value in state.items() if not key.startswith("_") and key != "layout"}


class Bench:
    """Opens widgets on pages of their own and notes what those pages ask for and complain about."""

    def __init__(self, browser: Browser, base: str) -> None:
        self._browser = browser
        self._base = base
        self._pages: list[Page] = []
        self.ticker = HandTicker()
        self.complaints: list[str] = []
        self.foreign: list[str] = []

    def open(self, widget: Any, bundle: str, *, theme: str = "light", width: int = 1200) -> WidgetPage:
        page = self._browser.new_page(viewport={"width": width, "height": 640})
        page.set_default_timeout(10_000)
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._note(request.url))
        self._pages.append(page)
        return WidgetPage(page, self._base, widget, bundle, theme)

    def pump(self, shown: WidgetPage, until: Callable[[], bool]) -> None:
        """Tick and deliver until the page is as wanted."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            self.ticker.tick()
            shown.deliver()
            if until():
                return
            shown.page.wait_for_timeout(20)
        raise AssertionError("the page did not get there within 10 s")

    def close(self) -> None:
        for page in self._pages:
            page.close()

    def _note(self, url: str) -> None:
        if not url.startswith((self._base, "data:", "blob:")):
            self.foreign.append(url)


def data_of(root: Locator, name: str) -> str:
    """What a widget says of itself at its root."""
    return root.get_attribute(f"data-{name}") or ""


def row_of(root: Locator, reference: str) -> Locator:
    """An alarm's row."""
    return root.locator(f'[data-reference="{reference}"]')


def overflows(page: Page) -> bool:
    """Whether the page has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
