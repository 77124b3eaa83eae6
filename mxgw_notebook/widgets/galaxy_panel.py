"""A galaxy tree, and below it the trend of what was watched from it last."""

from __future__ import annotations

from html import escape
from typing import Any

from ipywidgets.widgets.widget_box import VBox

from mxgw_notebook.widgets.galaxy_tree import GalaxyTree
from mxgw_notebook.widgets.trend import Trend


class GalaxyPanel(VBox):
    """Shows the tree; `show_trend` puts a trend below it, in place of the one before."""

    def __init__(self, tree: GalaxyTree) -> None:
        super().__init__(children=(tree,))  # type: ignore[no-untyped-call]
        self.tree = tree

    def show_trend(self, trend: Trend) -> None:
        """Puts a trend below the tree."""
        self.children = (self.tree, trend)

    def snapshot_html(self) -> str:
        """What can be said without the kernel: whose galaxy it was, and the trend as it is now."""
        trends = [child.snapshot_svg() for child in self.children if isinstance(child, Trend)]
        words = (
            f"<p>A browser of the galaxy of {escape(self.tree.title)}: run the cell to look around in it.</p>"
        )
        return "".join([words, *trends])

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)  # type: ignore[no-untyped-call]
        # Shown where the widget cannot be: in a notebook opened again without its kernel.
        bundle["text/html"] = self.snapshot_html()
        return bundle
