"""What can be asked of a galaxy, whether a gateway serves it or a file holds it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import pandas as pd

from mxgw_notebook.analysis import Snapshot, alarm_changes, diff, save_table
from mxgw_notebook.client import checks_all_arguments, text_given
from mxgw_notebook.errors import ConfigurationError, GatewayError, NotConnectedError
from mxgw_notebook.gateway.blocking import Runner, blocking
from mxgw_notebook.gateway.galaxy.alarm_settings import MOST_UNASKED, with_settings
from mxgw_notebook.gateway.galaxy.completing import Completing
from mxgw_notebook.gateway.galaxy.instances import Instances
from mxgw_notebook.gateway.galaxy.tree_frames import FrameTree
from mxgw_notebook.gateway.model import GalaxyModel, check_pattern
from mxgw_notebook.gateway.plant_named import names_its_plant
from mxgw_notebook.globs import folded
from mxgw_notebook.profiles import Profile

if TYPE_CHECKING:
    from mxgw_notebook.gateway.galaxy.browser import Browser, LiveValues, SelectableTree


class ObjectFilters(TypedDict, total=False):
    """What narrows `objects` beside its pattern and template."""

    area: str | None
    category: str | None
    path: str | None


class AttributeFilters(TypedDict, total=False):
    """What narrows `attributes` beside its pattern."""

    template: str | None
    area: str | None
    path: str | None
    data_type: str | None
    security: str | None
    historized: bool | None
    alarm: bool | None
    array: bool | None


@names_its_plant
@checks_all_arguments
class Explorer(ABC):
    """The questions about the plant's model. Every method blocks until it has its answer."""

    def __init__(self, runner: Runner, model: GalaxyModel, live: LiveValues | None = None) -> None:
        self.runner = runner
        self._model, self._live = model, live

    @property
    @abstractmethod
    def endpoint(self) -> str:
        """Where the galaxy comes from: host:port, or a file."""

    profile: Profile | None = None

    @property
    def plant(self) -> str:
        """The plant's name in tables."""
        return self.endpoint

    @cached_property
    def completing(self) -> Completing:
        """Completes names while you type."""
        alarms = None if self._live is None else self._live.alarms
        return Completing(self.runner, self._model, alarms)

    def read(self, *tags: Any, **settings: Any) -> pd.DataFrame:
        """The present values; a saved galaxy has none, and raises NotConnectedError."""
        del tags, settings
        raise self._no_plant()

    def _read_whole(self, tags: Sequence[str], *, timeout: float) -> pd.DataFrame:
        """The present values, all in the column `value`, whatever their kinds."""
        return self.read(tags, timeout=timeout)

    def _no_plant(self) -> NotConnectedError:
        return NotConnectedError(f"{self.endpoint} has no live values")

    @abstractmethod
    def _check(self) -> None:
        """Raises when nothing can be asked any more."""

    @blocking
    async def objects(
        self,
        pattern: str | None = None,
        *,
        template: str | None = None,
        area: str | None = None,
        category: str | None = None,
        path: str | None = None,
    ) -> pd.DataFrame:
        """The objects of the galaxy, one row each, in the galaxy's order.

        Columns: `tag_name`, `contained_name`, `browse_name` (contained name, else tag name), `path` (browse
        names from the root, with slashes), `parent`, `area`, `template` (the nearest), `template_chain`
        (nearest first, joined by " < "), `category`, `depth` (0 at the root), `hosted_by`, and the counts
        `attributes`, `alarms`, `historized`.

        Args:
            pattern: For tag names: a glob (`*Pump*`), words that must all occur, or a regular expression
                `/.../`. Case does not matter. The other arguments take the same.
            template: A template's name, or a pattern; derived templates are included.
            area: The area's name.
            category: For example `Area`.
            path: The path, e.g. `Utilities/*`.
        """
        self._check()
        return await self._model.objects(pattern, template=template, area=area, category=category, path=path)

    @blocking
    async def attributes(
        self,
        pattern: str | None = None,
        *,
        template: str | None = None,
        area: str | None = None,
        path: str | None = None,
        data_type: str | None = None,
        security: str | None = None,
        historized: bool | None = None,
        alarm: bool | None = None,
        array: bool | None = None,
    ) -> pd.DataFrame:
        """The attributes of the galaxy, one row each; `read` and `watch` take the column `tag`.

        Columns: `tag`, `object`, `attribute`, `data_type`, `is_array`, `array_dimension`, `security`,
        `is_historized`, `is_alarm`, `area`, `template`, `path`. The words of a pattern may also be in the
        path; the best match comes first. Arguments as in `objects`.
        """
        self._check()
        return await self._model.attributes(
            pattern,
            template=template,
            area=area,
            path=path,
            data_type=data_type,
            security=security,
            is_historized=historized,
            is_alarm=alarm,
            is_array=array,
        )

    def find(self, pattern: str | None = None, **filters: Unpack[AttributeFilters]) -> pd.DataFrame:
        """Finds attributes by a glob, by words in any order, or by `/regex/`; the best match first.

        Filters are those of `attributes`; with a filter no pattern is needed. Raises ConfigurationError if
        there is neither, if the pattern is empty, or if the regular expression is not valid.
        """
        if pattern is not None or all(wanted is None for wanted in filters.values()):
            check_pattern("" if pattern is None else pattern)
        return self.attributes(pattern, **filters)

    def instances(self, template: str, **filters: Unpack[ObjectFilters]) -> Instances:
        """The objects derived from a template; `.read("Level", "SP")` compares them, one row each.

        Filters are those of `objects`.
        """
        return Instances(template, self.objects(template=template, **filters), self._read_whole)

    @blocking
    async def galaxy(self, *, alarm_settings: bool | None = None) -> Snapshot:
        """Both tables of the galaxy as they are now, to keep, compare and save.

        With `alarm_settings`, each alarm's limit and priority are read from the plant into the attributes'
        columns `limit` and `priority` (float64, NaN if the plant does not tell). By default this is done for
        up to 2,000 alarms; if it fails, the columns are left out.
        """
        self._check()
        known = await self._model.load()
        attributes = await self._with_settings(known.attributes.copy(), alarm_settings)
        return Snapshot(known.objects.copy(), attributes)

    async def _with_settings(self, attributes: pd.DataFrame, wanted: bool | None) -> pd.DataFrame:
        if self._live is None or wanted is False:
            return attributes
        if wanted is None and int(attributes["is_alarm"].sum()) > MOST_UNASKED:
            return attributes
        try:
            return await with_settings(attributes, self._live.read)
        except GatewayError:
            if wanted:
                raise
            return attributes  # what is not asked for must not cost the snapshot

    def snapshot(self, path: str | Path, *, alarm_settings: bool | None = None) -> Path:
        """Saves the galaxy to a Parquet file that `connect` opens without a gateway. Returns the path.

        `alarm_settings` as in `galaxy`; `alarm_changes` needs them to find changed limits. A printed line
        says if the file existed.
        """
        return self.galaxy(alarm_settings=alarm_settings).save(path)

    def save(self, table: pd.DataFrame, path: str | Path, *, by: str | None = None) -> Path:
        """Writes any table as .parquet, .csv or .xlsx; `analysis.read_table` reads back an equal one."""
        return save_table(table, path, by=by)

    def diff(self, before: Snapshot | str | Path, after: Snapshot | str | Path | None = None) -> pd.DataFrame:
        """What was added, removed or changed since a snapshot, or between two; see `analysis.galaxy.diff`."""
        return diff(before, self.galaxy() if after is None else after)

    def alarm_changes(
        self, before: Snapshot | str | Path, after: Snapshot | str | Path | None = None
    ) -> pd.DataFrame:
        """The alarms' limits and priorities that differ from a snapshot; see `analysis.alarm_changes`."""
        return alarm_changes(before, self.galaxy(alarm_settings=True) if after is None else after)

    def browse(self, root: str = "", *, lazy: bool | None = None) -> Browser:
        """The galaxy as a tree: expand, filter, select; `selection` is a DataFrame.

        Args:
            root: Begin at this object (a tag name) instead of the galaxy's root.
            lazy: Fetch each level only when it is opened. Default: only for large galaxies that are not
                loaded yet.
        """
        from mxgw_notebook.gateway.galaxy.browser import Browser

        self._check()
        return Browser(self.runner, self._tree(root, lazy), self._live, self.plant, self.profile)

    @blocking
    async def _tree(self, root: str, lazy: bool | None) -> SelectableTree:
        del lazy
        return await load_tree(self._model, root)


async def load_tree(model: GalaxyModel, root: str) -> FrameTree:
    """The loaded galaxy as a tree. Raises ConfigurationError for a root that is not there."""
    galaxy = await model.load()
    if root:
        text_given(root, "An object's name", "See {objects}.")
    if root and not (galaxy.objects["tag_name"].map(folded) == folded(root)).any():
        raise ConfigurationError(f"The galaxy has no object {root}", hint="See {objects}.")
    return FrameTree(galaxy, root)
