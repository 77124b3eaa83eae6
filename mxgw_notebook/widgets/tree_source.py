"""What a galaxy tree asks of the layer that feeds it: plain rows, no pandas, no gateway."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

AREA, OBJECT, TEMPLATE, ATTRIBUTE = "area", "object", "template", "attribute"


@dataclass(slots=True)
class TreeRows:
    """The children of one node, a list a column, in the order they are shown.

    `about` is what stands beside the name: an object's template, an attribute's data type. `tag` is a tag or
    tag name where the label is none. `marks` has A for an alarm, H for a historized attribute, of an object
    for one with such; `security` is a classification, empty for objects.
    """

    key: list[str] = field(default_factory=list)
    label: list[str] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    more: list[bool] = field(default_factory=list)
    tag: list[str] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    security: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.key)

    def __add__(self, other: TreeRows) -> TreeRows:
        return TreeRows(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})

    def as_columns(self) -> dict[str, list[Any]]:
        """The columns as they travel."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an action: `text` to put somewhere, `values` by tag to show, `notice` for the user."""

    text: str = ""
    values: list[tuple[str, str, str]] = field(default_factory=list)
    notice: str = ""


class TreeSource(Protocol):
    """Where a tree's nodes come from. Everything runs on the loop thread."""

    @property
    def views(self) -> Sequence[str]:
        """The views there are, in order; the first is shown."""

    async def children(self, view: str, key: str, text: str) -> TreeRows:
        """The children of a node, of the root for the key "", narrowed to what a filter's text fits."""


class TreeActions(Protocol):
    """What can be done with a selection."""

    def select(self, keys: Sequence[str]) -> None:
        """These nodes are selected now."""

    async def act(self, action: str) -> Outcome:
        """Does `copy`, `code`, `read` or `watch` with the selection."""


class Starter(Protocol):
    """Runs coroutines on the loop thread."""

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Runs a coroutine without waiting for it."""
