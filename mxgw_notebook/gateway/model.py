"""The galaxy as two DataFrames, loaded once a deploy, and the questions asked of them."""

from __future__ import annotations

import difflib
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.client import GalaxyRepositoryClient
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import galaxy_frames, glob_regex, is_glob


class GalaxyModel:
    """The plant's model. Every answer is a new DataFrame; changing it changes nothing here."""

    def __init__(self, client: GalaxyRepositoryClient) -> None:
        self._client = client
        self._deployed: datetime | None = None
        self._frames: tuple[pd.DataFrame, pd.DataFrame] | None = None

    async def load(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Objects and attributes, loaded again when something was deployed since."""
        deployed = await self._client.get_last_deploy_time()
        if self._frames is None or deployed != self._deployed:
            self._frames = galaxy_frames(await self._client.hierarchy_columns())
            self._deployed = deployed
            for frame in self._frames:
                frame.attrs = {"endpoint": self._client.options.target, "deployed": str(deployed)}
        return self._frames

    async def objects(self, pattern: str | None, **filters: Any) -> pd.DataFrame:
        """The objects that match; see `Gateway.objects`."""
        objects, _ = await self.load()
        return narrowed(objects, "tag_name", pattern, filters)

    async def attributes(self, pattern: str | None, **filters: Any) -> pd.DataFrame:
        """The attributes that match; see `Gateway.attributes`."""
        _, attributes = await self.load()
        return narrowed(attributes, "tag", pattern, filters)

    async def attribute(self, tag: str) -> dict[str, Any]:
        """What the galaxy says of a tag, by column of `attributes`; empty where it does not know the tag."""
        _, attributes = await self.load()
        found = attributes[attributes["tag"].str.lower() == tag.lower()]
        return {str(name): value for name, value in found.iloc[0].items()} if len(found) else {}

    def similar(self, tag: str) -> list[str]:
        """Tags spelt much like one that does not exist; none before the galaxy was loaded."""
        if self._frames is None:
            return []
        tags = self._frames[1]["tag"]
        folded = {known.lower(): known for known in tags}
        return [folded[near] for near in difflib.get_close_matches(tag.lower(), folded, n=3, cutoff=0.75)]


def narrowed(frame: pd.DataFrame, name: str, pattern: str | None, filters: dict[str, Any]) -> pd.DataFrame:
    """The rows that match the pattern and every filter that is given."""
    chosen = pd.Series(True, index=frame.index)
    if pattern:
        chosen &= matching(frame[name], pattern)
    for column, wanted in filters.items():
        if wanted is None:
            continue
        if column == "template" and "template_chain" in frame:
            chosen &= frame["template_chain"].astype("str").str.contains(str(wanted), case=False, regex=False)
        elif isinstance(wanted, bool):
            chosen &= frame[column] == wanted
        else:
            chosen &= matching(frame[column], str(wanted))
    return frame[chosen].reset_index(drop=True)


def matching(names: pd.Series[Any], pattern: str) -> pd.Series[Any]:
    """Which names match: a glob (* and ?, anchored) or words that all occur, in any order; never by case."""
    values = names.astype("category").array if len(names) else pd.Categorical([])
    categories = pd.Series(values.categories, dtype="str").str.lower()
    if is_glob(pattern):
        found = categories.str.fullmatch(glob_regex(pattern))
    else:
        found = pd.Series(True, index=categories.index)
        for word in pattern.lower().split():
            found &= categories.str.contains(word, regex=False)
    # A missing name has the code -1, and so takes the last entry.
    accepted = np.append(found.to_numpy(dtype=bool), False)
    return pd.Series(accepted[values.codes], index=names.index)


def check_pattern(pattern: str) -> None:
    """Refuses an empty pattern, which would list the whole plant by mistake."""
    if not pattern.strip():
        raise ConfigurationError("No pattern given", hint="Give a glob such as *Pump*.Speed, or words.")
