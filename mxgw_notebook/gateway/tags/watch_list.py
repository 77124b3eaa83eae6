"""What a watch shows, as a file: a text that people read, and git compares line by line.

    tags = [
      "FIC101.PV",
      "Tank00*.Level",
    ]
    window = "120s"

Why: DECISIONS.md, "A watch list is TOML, and its globs are asked again".
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import pandas as pd

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import is_glob, moment_ns, stretch
from mxgw_notebook.gateway.tags.galaxy_query import GalaxyQuery, query_given
from mxgw_notebook.gateway.tags.naming import tags_given
from mxgw_notebook.gateway.tags.object_viewer import read_references

SIGN = "@"
SUFFIX = ".toml"
HINT = "Save one: levels = gateway.watch(...); levels.save('feed.toml')."
HEAD = "# A watch list of mxgw_notebook: %mxgw watch @{name}"
# The form of each key: what it has to be, in words, and whether a value is that.
FORMS = {
    "tags": "a list of texts", "without": "a list of texts", "attribute": "a list of texts",
    "template": "a text", "window": "a stretch of time", "buffered": "a stretch of time",
    "table": "true or false", "pens": "a list of { name, expression }", "query": "{ find, area, historized }",
    "scales": "a list of { units, low, high, log }",
    "overlay": "a stretch of time, or the time of its start", "xy": "a list of { x, y }",
}  # fmt: skip


@dataclass(frozen=True)
class PenLine:
    """A pen that is calculated, as a line of a list says it."""

    name: str
    expression: str
    units: str = ""

    def __str__(self) -> str:
        units = f", units = {quoted(self.units)}" if self.units else ""
        return f"{{ name = {quoted(self.name)}, expression = {quoted(self.expression)}{units} }}"


@dataclass(frozen=True)
class XYLine:
    """One tag over another, as a line of a list says it."""

    x: str
    y: str

    def __str__(self) -> str:
        return f"{{ x = {quoted(self.x)}, y = {quoted(self.y)} }}"


@dataclass(frozen=True)
class ScaleLine:
    """A scale by hand, as a line of a list says it."""

    units: str
    low: float | None = None
    high: float | None = None
    log: bool = False

    def __str__(self) -> str:
        ends = {"low": self.low, "high": self.high}
        said = [f"{name} = {float(end)!r}" for name, end in ends.items() if end is not None]
        return f"{{ {', '.join([f'units = {quoted(self.units)}', *said, *['log = true'][: self.log]])} }}"


@dataclass(frozen=True)
class WatchList:
    """Tags by name and by glob, an attribute of a template's objects, and what a query finds.

    `without` are left out of what these find. `window` is the stretch of time that its trend shows first,
    `buffered` as of `Gateway.watch`, both empty for the usual. `overlay` is by how much an overlay is
    earlier, or the time of its start. A list that `follows` is looked up again after each deploy.
    """

    tags: tuple[str, ...] = ()
    template: str | None = None
    attribute: tuple[str, ...] = ()
    query: GalaxyQuery | None = None
    without: tuple[str, ...] = ()
    window: str = ""
    buffered: str = ""
    table: bool = False
    pens: tuple[PenLine, ...] = ()
    scales: tuple[ScaleLine, ...] = ()
    overlay: str = ""
    xy: tuple[XYLine, ...] = ()
    follows: bool = field(default=False, compare=False)

    @property
    def has_queries(self) -> bool:
        """Whether the galaxy says which tags it means."""
        return self.template is not None or self.query is not None or any(map(is_glob, self.tags))

    def having(self, tags: Iterable[str]) -> WatchList:
        """With these tags, too."""
        wanted = list(tags)
        left_out = tuple(tag for tag in self.without if tag not in wanted)
        return replace(self, tags=tuple(dict.fromkeys([*self.tags, *wanted])), without=left_out)

    def lacking(self, tags: Iterable[str]) -> WatchList:
        """Without these tags, also where a glob finds them."""
        gone = list(tags)
        kept = tuple(tag for tag in self.tags if tag not in gone)
        pens = tuple(pen for pen in self.pens if pen.name not in gone)
        xy = tuple(line for line in self.xy if not {line.x, line.y} & set(gone))
        gone = [name for name in gone if name not in {pen.name for pen in self.pens}]
        left_out = dict.fromkeys([*self.without, *(gone if self.has_queries else ())])
        return replace(self, tags=kept, without=tuple(left_out), pens=pens, xy=xy)

    def drawing(self, pen: PenLine) -> WatchList:
        """With this pen, too."""
        others = tuple(one for one in self.pens if one.name != pen.name)
        return replace(self, pens=(*others, pen))

    def crossing(self, line: XYLine) -> WatchList:
        """With one tag over another."""
        return replace(self, xy=tuple(dict.fromkeys([*self.xy, line])))

    def not_crossing(self, line: XYLine) -> WatchList:
        """Without it."""
        return replace(self, xy=tuple(one for one in self.xy if one != line))

    def text(self, name: str) -> str:
        """Its file's text: one tag a line, what is as usual left out."""
        lines = [HEAD.format(name=name)]
        for one in fields(self):
            value = getattr(self, one.name)
            if not value or one.name == "follows":
                continue
            if isinstance(value, tuple):
                lines += [f"{one.name} = [", *(f"  {written(entry)}," for entry in value), "]"]
            else:
                said = str(value) if isinstance(value, GalaxyQuery) else quoted(value)
                lines.append(f"{one.name} = {said}")
        return "\n".join([*lines, ""])


def check_template(template: str | None, attribute: str | Sequence[str] | None) -> None:
    """Refuses one of them without the other."""
    if (template is None) != (attribute is None):
        hint = 'Give both: template="$Tank", attribute="Level".'
        raise ConfigurationError("A template and an attribute belong together", hint=hint)


def asked_for(
    given: Sequence[Any],
    template: str | None,
    attribute: str | Sequence[str] | None,
    query: GalaxyQuery | None,
) -> WatchList:
    """What was asked for by arguments, as a list; with a query it follows deploys."""
    check_template(template, attribute)
    names = tuple(tags_given(given)) if given or (template is None and query is None) else ()
    if named := [name for name in names if name.startswith(SIGN)]:
        hint = "Watch it, then add to it: levels.add(...)."
        raise ConfigurationError(f"The watch list {named[0]} has to stand alone", hint=hint)
    wanted = (attribute,) if isinstance(attribute, str) else tuple(attribute or ())
    return WatchList(names, template, wanted, query, follows=query is not None)


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
    try:
        path.write_text(watched.text(path.stem), encoding="utf-8", newline="\n")
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from error
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
        raise ConfigurationError(f"There is no watch list {file}: {error.strerror}", hint=HINT) from None
    if file.suffix.lower() == ".xml":
        return WatchList(tuple(read_references(content, str(file))))
    try:
        said = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
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


def name_given(name: str) -> str:
    """The name of a pen. Raises ConfigurationError for none."""
    if not name.strip() or not name.isprintable():
        raise ConfigurationError(
            "A pen needs a name", hint='levels.pen("diff", "Tank001.Level - Tank002.Level")'
        )
    return name.strip()


def written(entry: str | PenLine | ScaleLine | XYLine) -> str:
    """An entry of a list."""
    return quoted(entry) if isinstance(entry, str) else str(entry)


def quoted(value: str | bool) -> str:
    """A value in TOML, whose texts are those of JSON."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
