"""A table from a file, as databases, historians and Excel write them: every cell as text."""

from __future__ import annotations

import csv
import gzip
import zipfile
import zlib
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from mxgw_notebook.errors import ConfigurationError, reason_of

TEXT = (".csv", ".txt", ".tsv")
WORKBOOK = (".xlsx", ".xlsm")
ENDINGS = ".parquet, .csv, .txt, .tsv (each of the texts also as .gz) or .xlsx"
NO_TABLE = "table= is of databases and of workbooks; leave it out."
SEPARATORS = (";", "\t", ",", "|")
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """Where a table came from, and how its rows are numbered there: in files the header is row 1.

    `sheets` are those of a workbook.
    """

    name: str
    first_row: int = 0
    places: Any = None
    sheets: tuple[str, ...] = ()

    def row(self, place: Any) -> str:
        """The row at a place, from 0, as a person finds it."""
        there = place if self.places is None else self.places[place]
        return f"{self.name}, row {int(there) + self.first_row:,}"

    @property
    def others(self) -> str:
        """What to try next where a workbook has more than the sheet that was read."""
        return f" Its sheets are {', '.join(self.sheets)}: table= names one." if self.sheets[1:] else ""

    def in_order(self, places: Any) -> Origin:
        """The same for rows that were put in another order: where each of them was."""
        return replace(self, places=places if self.places is None else self.places[places])


def read_table(path: str | Path, sheet: str | None = None) -> tuple[pd.DataFrame, Origin]:
    """A file's table, and where it came from.

    Texts are of UTF-8, UTF-16 or Windows-1252, with `;`, tab, `,` or `|` between the cells; a first line
    `sep=;` is Excel's own. Of a workbook the sheet that is named is read, else the first.

    Raises ConfigurationError for another ending, a file that is not there, or one that is no such table.
    """
    source = Path(path)
    name = source.name.lower()
    check_file(source, name, sheet)
    if name.endswith(WORKBOOK):
        return read_workbook(source, sheet)
    if name.endswith(".parquet"):
        return read_parquet(source), Origin(source.name)
    return read_text(source.name, text_of(source))


def read_parquet(source: Path) -> pd.DataFrame:
    """A Parquet file's table."""
    try:
        return pd.read_parquet(source)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{source.name} is not a Parquet file: {reason_of(error)}") from None


def read_workbook(source: Path, sheet: str | None) -> tuple[pd.DataFrame, Origin]:
    """A sheet of a workbook, unless told the first."""
    try:
        with pd.ExcelFile(source) as book:
            sheets = tuple(map(str, book.sheet_names))
            if sheet is not None and sheet not in sheets:
                message = f"{source.name} has no sheet {sheet!r}"
                raise ConfigurationError(message, hint=f"It has {', '.join(sheets)}.")
            table = pd.read_excel(book, sheet_name=sheet or 0, dtype=object, keep_default_na=False)
        return table, Origin(source.name, 2, sheets=sheets)
    except ImportError:
        message = f"{source.name} is a workbook, and openpyxl is not installed"
        raise ConfigurationError(message, hint='Install it: pip install "mxgw-notebook[excel]".') from None
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        message = f"{source.name} is not a workbook that can be read: {reason_of(error)}"
        raise ConfigurationError(message, hint="Save it as .xlsx or as .csv.") from None


def text_of(source: Path) -> str:
    """A file's text, unpacked and decoded."""
    try:
        raw = source.read_bytes()
        if source.suffix.lower() == ".gz":
            raw = gzip.decompress(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise ConfigurationError(f"{source.name} cannot be read: {reason_of(error)}") from None
    for encoding in encodings_of(raw):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            row = raw.count(b"\n", 0, error.start) + 1
    message = f"{source.name}, row {row:,}: a character is neither of UTF-8 nor of Windows-1252"
    raise ConfigurationError(message, hint="Save the file as UTF-8.")


def encodings_of(raw: bytes) -> tuple[str, ...]:
    """What a text may be encoded by, the surest first."""
    for mark, encoding in BOMS:
        if raw.startswith(mark):
            return (encoding,)
    # Without its mark UTF-16 shows by the zeros beside each letter of the header.
    zeros = raw[:200]
    if zeros.count(0) > len(zeros) // 3:
        return ("utf-16-be" if zeros[0] == 0 else "utf-16-le",)
    return ("utf-8", "cp1252")


def separated(text: str) -> tuple[str, str, int]:
    """What stands between a text's cells, the text, and how many lines before it said that."""
    head, _, rest = text.partition("\n")
    if head.lower().startswith("sep=") and len(head.strip()) <= len("sep=;"):
        return head.rstrip("\r\n")[4:5] or "\t", rest, 1
    return max(SEPARATORS, key=lambda one: unquoted(head).count(one)), text, 0


def check_file(source: Path, name: str, sheet: str | None) -> None:
    """Raises ConfigurationError for a `name`, in lower case, with another ending, and where no file is.

    Likewise for a sheet of what has none.
    """
    if not name.endswith((".parquet", *WORKBOOK)) and not name.removesuffix(".gz").endswith(TEXT):
        raise ConfigurationError(f"{source.name} is none of {ENDINGS}")
    if not source.is_file():
        raise ConfigurationError(f"There is no file {source}")
    if sheet is not None and not name.endswith(WORKBOOK):
        raise ConfigurationError(f"{source.name} is not a workbook and has no sheet {sheet!r}", hint=NO_TABLE)


def read_text(name: str, text: str) -> tuple[pd.DataFrame, Origin]:
    """The table of a text, every cell as text: a tag of digits alone is still a tag."""
    separator, text, skipped = separated(text)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        message = f"{name} is not a table with {separator!r} between its cells: {reason_of(error)}"
        raise ConfigurationError(message, hint="Save it as .csv or as .xlsx.") from None
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise ConfigurationError(f"{name} is empty", hint="A log has a line with its columns' names.")
    origin = Origin(name, 2 + skipped)
    check_widths(rows, origin)
    return pd.DataFrame(rows[1:], columns=rows[0], dtype="str"), origin


def check_widths(rows: list[list[str]], origin: Origin) -> None:
    """Raises ConfigurationError for a row with more or fewer cells than the header: its cells are others'."""
    for place, cells in enumerate(rows):
        if len(cells) != len(rows[0]):
            message = f"{origin.row(place - 1)} has {len(cells)} cells, and the header {len(rows[0])}"
            raise ConfigurationError(message, hint="Every row needs as many cells as the header.")


def unquoted(line: str) -> str:
    """A line without what stands in quotes."""
    return "".join(line.split('"')[::2])
