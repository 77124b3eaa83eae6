"""Two states of a galaxy compared: what a deploy added, removed and changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from mxgw_notebook.client import checks_arguments, path_given
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import SETTINGS, gives_table, read_galaxy, tell_replaced, write_galaxy
from mxgw_notebook.words import counted, exact

# What can change about an object and about an attribute of its own; a move changes parent, area and path.
OBJECT_FACTS = (
    "contained_name",
    "template",
    "template_chain",
    "category",
    "hosted_by",
    "parent",
    "area",
    "path",
)
ATTRIBUTE_FACTS = ("data_type", "is_array", "array_dimension", "security", "is_historized", "is_alarm")
COLUMNS = ("change", "kind", "object", "attribute", "what", "before", "after")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A galaxy at one time: `objects` and `attributes` as from `Gateway.objects` and `Gateway.attributes`."""

    objects: pd.DataFrame
    attributes: pd.DataFrame

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Reads a snapshot from its Parquet file. Raises ConfigurationError if the file has none."""
        return cls(*read_galaxy(path))

    def save(self, path: str | Path) -> Path:
        """Writes the snapshot to a Parquet file, completely or not at all. Returns the path.

        A printed line says if the file existed.
        """
        target = Path(path_given(path, "Name one, e.g. plant.parquet."))
        tell_replaced(target)
        return write_galaxy(target, self.objects, self.attributes)

    @property
    def deployed(self) -> str:
        """The time of the galaxy's last deploy, as text in UTC."""
        return str(self.objects.attrs.get("deployed", ""))

    def __repr__(self) -> str:
        objects, attributes = (len(self.objects), "object"), (len(self.attributes), "attribute")
        return f"<Snapshot of {counted(*objects)}, {counted(*attributes)}>"


@checks_arguments
@gives_table
def diff(before: Snapshot | str | Path, after: Snapshot | str | Path) -> pd.DataFrame:
    """The differences between two snapshots or their files, one row per difference.

    Columns: `change` (added, removed, changed), `kind` (object, attribute), `object`, `attribute` (empty for
    objects), `what` (the column that changed; empty if added or removed), `before`, `after` (text). Objects
    come first. Each kind is in the order of its galaxy. An added or removed object is one row: `after` or
    `before` counts its attributes, which are not listed. `attrs` names the two deploys. Limits and priorities
    of alarms are compared if both snapshots have them. If one of them is not known, it counts as not changed.
    """
    old, new = load(before), load(after)
    objects = compared(old.objects, new.objects, "tag_name", OBJECT_FACTS)
    kept = set(old.objects["tag_name"]) & set(new.objects["tag_name"])
    facts = (*ATTRIBUTE_FACTS, *settings_of(old, new))
    attributes = compared(within(old.attributes, kept), within(new.attributes, kept), "tag", facts)
    found = pd.concat(
        [object_rows(objects, old.objects, new.objects), attribute_rows(attributes, old, new)],
        ignore_index=True,
    )
    found.attrs = {"before": old.deployed, "after": new.deployed}
    return found


@checks_arguments
@gives_table
def alarm_changes(before: Snapshot | str | Path, after: Snapshot | str | Path) -> pd.DataFrame:
    """The limits and priorities of alarms that differ between two snapshots or their files, one row each.

    Columns: `tag`, `area`, `what` (limit, priority), `before`, `after` (float64). Alarms that only one
    snapshot has are listed by `diff`. `attrs` names the two deploys. `attrs["not_known"]` counts the settings
    that one snapshot lacks: these are not compared.

    Raises:
        ConfigurationError: A snapshot was saved without them.
    """
    old, new = load(before), load(after)
    for one, state in ((before, old), (after, new)):
        if not all(name in state.attributes for name in SETTINGS):
            name = one if isinstance(one, str | Path) else "The snapshot"
            hint = "gateway.snapshot(path, alarm_settings=True) reads them of the plant."
            raise ConfigurationError(f"{name} has no limits and priorities of alarms", hint=hint)
    were = old.attributes[old.attributes["is_alarm"]].drop_duplicates("tag").set_index("tag")
    are = new.attributes[new.attributes["is_alarm"]].drop_duplicates("tag").set_index("tag")
    both = are.index.intersection(were.index, sort=False)
    parts, unknown = [], 0
    for what in SETTINGS:
        was, now = were.loc[both, what], are.loc[both, what]
        unknown += int((was.isna() != now.isna()).sum())
        rows = both[((was != now) & was.notna() & now.notna()).to_numpy()]
        part = pd.DataFrame({"tag": rows.astype("str"), "what": what}, index=range(len(rows)))
        area = are.loc[rows, "area"].astype("str").to_numpy()
        parts.append(part.assign(area=area, before=was[rows].to_numpy(), after=now[rows].to_numpy()))
    found = pd.concat(parts, ignore_index=True)[["tag", "area", "what", "before", "after"]]
    found = found.astype({"tag": "str", "area": "str", "what": "str"})
    found.attrs = {"before": old.deployed, "after": new.deployed, "not_known": unknown}
    return found


def settings_of(old: Snapshot, new: Snapshot) -> list[str]:
    """The settings of alarms that both snapshots have."""
    return [name for name in SETTINGS if name in old.attributes and name in new.attributes]


def load(state: Snapshot | str | Path) -> Snapshot:
    """The snapshot, read when it is a file."""
    return state if isinstance(state, Snapshot) else Snapshot.read(state)


def within(attributes: pd.DataFrame, objects: set[str]) -> pd.DataFrame:
    """The attributes of some objects."""
    categories = attributes["object"].cat.categories
    wanted = np.append(categories.isin(list(objects)), False)
    return attributes[wanted[attributes["object"].cat.codes.to_numpy()]]


def compared(old: pd.DataFrame, new: pd.DataFrame, key: str, facts: tuple[str, ...]) -> pd.DataFrame:
    """One row a difference: `key`, `change`, `what`, `before`, `after`."""
    old, new = (table.drop_duplicates(key).set_index(key) for table in (old, new))
    parts = [
        listed(old.index.difference(new.index, sort=False), "removed"),
        listed(new.index.difference(old.index, sort=False), "added"),
    ]
    both = new.index.intersection(old.index, sort=False)
    earlier, later = old.loc[both], new.loc[both]
    parts += [changes(earlier[fact], later[fact], fact) for fact in facts]
    return pd.concat(parts, ignore_index=True)


def changes(earlier: pd.Series[Any], later: pd.Series[Any], fact: str) -> pd.DataFrame:
    """One row for each of the same names whose fact is another now."""
    was, now = (column.astype(object).to_numpy() for column in (earlier, later))
    # A setting that is not known is not another one.
    unknown = pd.isna(was) | pd.isna(now) if fact in SETTINGS else pd.isna(was) & pd.isna(now)
    differs = (was != now) & ~unknown
    found = listed(later.index[differs], "changed")
    found["what"], found["before"], found["after"] = fact, texts(was[differs]), texts(now[differs])
    return found


def listed(keys: pd.Index[Any], change: str) -> pd.DataFrame:
    """Names with what happened to them."""
    columns = {"key": keys.astype("str"), "change": change, "what": "", "before": "", "after": ""}
    return pd.DataFrame(columns, index=range(len(keys)))


def texts(values: Any) -> list[str]:
    """Values as a person reads them; a missing one is empty."""
    return [
        "" if pd.isna(value) else exact(value) if type(value) is float else str(value) for value in values
    ]


def object_rows(found: pd.DataFrame, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """The differences of objects in the result's columns."""
    for change, column, table in (("removed", "before", old), ("added", "after", new)):
        counts = table.drop_duplicates("tag_name").set_index("tag_name")["attributes"]
        rows = found["change"] == change
        found.loc[rows, column] = [counted(counts[key], "attribute") for key in found.loc[rows, "key"]]
    return shaped(found.assign(kind="object", object=found["key"], attribute=""))


def attribute_rows(found: pd.DataFrame, old: Snapshot, new: Snapshot) -> pd.DataFrame:
    """The differences of attributes in the result's columns."""
    tables = [table[table["tag"].isin(found["key"])] for table in (old.attributes, new.attributes)]
    # As text: categoricals of different names, or of none, are not put together alike by every pandas.
    named = pd.concat([table[["tag", "object", "attribute"]].astype("str") for table in tables])
    named = named.drop_duplicates("tag").set_index("tag").reindex(found["key"])
    columns = {name: named[name].to_numpy() for name in ("object", "attribute")}
    return shaped(found.assign(kind="attribute", **columns))


def shaped(found: pd.DataFrame) -> pd.DataFrame:
    """The result's columns, all of them text."""
    return found[list(COLUMNS)].astype("str")
