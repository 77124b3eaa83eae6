"""A page on loopback that shows one widget: its Python side is the real one, the notebook is left out."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.widgets.doubles import Sent, comm_of

ROOT = Path(__file__).parents[2]
PAGE = "/tests/browser/widget_page.html"
STATIC = "/mxgw_notebook/widgets/static"


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
