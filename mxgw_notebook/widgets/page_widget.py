"""What every widget of this package is: a bundle in the browser, messages from it, and a static look."""

from __future__ import annotations

import logging
import secrets
from abc import ABCMeta, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, ClassVar

import anywidget
import traitlets

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.widgets.assets import LOADER, bundle_text, packed_code

log = logging.getLogger(__name__)


class _AbstractTraits(ABCMeta, traitlets.MetaHasTraits):
    """Traits and abstract methods in one class: each of the two wants a metaclass of its own."""


class PageWidget(anywidget.AnyWidget, metaclass=_AbstractTraits):
    """A widget whose JavaScript and CSS are the files named by `_bundle`.

    A message may come as soon as `__init__` has run here: a subclass sets its own fields before.
    """

    _bundle: ClassVar[str]
    # What it is in words, for a terminal: set by whoever made it.
    in_words: Callable[[], str] | None = None
    # Displays it in the cell that runs now, with a picture that is kept; set in the same way.
    show_by: Callable[[], None] | None = None
    _keep: Callable[[], None] | None = None
    _esm = traitlets.Unicode().tag(sync=True)
    _code = traitlets.Bytes().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    # The name of the picture that a saved notebook keeps of it; empty where nobody keeps one.
    kept = traitlets.Unicode("").tag(sync=True)
    # Which plant it shows, and in which colour, so that nobody takes one for another; empty without a name.
    plant = traitlets.Unicode().tag(sync=True)
    plant_colour = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        code, style = packed_code(self._bundle), bundle_text(f"{self._bundle}.css")
        super().__init__(_esm=bundle_text(LOADER), _code=code, _css=style, **traits)
        self.on_msg(self._receive)

    def keep_by(self, keep: Callable[[], None]) -> None:
        """Has a picture kept: `keep` draws it anew, and is called while a page shows what is new."""
        self.kept = self.kept or secrets.token_hex(8)
        self._keep = keep

    def __repr__(self) -> str:
        return self.in_words() if self.in_words is not None else f"<{type(self).__name__}>"

    @abstractmethod
    def snapshot_html(self) -> str:
        """The widget as it is now, as HTML that needs no JavaScript."""

    @abstractmethod
    def _take(self, content: Mapping[Any, Any]) -> None:
        """Takes a message from a page, on whatever thread the kernel likes: notes it or passes it on."""

    def _receive(self, _widget: object, content: object, _buffers: Sequence[object]) -> None:
        # Whatever runs in the page may send anything.
        if isinstance(content, Mapping):
            try:
                self._take(content)
            except Exception as error:  # there is no caller to raise to but the page
                self._refuse(content, logged(error, f"what a page asked of {type(self).__name__}"))

    def _refuse(self, content: Mapping[Any, Any], reason: str) -> None:
        """Tells the page why a message of its could not be served."""
        del content
        self.send({"kind": "notice", "text": reason})

    def _ipython_display_(self) -> None:
        if self.show_by is None:
            raise NotImplementedError  # IPython takes the bundle below then
        self.show_by()

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            # Shown where the widget cannot be: in a notebook opened again without its kernel.
            bundle[0]["text/plain"] = repr(self)
            bundle[0]["text/html"] = self.picture()
        return bundle

    def picture(self) -> str:
        """The result of `snapshot_html`; if it fails, the words for that: the widget is still shown."""
        try:
            return self._plant_html() + self.snapshot_html()
        except Exception as error:
            return f"<p>failing: {escape(logged(error, f'the picture of {type(self).__name__}'))}</p>"

    def _plant_html(self) -> str:
        if not self.plant:
            return ""
        colour = self.plant_colour or "currentColor"
        return f'<p style="border-left:4px solid {colour};padding-left:8px">{escape(self.plant)}</p>'


def logged(error: Exception, what: str) -> str:
    """An error in one line for a person; it goes to the log, with its place where nobody foresaw it."""
    reason = str(error) if isinstance(error, GatewayError) else f"{type(error).__name__}: {error}"
    log.warning("%s failed: %s", what, reason, exc_info=None if isinstance(error, GatewayError) else error)
    return " ".join(reason.split())
