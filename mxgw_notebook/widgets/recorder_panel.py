"""The panel of a recorder: how much it has recorded, how fast, what it lost, the room left, and its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from mxgw_notebook.svg import as_written
from mxgw_notebook.widgets.as_of import draw_as_of, words_of
from mxgw_notebook.widgets.live_widget import LiveWidget, Message
from mxgw_notebook.widgets.local_time import local
from mxgw_notebook.widgets.recorder_source import RecorderDelta, RecorderSource
from mxgw_notebook.widgets.sources import Ticker

UPDATES_PER_SECOND: Final = 2.0
UNITS: Final = ("B", "kB", "MB", "GB", "TB")
# Below so many times what is left to others somebody should make room.
SCARCE: Final = 5
WARN, BAD = "warn", "bad"


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the panel's lines; `tone` is warn or bad where somebody has to see it."""

    name: str
    text: str
    tone: str = ""


class RecorderPanel(LiveWidget[RecorderDelta]):
    """How a recorder fares, with a button that ends it; live until `stop()`."""

    _bundle = "recorder_panel"

    def __init__(self, source: RecorderSource, ticker: Ticker) -> None:
        self._recorder = source
        super().__init__(source, ticker, updates_per_second=UPDATES_PER_SECOND)

    def snapshot_html(self) -> str:
        """The facts as they are now, as a table that needs no JavaScript; times are local."""
        delta = self._everything()
        return as_written(draw_as_of(delta) + draw_facts(delta))

    def told(self) -> str:
        """The same for a terminal, a line a fact."""
        delta = self._everything()
        facts = list(facts_of(delta))
        width = max(len(fact.name) for fact in facts)
        return "\n".join([words_of(delta), *(f"{fact.name:<{width}}  {fact.text}" for fact in facts)])

    def _has_news(self, delta: RecorderDelta) -> bool:
        return False  # all of it is told whole

    def _whole(self, delta: RecorderDelta) -> tuple[object, ...]:
        return delta.phase, delta.status, delta.rates, *facts_of(delta)

    def _message(self, delta: RecorderDelta, *, reset: bool) -> Message:
        facts = [{"name": one.name, "text": one.text, "tone": one.tone} for one in facts_of(delta)]
        return {"kind": "recorder", "reset": reset, "facts": facts, "rates": list(delta.rates)}, ()

    def _take_wish(self, content: Mapping[Any, Any]) -> bool:
        if content.get("kind") == "end" and not self._stopped:
            self._recorder.stop()
        return False


def facts_of(delta: RecorderDelta) -> Iterator[Fact]:
    """What the panel says, in words."""
    yield Fact("Folder", delta.folder)
    if delta.tags:
        yield Fact("Tags", f"{delta.tags:,}")
    yield Fact("Samples", f"{delta.samples:,}")
    yield Fact("Rate", f"{delta.per_second:,.1f} a second")
    yield Fact("Written", sized(delta.written))
    is_scarce = delta.free < SCARCE * delta.least_free
    kept = f"; below {sized(delta.least_free)} nothing is recorded" if is_scarce else ""
    yield Fact("Free on the disk", f"{sized(delta.free)}{kept}", WARN if is_scarce else "")
    if delta.waiting:
        yield Fact("Waiting to be written", f"{delta.waiting:,}")
    if delta.dropped:
        yield Fact("Lost", f"{delta.dropped:,} samples: see the gaps of the recording", BAD)
    if delta.since_ms is not None:
        begun = local(delta.since_ms)
        yield Fact("Since", f"{begun:%H:%M:%S on %Y-%m-%d}")


def sized(number: float) -> str:
    """Bytes as a person reads them: 12.3 MB."""
    for unit in UNITS:
        if number < 1000 or unit == UNITS[-1]:
            break
        number /= 1000
    return f"{number:,.0f} {unit}" if unit == UNITS[0] else f"{number:,.1f} {unit}"


def draw_facts(delta: RecorderDelta) -> str:
    """A `<table>` of them."""
    rows = "".join(
        f"<tr><th style='text-align:left'>{escape(fact.name)}</th>"
        f"<td style='text-align:left'>{escape(fact.text)}</td></tr>"
        for fact in facts_of(delta)
    )
    return f"<table><tbody>{rows}</tbody></table>"
