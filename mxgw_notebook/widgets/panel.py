"""A widget with a trend below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ipywidgets.widgets.widget_box import VBox

from mxgw_notebook.widgets.alarm_table import AlarmTable
from mxgw_notebook.widgets.galaxy_tree import GalaxyTree
from mxgw_notebook.widgets.page_widget import PageWidget
from mxgw_notebook.widgets.trend import Trend
from mxgw_notebook.widgets.xy_plot import XYPlot


class Panel(VBox):
    """Shows a widget, and below it whatever is added; its picture has all of them."""

    def __init__(self, above: PageWidget) -> None:
        super().__init__(children=(above,))  # type: ignore[no-untyped-call]
        self._above = above

    def __repr__(self) -> str:
        return "\n".join(repr(child) for child in self.children)

    @property
    def kept(self) -> str:
        """The name of the kept picture."""
        return self._above.kept

    def keep_by(self, keep: Callable[[], None]) -> None:
        """As for the widget above; its picture has both parts."""
        self._above.keep_by(keep)

    def picture(self) -> str:
        """The contents, or in words why they cannot be drawn."""
        return "".join(child.picture() for child in self.children)

    def snapshot_html(self) -> str:
        """The contents as they are now, as HTML without JavaScript."""
        return "".join(child.snapshot_html() for child in self.children)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)  # type: ignore[no-untyped-call]
        # Shown where the widget cannot be: in a notebook opened again without its kernel.
        bundle["text/plain"] = repr(self)
        bundle["text/html"] = self.picture()
        return bundle


class TrendPanel(Panel):
    """A trend, and below it the XY views of its tags that were asked for in it."""

    def __init__(self, trend: Trend) -> None:
        super().__init__(trend)
        self.trend = trend

    def show_xy(self, plot: XYPlot) -> None:
        """Puts a view below the others."""
        self.children = (*self.children, plot)

    def hide_xy(self, plot: XYPlot) -> None:
        """Takes it away again."""
        self.children = tuple(child for child in self.children if child is not plot)


class PanelWithTrend(Panel):
    """Shows a widget; `show_trend` puts a trend below it, in place of the one before."""

    def show_trend(self, trend: TrendPanel) -> None:
        """Puts a trend below."""
        self.children = (self.children[0], trend)


class AlarmPanel(PanelWithTrend):
    """An alarm table, and below it the trend of the alarm that was asked for last."""

    def __init__(self, table: AlarmTable) -> None:
        super().__init__(table)
        self.table = table


class GalaxyPanel(PanelWithTrend):
    """A galaxy tree, and below it the trend of the tags that were last watched from it."""

    def __init__(self, tree: GalaxyTree) -> None:
        super().__init__(tree)
        self.tree = tree
