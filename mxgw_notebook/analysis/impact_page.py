"""What a deploy did to the plant, as a page: each finding with its reason and the trend of its tag."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import pandas as pd

from mxgw_notebook.analysis.alarm_page import section, table
from mxgw_notebook.analysis.behaviour import hole_of
from mxgw_notebook.analysis.dossier import Dossier, coverage, deploys_in, download, sources, whole
from mxgw_notebook.analysis.needed_columns import check_columns
from mxgw_notebook.analysis.tag_chart import tag_chart
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.frames import moment_ns, stretch
from mxgw_notebook.svg import readable

MOST_DRAWN = 20
AS_BEFORE = "as before"
# What a person decides by stands first: a narrow page has no room for more. Of a tag's object its name tells.
FIRST, UNSHOWN = ("tag", "verdict", "reason"), ("object",)


@checks_arguments
def impact_page(
    found: pd.DataFrame, samples: pd.DataFrame, *, window: str = "30min", title: str = "Deploy impact"
) -> Dossier:
    """The findings of `deploy_impact` as a page, each with its trend; it loads nothing from elsewhere.

    Args:
        found: What `deploy_impact` gave; `attrs["deployed"]` says when.
        samples: Those that it was given.
        window: The length of time that was compared, before and after.
        title: The page's heading.

    Raises:
        ConfigurationError: A column is missing, or there is no time of the deploy.
    """
    check_columns(found, ("tag", "verdict", "reason"), "No findings", "deploy_impact gives them.")
    at = pd.Timestamp(moment_ns(found.attrs.get("deployed")), tz="UTC")
    length = stretch(window)
    inside = samples[(samples["timestamp"] >= at - length) & (samples["timestamp"] <= at + length)]
    last = inside["timestamp"].max()
    end = at + length if pd.isna(last) else max(at, last)
    told = {"deployed": str(at), "alarms": str(found.attrs.get("alarms", "not known"))}
    return ImpactPage(title, at - length, end, inside, {"Findings": found}, told)


def shown_of(found: pd.DataFrame) -> list[str]:
    """The columns of findings as the page has them."""
    return [*FIRST, *(str(name) for name in found if name not in (*FIRST, *UNSHOWN))]


class ImpactPage(Dossier):
    """A dossier whose trends stand beside what they show."""

    def _parts(self) -> Iterator[str]:
        found = self.tables["Findings"]
        assert found is not None
        odd = found[found["verdict"].astype(str) != AS_BEFORE]
        yield section("What behaves otherwise since the deploy", self._drawn(odd))
        yield section("All that was looked at", whole("findings", found, shown_of(found)))
        yield section("What of the time is not covered", coverage(self.uncovered(), self.start, self.end))
        yield section("Data", download("samples", self.samples))
        yield section("Where this is from", table(sources(self.provenance)))

    def _drawn(self, odd: pd.DataFrame) -> str:
        """The findings one below the other, the worst first."""
        if odd.empty:
            return "<p>Nothing that was watched or recorded behaves otherwise.</p>"
        span = (self.start.as_unit("ns").value, self.end.as_unit("ns").value)
        holes = [hole_of(gap) for gap in self.samples.attrs.get("gaps") or ()]
        by_tag = dict(iter(self.samples.groupby(self.samples["tag"].astype("str"))))
        parts, deploys = [], deploys_in(self.tables)
        for row in odd.head(MOST_DRAWN).to_dict("records"):
            tag = str(row["tag"])
            said = f"<b>{escape(tag)}</b>: {escape(str(row['verdict']))}, {escape(str(row['reason']))}"
            # Of an alarm, the tag that it is of.
            own = max((one for one in by_tag if f"{one}." in f"{tag}."), key=len, default="")
            chart = tag_chart(own, by_tag[own], holes, span, deploys) if own else ""
            parts.append(f"<p>{said}</p>{readable(chart)}")
        left = len(odd) - MOST_DRAWN
        return "".join(parts) + (f"<p>and {left} more, in the table below</p>" if left > 0 else "")
