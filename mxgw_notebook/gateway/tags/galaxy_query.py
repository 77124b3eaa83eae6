"""A question to the galaxy that means tags, as a value that is kept: after a deploy it is asked again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway.model import GalaxyModel, check_pattern
from mxgw_notebook.gateway.tags.naming import check_meant

FIND: Final = "find"
# What narrows it, as `Gateway.find` calls it, and the column that is looked at.
TEXTS: Final = {
    "template": "template", "area": "area", "path": "path", "data_type": "data_type", "security": "security",
}  # fmt: skip
TRUTHS: Final = {"historized": "is_historized", "alarm": "is_alarm", "array": "is_array"}
HINT: Final = 'Give what find takes: query="Pump*.Speed", or query={"find": "level", "historized": True}.'


@dataclass(frozen=True, slots=True)
class GalaxyQuery:
    """What `Gateway.find` is asked: a pattern, empty for none, and what narrows it."""

    find: str = ""
    filters: tuple[tuple[str, str | bool], ...] = ()

    def __str__(self) -> str:
        said = {**({FIND: self.find} if self.find else {}), **dict(self.filters)}
        return f"{{ {', '.join(f'{name} = {json.dumps(value)}' for name, value in said.items())} }}"

    async def tags(self, model: GalaxyModel) -> list[str]:
        """The tags that it means now. Raises ConfigurationError for none, and for more than anybody means."""
        columns = TEXTS | TRUTHS
        found = await model.attributes(
            self.find or None, **{columns[name]: value for name, value in self.filters}
        )
        if not len(found):
            raise ConfigurationError(f"No tag matches {self}", hint="Look names up: {find}.")
        check_meant(len(found), str(self))
        return [str(tag) for tag in found["tag"]]


def query_given(query: str | Mapping[str, Any] | None) -> GalaxyQuery | None:
    """A query as a person gives it, or as a watch list says it; None for none.

    Raises ConfigurationError for what asks nothing, or is not understood.
    """
    if query is None:
        return None
    said = {FIND: query} if isinstance(query, str) else dict(query)
    for name, value in said.items():
        if not is_filter(name, value):
            raise ConfigurationError(f"A query has no {name} = {value!r:.80}", hint=HINT)
    pattern = said.pop(FIND, "")
    if pattern or not said:
        check_pattern(pattern)
    return GalaxyQuery(pattern, tuple(said.items()))


def is_filter(name: object, value: object) -> bool:
    """Whether a name and a value are of a query."""
    if name == FIND or name in TEXTS:
        return isinstance(value, str)
    return name in TRUTHS and isinstance(value, bool)
