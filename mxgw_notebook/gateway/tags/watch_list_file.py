"""The file of a watch list: written, found by its name, read, and checked line by line."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from mxgw_notebook.errors import ConfigurationError, reason_of
from mxgw_notebook.frames import moment_ns, stretch, tell_replaced
from mxgw_notebook.gateway.tags.galaxy_query import query_given
from mxgw_notebook.gateway.tags.object_viewer import read_references
from mxgw_notebook.gateway.tags.watch_list import SIGN, PenLine, ScaleLine, WatchList, XYLine

SUFFIX = ".toml"
HINT = "Save one: levels = gateway.watch(...); levels.save('feed.toml')."
# The form of each key: what it has to be, in words, and whether a value is that.
FORMS = {
    "tags": "a list of texts", "without": "a list of texts", "attribute": "a list of texts",
    "template": "a text", "window": "a stretch of time", "buffered": "a stretch of time",
    "table": "true or false", "pens": "a list of { name, expression }", "query": "{ find, area, historized }",
    "scales": "a list of { units, low, high, log }",
    "overlay": "a stretch of time, or the time of its start", "xy": "a list of { x, y }",
}  # fmt: skip


def save_list(watched: WatchList, file: str | Path) -> Path:
    """Writes a watch list. Raises ConfigurationError where another kind of file would be overwritten."""
    path = Path(file)
    if path.suffix != SUFFIX:
        raise ConfigurationError(f"A watch list is a {SUFFIX} file, not {path.name!r}", hint=HINT)
    if path.exists():
        try:
            read_list(path)
        except ConfigurationError as error:
            hint = "Choose another name, or remove it."
            raise ConfigurationError(f"{path} is there, and no watch list: {error}", hint=hint) from None
        tell_replaced(path)
    try:
        path.write_text(watched.text(path.stem), encoding="utf-8", newline="\n")
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {reason_of(error)}") from error
    return path


def list_named(given: Sequence[Any]) -> WatchList | None:
    """The watch list that is given alone, as `"@feed"`. Raises ConfigurationError as `read_list` does."""
    (only,) = given if len(given) == 1 else (None,)
    if isinstance(only, list | tuple):
        return list_named(only)
    return read_list(file_of(only)) if isinstance(only, str) and only.startswith(SIGN) else None


def file_of(name: str) -> Path:
    """Where the list `@feed` is: `feed.toml` in this folder; a name with an ending is the file itself."""
    path = Path(name.removeprefix(SIGN))
    return path if path.suffix else path.with_name(f"{path.name or name}{SUFFIX}")


def saved_lists(folder: Path) -> list[str]:
    """The watch lists saved in a folder, each as `@feed`; other files of the kind are none."""
    try:
        files = sorted(folder.glob(f"*{SUFFIX}"))
    except OSError:
        return []
    return [f"{SIGN}{file.stem}" for file in files if is_list(file)]


def is_list(file: Path) -> bool:
    """Whether a file is a watch list."""
    try:
        read_list(file)
    except ConfigurationError:
        return False
    return True


def read_list(file: Path) -> WatchList:
    """The watch list of a file, ours or of Object Viewer (.xml).

    Raises ConfigurationError where there is none, or something in it is not understood.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"There is no watch list {file}: {reason_of(error)}", hint=HINT) from None
    if file.suffix.lower() == ".xml":
        return WatchList(tuple(read_references(content, str(file))))
    try:
        said = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError(f"{file} is not a watch list: {error}", hint=HINT) from None
    return list_said(said, str(file))


def list_said(said: Mapping[str, Any], file: str) -> WatchList:
    """The list of what a file says."""
    for name, value in said.items():
        if name not in FORMS:
            hint = f"Known are {', '.join(FORMS)}."
            raise ConfigurationError(f"{file}: {name!r} is not understood", hint=hint)
        if not is_of(FORMS[name], value):
            raise ConfigurationError(f"{file}: {name} is not {FORMS[name]}: {value!r:.80}")
    if ("template" in said) != ("attribute" in said):
        raise ConfigurationError(f"{file}: template and attribute belong together")
    if not said.get("tags") and not {"template", "query"} & set(said):
        raise ConfigurationError(f"{file} lists no tags", hint=HINT)
    listed: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in said.items()
    }
    pens = tuple(PenLine(**pen) for pen in listed.pop("pens", ()))
    scales = tuple(ScaleLine(**scale) for scale in listed.pop("scales", ()))
    xy = tuple(XYLine(**line) for line in listed.pop("xy", ()))
    query = query_given(listed.pop("query", None))
    return WatchList(**listed, query=query, pens=pens, scales=scales, xy=xy, follows=True)


def is_of(form: str, value: object) -> bool:
    """Whether a value has the form that these words name."""
    if form == "a list of texts":
        return isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)
    if form == "true or false":
        return isinstance(value, bool)
    if form == FORMS["pens"]:
        return isinstance(value, list) and all(map(is_pen, value))
    if form == FORMS["scales"]:
        return isinstance(value, list) and all(map(is_scale, value))
    if form == FORMS["xy"]:
        return isinstance(value, list) and all(map(is_xy, value))
    if form == FORMS["query"]:
        return isinstance(value, dict)
    if not isinstance(value, str) or not value.strip():
        return False
    return form == "a text" or is_stretch(value) or (form == FORMS["overlay"] and is_time(value))


def is_pen(value: object) -> bool:
    """Whether a value says a pen: texts by these names, the units where there are some."""
    said = value if isinstance(value, dict) else {}
    is_known = {"name", "expression"} <= set(said) <= {"name", "expression", "units"}
    return is_known and all(isinstance(text, str) and text.strip() for text in said.values())


def is_xy(value: object) -> bool:
    """Whether a value says one tag over another."""
    said = value if isinstance(value, dict) else {}
    return set(said) == {"x", "y"} and all(isinstance(text, str) and text.strip() for text in said.values())


def is_scale(value: object) -> bool:
    """Whether a value says a scale by hand."""
    said = value if isinstance(value, dict) else {}
    ends = [said[name] for name in ("low", "high") if name in said]
    is_known = {"units"} <= set(said) <= {"units", "low", "high", "log"}
    are_numbers = all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends)
    return (
        is_known
        and isinstance(said["units"], str)
        and are_numbers
        and is_range(said.get("low"), said.get("high"), said.get("log", False))
    )


def is_range(low: float | None, high: float | None, log: object) -> bool:
    """Whether an axis can be drawn from one end to the other."""
    ends = [end for end in (low, high) if end is not None]
    is_finite = all(math.isfinite(end) and (end > 0 or not log) for end in ends)
    return isinstance(log, bool) and is_finite and (len(ends) < len((low, high)) or ends[0] < ends[1])


def is_stretch(value: str) -> bool:
    """Whether a text says a stretch of time."""
    try:
        return math.isfinite(stretch(value).total_seconds())
    except ConfigurationError:
        return False


def is_time(value: str) -> bool:
    """Whether a text says a time."""
    try:
        return bool(moment_ns(value) != pd.NaT.value)
    except ConfigurationError:
        return False
