"""An incident on one page: trend, alarms, writes, deploys, gaps and notes, with their data and where from.

It is saved as a page, or as a notebook that draws it again.
Why: DECISIONS.md, "A dossier carries its data in itself".
"""

from __future__ import annotations

import base64
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from mxgw_notebook.analysis.alarm_page import PAGE, STYLE, section, table
from mxgw_notebook.analysis.behaviour import SECOND, heard, hole_of
from mxgw_notebook.analysis.dossier_data import Parts, packed, unpacked
from mxgw_notebook.analysis.dossier_notebook import write_notebook
from mxgw_notebook.analysis.drawings import Drawings, drawn_tags
from mxgw_notebook.client import checks_arguments, path_given
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import (
    being_written,
    gives_tables,
    have_plant_tables,
    moment_ns,
    plant_table,
    without_formulas,
)
from mxgw_notebook.globs import resolve
from mxgw_notebook.svg import as_written, readable
from mxgw_notebook.words import lapse_words

TAGS_HINT = "They are in .samples."
UNRECORDED = "<p>Unknown: nobody recorded it.</p>"


@gives_tables
@dataclass(frozen=True)
class Dossier:
    """All that is known about a stretch of time, as one page. In a notebook it shows as that page.

    `start` and `end` (UTC), `samples` (long, with `attrs["gaps"]`), `tables` by heading (None: nobody knows),
    `provenance` (where each part comes from).
    """

    title: str
    start: pd.Timestamp
    end: pd.Timestamp
    samples: pd.DataFrame
    tables: Mapping[str, pd.DataFrame | None]
    provenance: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        have_plant_tables(self)
        told = {name: None if one is None else plant_table(one) for name, one in self.tables.items()}
        object.__setattr__(self, "tables", told)

    def __repr__(self) -> str:
        tags = self.samples["tag"].nunique()
        return f"<Dossier {self.start:%Y-%m-%d %H:%M:%S} to {self.end:%H:%M:%S} UTC: {tags} tags>"

    def to_html(self) -> str:
        """One page that loads nothing from any other computer."""
        return PAGE.format(title=escape(self.title), body=self._body())

    def save(self, path: str | Path) -> Path:
        """Writes a page (.html) or a notebook (.ipynb); returns the path.

        The notebook has the data within it, and its cells draw everything again. It shows everything before
        you run it. More than 2 MB of data are in a second file beside it, which ends in `.data.zip`.

        Raises:
            ConfigurationError: Another ending, or the file cannot be written.
        """
        target = Path(path_given(path, "Name one, e.g. dossier.html."))
        ending = target.suffix.lower()
        if ending not in (".html", ".htm", ".ipynb"):
            hint = "A dossier is a page or a notebook."
            raise ConfigurationError(f"{target.name} is no .html and no .ipynb", hint=hint)
        with being_written(target):
            if ending == ".ipynb":
                write_notebook(data := self.to_bytes(), Dossier.from_bytes(data), target)
            else:
                target.write_text(self.to_html(), encoding="utf-8", errors="backslashreplace")
        return target

    def to_bytes(self) -> bytes:
        """All its data as one zip of Parquet files, for `Dossier.from_bytes`."""
        made: dict[str, str] = dict(self.sources().itertuples(index=False))
        return packed(Parts(self.title, self.start, self.end, self.samples, self.tables, made))

    @staticmethod
    def from_bytes(data: bytes) -> Dossier:
        """The dossier whose `to_bytes` this is; also the content of a file that ends in `.data.zip`.

        Values of several kinds are in two columns, `value` and `text`.

        Raises:
            ConfigurationError: It is something else.
        """
        return Dossier(*unpacked(data))

    @checks_arguments
    def trend(self, *tags: str) -> Drawings:
        """A drawing of each tag; default: all, of very many the first. Globs are possible.

        Raises:
            ConfigurationError: The dossier has no such tag.
        """
        known = sorted(map(str, self.samples["tag"].unique()))
        wanted = resolve(tags or known, known, "tag of the dossier", hint=TAGS_HINT)
        if others := [tag for tag in wanted if tag not in known]:
            raise ConfigurationError(f"The dossier has no tag {', '.join(others)}", hint=TAGS_HINT)
        return self._drawn_tags(wanted)

    def sources(self) -> pd.DataFrame:
        """What the dossier was made of, with what, and when: `what`, `value`."""
        return sources(self.provenance)

    def uncovered(self) -> pd.DataFrame:
        """The part of the time that is not covered: `tag`, `share` (0 to 1; 1 if nothing is known)."""
        span = (self.start.as_unit("ns").value, self.end.as_unit("ns").value)
        holes = [hole_of(gap) for gap in self.samples.attrs.get("gaps") or ()]
        length = max((span[1] - span[0]) / SECOND, 1e-9)
        firsts = self.samples.groupby(self.samples["tag"].astype("str"))["timestamp"].min()
        begun = [max(span[0], first.as_unit("ns").value) for first in firsts]
        shares = [1 - min(heard(begin, span[1], holes) / length, 1.0) for begin in begun]
        return pd.DataFrame({"tag": list(firsts.index), "share": pd.Series(shares, dtype="float64")})

    def _repr_html_(self) -> str:
        return as_written(self._body())

    def _body(self) -> str:
        words = f"{self.start:%Y-%m-%d %H:%M:%S} to {self.end:%Y-%m-%d %H:%M:%S} UTC"
        heading = f"<h2>{escape(self.title)}</h2><p>{words}</p>"
        return f'{STYLE}<div class="mxgw-report">{heading}{"".join(self._parts())}</div>'

    def _parts(self) -> Iterator[str]:
        yield section("What of the time is not covered", coverage(self.uncovered(), self.start, self.end))
        every = sorted(map(str, self.samples["tag"].unique()))
        charts = in_page(self._drawn_tags(every))
        yield section("Trend", charts + download("samples", self.samples))
        for name, found in self.tables.items():
            yield section(name, UNRECORDED if found is None else whole(name, found))
        yield section("Where this is from", table(sources(self.provenance)))

    def _drawn_tags(self, tags: Sequence[str]) -> Drawings:
        return drawn_tags(self.samples, tags, self.start, self.end, deploys_in(self.tables))


def coverage(shares: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> str:
    """In words, where anything is missing."""
    missing = shares[shares["share"] > 0]
    if shares.empty:
        return "<p>No value of any tag is known of this time.</p>"
    if missing.empty:
        return "<p>All of it is covered, of each tag below.</p>"
    seconds = (end - start).total_seconds()
    lapses = [lapse_words(share * seconds) for share in missing["share"]]
    return table(pd.DataFrame({"tag": missing["tag"].to_numpy(), "not covered": lapses}))


def deploys_in(tables: Mapping[str, pd.DataFrame | None]) -> list[int]:
    """When something was deployed, as the tables of a dossier or an impact page tell it."""
    known = [found for found in tables.values() if found is not None]
    told = [time for found in known if "deployed" in found for time in found["deployed"].dropna().unique()]
    told += [found.attrs["deployed"] for found in known if "deployed" in found.attrs]
    return sorted({moment_ns(time) for time in told})


def in_page(found: Drawings) -> str:
    """Drawings in the page itself."""
    more = f"<p>and {found.left} more tags, in the data</p>" if found.left else ""
    return "".join(map(readable, found.svgs.values())) + more


def whole(name: str, found: pd.DataFrame, shown: Sequence[str] | None = None) -> str:
    """The first rows of a table, of the columns that are shown, and all of it to take away."""
    return table(found if shown is None else found[list(shown)]) + (
        download(name.lower(), found) if len(found) else ""
    )


def download(name: str, found: pd.DataFrame) -> str:
    """A link with the table itself in it, as CSV; times are UTC."""
    csv = without_formulas(found).to_csv(index=False)
    content = base64.b64encode(csv.encode("utf-8", "backslashreplace")).decode()
    link = f'<a download="{escape(name)}.csv" href="data:text/csv;base64,{content}">{escape(name)}.csv</a>'
    return f"<p>{link}, {len(found):,} rows</p>"


def sources(told: Mapping[str, str]) -> pd.DataFrame:
    """What it was made of, with what, and when: `what`, `value`."""
    made: dict[str, Any] = {
        "mxgw-notebook": version("mxgw-notebook"),
        "pandas": pd.__version__,
        "Python": platform.python_version(),
        "made": f"{pd.Timestamp.now('UTC'):%Y-%m-%d %H:%M:%S} UTC",
    }
    # What was read from a file tells by itself with what, and when, it was made.
    whole = {**told, **{name: value for name, value in made.items() if name not in told}}
    return pd.DataFrame({"what": list(whole), "value": [str(value) for value in whole.values()]})
