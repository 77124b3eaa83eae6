"""What a watch shows, as a list. Its text is for people, and git compares it line by line.

    tags = [
      "FIC101.PV",
      "Tank00*.Level",
    ]
    window = "120s"

Why: DECISIONS.md, "A watch list is TOML, and its globs are asked again".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import is_glob
from mxgw_notebook.gateway.tags.galaxy_query import GalaxyQuery
from mxgw_notebook.gateway.tags.naming import tags_given

SIGN = "@"
HEAD = "# A watch list of mxgw_notebook: %mxgw watch @{name}"


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
