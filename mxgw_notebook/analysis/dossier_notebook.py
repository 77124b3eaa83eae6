"""A dossier as a notebook: its data, cells that draw them again, and what these cells show.

It is written as plain JSON of nbformat 4.5, so that nothing more has to be installed.
Why: DECISIONS.md, "A dossier's notebook shows everything before it is run".
"""

from __future__ import annotations

import base64
import json
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

import pandas as pd

from mxgw_notebook.frames import put_whole

# A cell of more makes an editor slow: then the data are in a file beside the notebook.
MOST_INSIDE: Final = 2 << 20
BESIDE: Final = ".data.zip"
LINE: Final = 100
# Letters and digits of any language, and what no Markdown gives a meaning.
HARMLESS: Final = frozenset(" .,;")
METADATA: Final = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
}
READING: Final = """\
This notebook shows what was known when it was made, without being run. Run it to draw everything anew, or to
look further: `dossier.samples` has all values, `dossier.trend("Tank001.Level")` draws one tag, and
`dossier.tables` has the other tables. It needs `pip install mxgw-notebook`, and no plant."""
# A page would take what is between two templates, `$Tank`, for mathematics; a path is shown whole.
FORM: Final = ("display.html.use_mathjax", False, "display.max_colwidth", 200)
FROM_INSIDE: Final = f"""\
from base64 import b64decode

import pandas as pd

from mxgw_notebook.analysis import Dossier

pd.set_option{FORM}
dossier = Dossier.from_bytes(b64decode(DATA))
dossier.sources()"""
FROM_BESIDE: Final = f"""\
from pathlib import Path

import pandas as pd

from mxgw_notebook.analysis import Dossier

pd.set_option{FORM}
dossier = Dossier.from_bytes(Path(DATA).read_bytes())
dossier.sources()"""
Cell = dict[str, Any]


class Drawable(Protocol):
    """A dossier as its cells ask for it; `Dossier` has these."""

    @property
    def title(self) -> str:
        """Its heading."""

    @property
    def start(self) -> pd.Timestamp:
        """When its time begins."""

    @property
    def end(self) -> pd.Timestamp:
        """When it ends."""

    @property
    def samples(self) -> pd.DataFrame:
        """Its values."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame | None]:
        """Its other tables."""

    @property
    def provenance(self) -> Mapping[str, str]:
        """Where it is from."""

    def sources(self) -> pd.DataFrame:
        """The same as a table."""

    def uncovered(self) -> pd.DataFrame:
        """What is not covered."""

    def trend(self) -> Any:
        """Its drawings."""


def write_notebook(data: bytes, dossier: Drawable, target: Path) -> None:
    """Writes a dossier as a notebook, whole or not at all; large data into a file beside it. Raises OSError.

    `dossier` is what a run would make of the data, and so what the cells show.
    """
    named = base64.b64encode(data).decode()
    if len(data) > MOST_INSIDE:
        named = f"{target.stem}{BESIDE}"
        put_whole(target.with_name(named), data)
    cells = list(cells_of(dossier, named))
    for place, cell in enumerate(cells):
        cell["id"] = f"dossier-{place}"
    whole = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    put_whole(target, json.dumps(whole, indent=1).encode())


def cells_of(dossier: Drawable, data: str) -> Iterator[Cell]:
    """All cells; `data` is the data in base64, or the name of a file that has them."""
    span = f"{dossier.start:%Y-%m-%d %H:%M:%S} to {dossier.end:%Y-%m-%d %H:%M:%S} UTC"
    yield text(f"# {as_text(dossier.title)}\n\n{span}\n\n{READING}")
    is_beside = data.endswith(BESIDE)
    yield hidden(f"DATA = {data!r}" if is_beside else data_cell(data))
    yield text("## Where this is from")
    yield code(FROM_BESIDE if is_beside else FROM_INSIDE, dossier.sources())
    if where := dossier.provenance.get("recording"):
        yield code(f"# import mxgw_notebook as mx\n# recording = mx.open_recording({str(where)!r})")
    yield text("## What of the time is not covered\n\n`share` is the part of the time, from 0 to 1.")
    yield code("dossier.uncovered()", dossier.uncovered())
    yield text("## Trend\n\nGrey: nothing is known. Red: quality is not good.")
    yield code("dossier.trend()", dossier.trend())
    yield code("dossier.samples", dossier.samples)
    for name, table in dossier.tables.items():
        yield from table_cells(name, table)


def table_cells(name: str, table: pd.DataFrame | None) -> Iterator[Cell]:
    """One table under its heading."""
    if table is None:
        yield text(f"## {as_text(name)}\n\nUnknown: nobody recorded it.")
    else:
        yield text(f"## {as_text(name)}\n\n{len(table):,} row{'' if len(table) == 1 else 's'}.")
        yield code(f"dossier.tables[{name!r}]", table)


def data_cell(data: str) -> str:
    """The data in base64, in lines that an editor shows easily."""
    return f'DATA = """\n{chr(10).join(textwrap.wrap(data, LINE))}\n"""'


def text(source: str) -> Cell:
    """A cell that is read."""
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def code(source: str, shown: Any = None) -> Cell:
    """A cell that is run, and what it showed."""
    outputs = [] if shown is None else [result(shown)]
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": outputs,
        "source": source.splitlines(keepends=True),
    }


def hidden(source: str) -> Cell:
    """A cell whose source is folded away."""
    return {**code(source), "metadata": {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}}


def result(shown: Any) -> Cell:
    """What a notebook keeps of what a cell showed."""
    data = {"text/plain": repr(shown).splitlines(keepends=True)}
    with pd.option_context(*FORM):
        page = shown._repr_html_()
    if page is not None:  # pandas may have been told to write none
        data["text/html"] = page.splitlines(keepends=True)
    return {"output_type": "execute_result", "execution_count": None, "data": data, "metadata": {}}


def as_text(words: str) -> str:
    """Words as they are, of which Markdown and MathJax make no link, picture, element or formula."""
    line = " ".join(words.replace("$", "\uff04").replace("\\", "\uff3c").split())
    return "".join(one if one.isalnum() or one in HARMLESS else f"&#{ord(one)};" for one in line)
