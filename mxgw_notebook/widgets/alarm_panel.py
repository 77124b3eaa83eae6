"""An alarm table, and below it the trend of the alarm that was asked for last."""

from __future__ import annotations

from typing import Any

from ipywidgets.widgets.widget_box import VBox

from mxgw_notebook.widgets.alarm_table import AlarmTable
from mxgw_notebook.widgets.trend import Trend


class AlarmPanel(VBox):
    """Shows the table; `show_trend` puts a trend below it, in place of the one before."""

    def __init__(self, table: AlarmTable) -> None:
        super().__init__(children=(table,))  # type: ignore[no-untyped-call]
        self.table = table

    def show_trend(self, trend: Trend) -> None:
        """Puts a trend below the table."""
        self.children = (self.table, trend)

    def snapshot_html(self) -> str:
        """Table and trend as they are now, static."""
        trends = [child.snapshot_svg() for child in self.children if isinstance(child, Trend)]
        return "".join([self.table.snapshot_html(), *trends])

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)  # type: ignore[no-untyped-call]
        # Shown where the widget cannot be: in a notebook opened again without its kernel.
        bundle["text/html"] = self.snapshot_html()
        return bundle
