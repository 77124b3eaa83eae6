"""The galaxy as a tree: rows are drawn where one looks, children fetched when a node is opened."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import islice
from typing import Any

import traitlets

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.widgets.page_widget import PageWidget, logged
from mxgw_notebook.widgets.tree_source import ATTRIBUTE, Outcome, Starter, TreeActions, TreeRows, TreeSource

log = logging.getLogger(__name__)
ACTIONS = ("copy", "code", "read", "watch")
# A filter opens what it finds, as long as there is an end in sight.
MOST_OPENED = 200
MOST_SELECTED = 100_000
LONGEST_FILTER = 500
MOST_PICTURED = 100  # rows of a picture
DEEPEST = 50


class GalaxyTree(PageWidget):
    """A tree of areas, objects and attributes. `height` is in pixels.

    The browser asks, this side answers: for children, for what a filter finds, for actions on the selection.
    """

    _bundle = "galaxy_tree"
    views = traitlets.List(traitlets.Unicode()).tag(sync=True)
    title = traitlets.Unicode("").tag(sync=True)
    live = traitlets.Bool(True).tag(sync=True)
    height = traitlets.Int(420, min=160).tag(sync=True)

    def __init__(
        self,
        source: TreeSource,
        actions: TreeActions,
        starter: Starter,
        *,
        title: str = "",
        live: bool = True,
        height: int = 420,
    ) -> None:
        self._source, self._actions, self._starter = source, actions, starter
        self._newest = 0
        self._opened: dict[str, TreeRows] = {}
        super().__init__(views=list(source.views), title=title, live=live, height=height)

    def snapshot_html(self) -> str:
        """The rows that pages asked for last, as far as a picture has room, and whose galaxy it is."""
        rows = list(islice(self._rows("", 0), MOST_PICTURED + 1))
        more = '<tr><td colspan="2">...</td></tr>' if len(rows) > MOST_PICTURED else ""
        table = f"<table>{''.join(rows[:MOST_PICTURED])}{more}</table>" if rows else ""
        title = escape(self.title)
        return f"<p>A browser of the galaxy of {title}: run the cell to look around in it.</p>{table}"

    def _rows(self, key: str, depth: int) -> Iterator[str]:
        """The rows below a node as HTML, each open node followed by its own."""
        rows = self._opened.get(key, TreeRows())
        for name, label, about in zip(rows.key, rows.label, rows.about, strict=True):
            indent = f"padding-left:{0.5 + 1.2 * depth:g}em;text-align:left"
            yield f'<tr><td style="{indent}">{escape(label)}</td><td>{escape(about)}</td></tr>'
            if name in self._opened and depth < DEEPEST:
                yield from self._rows(name, depth + 1)

    def _take(self, content: Mapping[Any, Any]) -> None:
        kind, number = content.get("kind"), content.get("number")
        if kind == "select" and is_texts(content.get("keys")):
            self._actions.select(content["keys"][:MOST_SELECTED])
        elif not isinstance(number, int):
            return
        elif kind == "children" and is_texts([content.get(name) for name in ("view", "key", "text")]):
            text = content["text"][:LONGEST_FILTER]
            # Each letter of a filter asks for the roots anew; `_answer` drops what a later one has overtaken.
            if content["key"] == "":
                self._newest = number
            self._starter.start(self._answer(number, content["view"], content["key"], text))
        elif kind == "act" and content.get("action") in ACTIONS:
            self._starter.start(self._act(number, content["action"]))

    def _refuse(self, content: Mapping[Any, Any], reason: str) -> None:
        number, kind = content.get("number"), content.get("kind")
        if kind == "children" and isinstance(number, int):
            self.send({"kind": "failed", "number": number, "key": content.get("key"), "reason": reason})
        elif kind == "act" and isinstance(number, int):
            self._send_outcome(number, content.get("action"), Outcome(notice=reason))
        else:
            super()._refuse(content, reason)

    async def _answer(self, number: int, view: str, key: str, text: str) -> None:
        """Sends a node's children; of a filtered tree also those below, breadth first."""
        if view not in self._source.views or (key == "" and number < self._newest):
            return
        try:
            blocks = [(key, await self._source.children(view, key, text))]
            if text and key == "":
                await self._open(view, text, blocks)
        except Exception as error:
            # There is no caller to raise to: the person reads the reason in the row.
            self.send({"kind": "failed", "number": number, "key": key, "reason": explain(error)})
            return
        self._note(key, blocks)
        listed = [{"key": name, "rows": rows.as_columns()} for name, rows in blocks]
        self.send({"kind": "children", "number": number, "blocks": listed})

    def _note(self, key: str, blocks: Sequence[tuple[str, TreeRows]]) -> None:
        """Keeps what a page is shown for the picture; with the roots another filter or view begins."""
        if key == "":
            self._opened.clear()
        self._opened.update(blocks)
        if self._keep is not None:
            try:
                self._keep()
            except Exception as error:
                logged(error, "the kept picture of a galaxy tree")

    async def _open(self, view: str, text: str, blocks: list[tuple[str, TreeRows]]) -> None:
        """Opens the nodes found so far until enough is shown."""
        shown, place = len(blocks[0][1]), 0
        while place < len(blocks) and shown < MOST_OPENED:
            rows = blocks[place][1]
            place += 1
            for name, kind, more in zip(rows.key, rows.kind, rows.more, strict=True):
                if not more or kind == ATTRIBUTE:
                    continue
                if shown >= MOST_OPENED:
                    return
                below = await self._source.children(view, name, text)
                blocks.append((name, below))
                shown += len(below)
                await asyncio.sleep(0)  # live values go before

    async def _act(self, number: int, action: str) -> None:
        try:
            outcome = await self._actions.act(action)
        except Exception as error:
            outcome = Outcome(notice=explain(error))
        self._send_outcome(number, action, outcome)

    def _send_outcome(self, number: int, action: object, outcome: Outcome) -> None:
        self.send(
            {
                "kind": "done",
                "number": number,
                "action": action,
                "text": outcome.text,
                "values": [list(value) for value in outcome.values],
                "notice": outcome.notice,
            }
        )


def explain(error: Exception) -> str:
    """An error in one line; what nobody foresaw goes to the log as well."""
    if not isinstance(error, GatewayError):
        log.error("the galaxy tree could not answer", exc_info=error)
    return str(error) or type(error).__name__


def is_texts(values: object) -> bool:
    """Whether it is a list of strings; what comes from a page is checked."""
    return isinstance(values, list) and all(isinstance(value, str) for value in values)
