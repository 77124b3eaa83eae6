"""The legend of a trend's picture: what each tag read last, then what it read in an earlier period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo

import numpy as np

from mxgw_notebook.svg import PALETTE, Svg, across, path, words_at
from mxgw_notebook.widgets.earlier import NOTHING_KNOWN
from mxgw_notebook.widgets.local_time import local
from mxgw_notebook.widgets.sources import EarlierPeriod, TagSamples, TrendTag
from mxgw_notebook.widgets.value_scale import finite
from mxgw_notebook.words import figures, quality_word

LEGEND_LINE = 20
PALE, DASHES = 0.55, "3 3"  # of an earlier period


def names_of(tags: Sequence[TrendTag]) -> str:
    """The tags by name."""
    return ", ".join(tag.tag for tag in tags)


def drawn_legend(
    tags: Sequence[TrendTag],
    samples: Mapping[int, TagSamples],
    notes: Sequence[tuple[int, str]],
    top: float,
    zone: tzinfo | None,
) -> Iterator[Svg]:
    """A line a tag: its last value, and what else is to be said of it."""
    for index, tag in enumerate(tags):
        y = top + index * LEGEND_LINE
        colour = PALETTE[index % len(PALETTE)]
        yield path(across(y - 4, 12, 34), colour, width=3)
        said = [_last_words(tag, samples.get(index), zone), *(note for of, note in notes if of == index)]
        yield words_at(42, y, f"{tag.tag}   {', '.join(said)}", "start")


def drawn_earlier_legend(
    tags: Sequence[TrendTag],
    past: Sequence[TagSamples],
    earlier: EarlierPeriod,
    top: float,
    zone: tzinfo | None,
) -> Iterator[Svg]:
    """A line a tag: by how much it is shifted, and what it read then, at that time."""
    by_index = {part.index: part for part in past if np.isfinite(part.value).any()}
    for index, tag in enumerate(tags):
        y = top + index * LEGEND_LINE
        part = by_index.get(index)
        then = None if part is None else replace(part, time_ms=part.time_ms - earlier.shift_ms)
        said = NOTHING_KNOWN if then is None else _last_words(tag, then, zone, day=True)
        yield path(across(y - 4, 12, 34), PALETTE[index % len(PALETTE)], width=3, opacity=PALE, dashes=DASHES)
        yield words_at(42, y, f"{tag.tag}, {earlier.words}   {said}", "start")


def _last_words(tag: TrendTag, part: TagSamples | None, zone: tzinfo | None, *, day: bool = False) -> str:
    if part is None:
        return "no value"
    at = local(float(part.time_ms[-1]), zone)
    last = float(finite(part)[-1])
    known = tag.words is not None and 0 <= last < len(tag.words)
    value = tag.words[int(last)] if tag.words and known else f"{figures(last)} {tag.units}".rstrip()
    said = f"{value}, quality {quality_word(int(part.quality[-1]))}, at {at:%H:%M:%S}"
    return f"{said}{at: on %Y-%m-%d}" if day else said
