"""What every widget of this package is: a bundle in the browser, messages from it, and a static look."""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import anywidget
import traitlets

from mxgw_notebook.widgets.assets import bundle_text


class _AbstractTraits(ABCMeta, traitlets.MetaHasTraits):
    """Traits and abstract methods in one class: each of the two wants a metaclass of its own."""


class PageWidget(anywidget.AnyWidget, metaclass=_AbstractTraits):
    """A widget whose JavaScript and CSS are the files named by `_bundle`.

    A message may come as soon as `__init__` has run here: a subclass sets its own fields before.
    """

    _bundle: ClassVar[str]
    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(
            _esm=bundle_text(f"{self._bundle}.js"), _css=bundle_text(f"{self._bundle}.css"), **traits
        )
        self.on_msg(self._receive)

    @abstractmethod
    def snapshot_html(self) -> str:
        """The widget as it is now, as HTML that needs no JavaScript."""

    @abstractmethod
    def _take(self, content: Mapping[Any, Any]) -> None:
        """Takes a message from a page, on whatever thread the kernel likes: notes it or passes it on."""

    def _receive(self, _widget: object, content: object, _buffers: Sequence[object]) -> None:
        # Whatever runs in the page may send anything.
        if isinstance(content, Mapping):
            self._take(content)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            # Shown where the widget cannot be: in a notebook opened again without its kernel.
            bundle[0]["text/html"] = self.snapshot_html()
        return bundle
