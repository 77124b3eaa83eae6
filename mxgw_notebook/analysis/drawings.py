"""Drawings of tags, one below the other, as pictures: they also show in a notebook that nobody has trusted.

Jupyter takes inline SVG out of what an untrusted notebook shows, and leaves pictures in it.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import pandas as pd

from mxgw_notebook.analysis.behaviour import hole_of
from mxgw_notebook.analysis.tag_chart import tag_chart
from mxgw_notebook.svg import as_written

MOST_CHARTS: Final = 24
# A picture does not take the colour of the text around it: this one stands out on white and on near black.
GREY: Final = "#7d7d7d"


@dataclass(frozen=True)
class Drawings:
    """Drawings of tags, which a notebook shows.

    `svgs` has them by tag; `left` is how many tags are not drawn.
    """

    svgs: dict[str, str]
    left: int = 0

    def __repr__(self) -> str:
        more = f" and {self.left:,} more" if self.left else ""
        return f"<Trend of {', '.join(self.svgs) or 'no tag'}{more}>"

    def _repr_html_(self) -> str:
        pictures = "".join(picture(tag, svg) for tag, svg in self.svgs.items())
        more = f"<p>and {self.left:,} more tags, in the data</p>" if self.left else ""
        return as_written((pictures or "<p>No value of any tag is known of this time.</p>") + more)


def drawn_tags(
    samples: pd.DataFrame,
    tags: Sequence[str],
    start: pd.Timestamp,
    end: pd.Timestamp,
    deploys: Sequence[int] = (),
) -> Drawings:
    """A drawing a tag, with a line at each deploy; of very many the first."""
    span = (start.as_unit("ns").value, end.as_unit("ns").value)
    holes = [hole_of(gap) for gap in samples.attrs.get("gaps") or ()]
    parts = {str(tag): part for tag, part in samples.groupby(samples["tag"].astype("str"), sort=True)}
    wanted = [tag for tag in tags if tag in parts]
    svgs = {tag: tag_chart(tag, parts[tag], holes, span, deploys) for tag in wanted[:MOST_CHARTS]}
    return Drawings(svgs, max(0, len(wanted) - MOST_CHARTS))


def picture(tag: str, svg: str) -> str:
    """A drawing as a picture that carries its data; a line in words stays one."""
    if not svg.startswith("<svg"):
        return svg
    data = base64.b64encode(svg.replace('style="', f'style="color:{GREY};', 1).encode()).decode()
    return f'<img alt="Trend of {escape(tag)}" src="data:image/svg+xml;base64,{data}"/>'
