"""A plan in a notebook: its table, and the button that applies it."""

from __future__ import annotations

import html
from typing import Any, Protocol

from ipywidgets.widgets.widget_box import HBox, VBox
from ipywidgets.widgets.widget_button import Button
from ipywidgets.widgets.widget_string import HTML

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.svg import as_written

WARNING = "#8a5a00"
TABLES = "jp-RenderedHTMLCommon"


class Appliable(Protocol):
    """What a panel shows: a plan."""

    @property
    def plant(self) -> str:
        """Which plant is to be changed."""

    def as_html(self) -> str:
        """Its table."""

    async def carry_out(self) -> object:
        """Applies it."""


class PlanPanel:
    """Shows a plan; a click is the yes that it asks for, and the outcomes come in the table's place."""

    def __init__(self, plan: Appliable, runner: Runner, *, may_apply: bool) -> None:
        self._plan, self._runner = plan, runner
        self.table = HTML(plan.as_html())
        self.table.add_class(TABLES)  # looks as a table of a cell's output
        self.table.layout.overflow = "auto"
        self.told = HTML()
        self.apply = Button(description=f"Write to {plan.plant}")
        # The orange of a warning in ipywidgets is too pale for its white words.
        self.apply.style.button_color, self.apply.style.text_color = WARNING, "#ffffff"
        self.apply.layout.width = "auto"
        self.cancel = Button(description="Do not write")
        self.apply.on_click(self._begin)
        self.cancel.on_click(lambda _: self._end("Not applied."))
        buttons = [HBox([self.apply, self.cancel])] if may_apply else []
        self.widget = VBox([self.table, *buttons, self.told])

    def _begin(self, _: Any) -> None:
        """A click: whatever thread it comes on, it waits for nothing."""
        if self.apply.disabled:  # of a double click the second comes when the first has settled it
            return
        self._end("Writing ...")
        self._runner.start(self._carry_out())

    async def _carry_out(self) -> None:
        try:
            await self._plan.carry_out()
        except GatewayError as error:
            self.told.value = line_of(str(error))
            # Where nothing was sent the button may be pressed again, for instance once it is armed.
            self.apply.disabled = self.cancel.disabled = False
            return
        except BaseException:
            self.told.value = line_of("Interrupted: what was written shows its outcomes.")
            raise
        self.table.value = self._plan.as_html()
        self.told.value = ""

    def _end(self, words: str) -> None:
        self.apply.disabled = self.cancel.disabled = True
        self.told.value = line_of(words)


def line_of(words: str) -> str:
    """A line as HTML."""
    return as_written(f"<p>{html.escape(words)}</p>")
